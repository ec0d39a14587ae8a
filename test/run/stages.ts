import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { testFiles } from '../support/testFiles.ts';
import { launchBrowser } from '../support/vscode/browser.ts';
import { installVSCode } from '../support/vscode/install.ts';
import { projectDir } from '../support/vscode/paths.ts';
import { packageExtension } from '../support/vscode/vsix.ts';
import { outputOf, type Run, runTestProgram, stopPrograms, type TestSettings } from './programs.ts';
import { Slots } from './slots.ts';
import { TestWorker } from './testWorker.ts';

/** What came of a stage. */
interface Outcome {
  passed: number;
  failed: string[];
}

/** A run that hangs is stopped then and counted as failed. On two quiet cores everything is to end within 12 minutes. */
const totalLimitMs = 40 * 60_000;
/** The host tests, or one file of ui tests, with its windows: two keep two cores busy. Three are 5 % quicker, and less calm. */
const windowTestsAtOnce = 2;
/** It waits for a lease of a minute to run out, and costs little: it runs beside the others. */
const waitingUiFile = 'test/ui/killedBrowser.test.ts';

const testStages = ['unit', 'contract', 'manifest', 'webview', 'run', 'host', 'ui'];
/** Tests with windows that failed once and passed when repeated. */
const unsteady: string[] = [];
/** More files that fail have a common cause. */
let repeatsLeft = 4;
/** Every test that passed, for `--times`. */
const passes: { readonly title: string; readonly ms: number }[] = [];

/**
 * Runs stages, all of them when none is named: `check`, `unit`, `contract`, `manifest`, `webview` (the pages in a browser), `run` (these programs themselves), `host`, `ui`, or `smoke`, which
 * is the tests of host and ui with @smoke in their title. `--times` tells how
 * long each file of ui tests and the slowest tests took, `--newest` takes the newest VS Code instead of the oldest,
 * `--packaged` installs the package into the windows of the ui tests, as a person would, instead of loading the build.
 * Resolves to the exit code.
 */
export async function runStages(args: string[]): Promise<number> {
  const startedAt = Date.now();
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      newest: { type: 'boolean' },
      packaged: { type: 'boolean' },
      grep: { type: 'string' },
      times: { type: 'boolean' },
    },
  });
  const unknown = positionals.find((name) => !['check', 'smoke', ...testStages].includes(name));
  if (unknown !== undefined) {
    console.error(`There is no stage "${unknown}": choose from check, ${testStages.join(', ')}, smoke.`);
    return 2;
  }
  const isSmoke = positionals.includes('smoke');
  let settings: TestSettings = {
    vsix: undefined,
    version: values.newest === true ? 'newest' : 'oldest',
    grep: values.grep ?? (isSmoke ? '@smoke' : undefined),
  };
  const isChosen = (stage: string) =>
    positionals.length === 0 || positionals.includes(stage) || (isSmoke && (stage === 'host' || stage === 'ui'));

  const outcomes: Outcome[] = [];
  const stage = async (name: string, work: () => Promise<Outcome>) => {
    const outcome = await timed(name, work);
    outcomes.push(outcome);
    return outcome.failed.length === 0;
  };
  process.once('exit', stopPrograms);
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => process.exit(130));
  const limit = setTimeout(() => {
    outcomes.push({ passed: 0, failed: [`all stages: not finished after ${totalLimitMs / 60_000} minutes`] });
    stopPrograms();
  }, totalLimitMs);

  const wantsWindow = ['run', 'host', 'ui'].some(isChosen);
  await Promise.all([
    isChosen('check') || isChosen('manifest') || wantsWindow ? stage('build', () => script('build')) : undefined,
    wantsWindow ? prepareWindow(settings) : undefined,
  ]);
  // A bundle that is over its budget is a failure, and yet it can be tested.
  const isBuilt = existsSync(path.join(projectDir, 'dist', 'extension.js'));
  if (isBuilt && values.packaged === true) settings = { ...settings, vsix: await packageExtension() };
  const checks = isChosen('check') ? checkScripts() : [];
  const plain = ['run', 'contract', 'unit', 'webview', 'manifest'].filter(
    (name) => isChosen(name) && (isBuilt || !['manifest', 'run'].includes(name)),
  );
  // Two at a time on two cores, the longest first; windows come after them, since they want both.
  const lanes = new Slots(2);
  await Promise.all([
    ...checks.map((name) => lanes.run(() => stage(name, () => script(name)))),
    ...plain.map((name) => lanes.run(() => stage(name, () => plainTests(name, settings)))),
  ]);
  const windows = new Slots(windowTestsAtOnce);
  await Promise.all([
    isBuilt && isChosen('host') ? stage('host', () => windows.run(() => hostTests(settings))) : undefined,
    isBuilt && isChosen('ui') ? stage('ui', () => uiTests(settings, windows, values.times === true)) : undefined,
  ]);
  if (!isBuilt && wantsWindow) console.log('Not run, because the build failed: manifest, run, host, ui.');
  clearTimeout(limit);
  if (values.times === true) tellSlowest();

  const failed = outcomes.flatMap((outcome) => outcome.failed);
  const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0);
  if (failed.length > 0) console.log(`\nFailed:\n${failed.map((title) => `  ✗ ${title}`).join('\n')}`);
  if (unsteady.length > 0) {
    console.log(`\nPassed only when repeated:\n${unsteady.map((title) => `  ~ ${title}`).join('\n')}`);
  }
  console.log(`\n${seconds(startedAt)} in all`);
  console.log(`${passed} passed, ${failed.length} failed`);
  return failed.length > 0 || (passed === 0 && positionals.some((name) => name !== 'check')) ? 1 : 0;
}

/** The parts of `npm run check`, the longest first, and without the build, which comes before all else here. */
function checkScripts(): string[] {
  const manifest = JSON.parse(readFileSync(path.join(projectDir, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const parts = (manifest.scripts['check'] ?? '').split('&&').map((part) => part.replace('npm run ', '').trim());
  return parts.filter((name) => name !== 'build').sort((a, b) => Number(b === 'lint') - Number(a === 'lint'));
}

async function timed(name: string, work: () => Promise<Outcome>): Promise<Outcome> {
  const startedAt = Date.now();
  const { passed, failed } = await work();
  const isTests = testStages.includes(name);
  const result = isTests ? `${passed} passed, ${failed.length} failed` : failed.length === 0 ? 'ok' : 'FAILED';
  console.log(`${name.padEnd(14)} ${result.padEnd(24)} ${seconds(startedAt)}`);
  return { passed, failed: failed.map((title) => `${name}: ${title}`) };
}

function seconds(since: number): string {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}

/** Installs what the windows need while other things go on; a failure shows in the stage that needs it. */
async function prepareWindow({ version }: TestSettings): Promise<void> {
  const say = (line: string) => console.log(line);
  try {
    await installVSCode(version, say);
    await (await launchBrowser(say)).close();
  } catch {
    // The stages themselves say what is wrong.
  }
}

/** A script of package.json: its output is shown only when it fails. */
async function script(name: string): Promise<Outcome> {
  const { code, output } = await outputOf('npm', ['run', '--silent', name]);
  if (code === 0) return { passed: 0, failed: [] };
  console.log(output.trim());
  return { passed: 0, failed: [`npm run ${name}`] };
}

async function plainTests(folder: string, settings: TestSettings): Promise<Outcome> {
  return countOnce(await mochaRun(testFiles(`test/${folder}`), [], settings));
}

async function hostTests(settings: TestSettings): Promise<Outcome> {
  const run = () => runTestProgram(['test/run/hostStage.ts', ...grepOf(settings)], settings);
  return repeatable('host tests', settings, run, run);
}

async function uiTests(settings: TestSettings, windows: Slots, isTimed: boolean): Promise<Outcome> {
  // The largest first: a long one at the end would leave a core idle.
  const files = testFiles('test/ui').sort((a, b) => sizeOf(b) - sizeOf(a));
  const all: Outcome = { passed: 0, failed: [] };
  const times: (readonly [string, number])[] = [];
  const test = async (file: string, first: () => Promise<Run>) => {
    const startedAt = Date.now();
    const outcome = await repeatable(file, settings, first, () => mochaRun([file], ['--window'], settings));
    times.push([file, Date.now() - startedAt]);
    all.passed += outcome.passed;
    all.failed.push(...outcome.failed);
  };
  const queue = files.filter((file) => file !== waitingUiFile);
  const work = async () => {
    const worker = new TestWorker(settings, ['test/run/mochaStage.ts', ...grepOf(settings)]);
    const next = async (): Promise<boolean> => {
      const file = queue.shift();
      if (file === undefined) return false;
      await test(file, () => worker.run(file));
      return true;
    };
    while (await windows.run(next));
    all.failed.push(...failuresOf(await worker.end()));
  };
  const alone = files.includes(waitingUiFile)
    ? test(waitingUiFile, () => mochaRun([waitingUiFile], ['--window'], settings))
    : undefined;
  await Promise.all([alone, ...Array.from({ length: windowTestsAtOnce }, work)]);
  times.sort(([, a], [, b]) => b - a);
  if (isTimed) for (const [file, ms] of times) console.log(`  ${(ms / 1000).toFixed(1).padStart(6)} s  ${file}`);
  return atLeastOne(all);
}

function sizeOf(file: string): number {
  return statSync(path.join(projectDir, file)).size;
}

/**
 * A run with windows depends on a browser and a server that are not ours: one that failed is repeated once, in new ones.
 * What fails twice has failed; what passed only then is named, since it is a fault to find.
 */
async function repeatable(
  what: string,
  settings: TestSettings,
  work: () => Promise<Run>,
  again: () => Promise<Run>,
): Promise<Outcome> {
  const asOutcome = (run: Run) => (settings.grep === undefined || what === 'host tests' ? countOnce(run) : count(run));
  const first = await work();
  const failures = failuresOf(first);
  if (failures.length === 0 || repeatsLeft-- <= 0) return asOutcome(first);
  const death = first.events.find((event) => event.type === 'serverDied');
  if (death !== undefined) console.log(`  VS Code's server died (${death.how.split('\n')[0] ?? ''}).`);
  console.log(`  Repeating ${what} once.`);
  const second = asOutcome(await again());
  const still = new Set(second.failed);
  unsteady.push(...failures.filter((title) => !still.has(title)).map((title) => `${what}: ${title}`));
  return second;
}

function mochaRun(files: readonly string[], args: readonly string[], settings: TestSettings): Promise<Run> {
  if (files.length === 0) return Promise.resolve({ events: [], problem: undefined });
  return runTestProgram(['test/run/mochaStage.ts', ...args, ...grepOf(settings), ...files], settings);
}

function grepOf({ grep }: TestSettings): string[] {
  return grep === undefined ? [] : ['--grep', grep];
}

function failuresOf({ events, problem }: Run): string[] {
  const failed = events.filter((event) => event.type === 'fail').map((event) => event.title);
  return problem === undefined ? failed : [...failed, problem];
}

function count(run: Run): Outcome {
  const passed = run.events.filter((event) => event.type === 'pass');
  passes.push(...passed);
  return { passed: passed.length, failed: failuresOf(run) };
}

function tellSlowest(): void {
  const slowest = passes.sort((a, b) => b.ms - a.ms).slice(0, 40);
  for (const { title, ms } of slowest) console.log(`  ${(ms / 1000).toFixed(1).padStart(6)} s  ${title}`);
}

function countOnce(run: Run): Outcome {
  return atLeastOne(count(run));
}

/** Nothing run is a failure: a pattern or a folder is wrong. */
function atLeastOne(outcome: Outcome): Outcome {
  return outcome.passed + outcome.failed.length > 0 ? outcome : { passed: 0, failed: ['no test was found'] };
}
