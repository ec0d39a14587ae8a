import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { testFiles } from '../support/testFiles.ts';
import type { TestEvent } from '../support/runTests.ts';
import { launchBrowser } from '../support/vscode/browser.ts';
import { installVSCode, type VersionName } from '../support/vscode/install.ts';
import { projectDir } from '../support/vscode/paths.ts';
import { Slots } from './slots.ts';
import { signal } from '../support/vscode/processes.ts';
import { packageExtension } from '../support/vscode/vsix.ts';

/** What came of a stage. */
interface Outcome {
  passed: number;
  failed: string[];
}

interface Settings {
  version: VersionName;
  grep: string | undefined;
  /** The package that windows install; without one they load the build. */
  vsix: string | undefined;
}

/** A run that hangs is stopped then and counted as failed. On two quiet cores everything is to end within 12 minutes. */
const totalLimitMs = 40 * 60_000;
/** The host tests, or one file of ui tests, with its windows: two keep two cores busy. Three are 5 % quicker, and less calm. */
const windowTestsAtOnce = 2;
/** It waits for a lease of a minute to run out, and costs little: it runs beside the others. */
const waitingUiFile = 'test/ui/killedBrowser.test.ts';

const testStages = ['unit', 'contract', 'manifest', 'webview', 'run', 'host', 'ui'];
const running = new Set<ChildProcess>();
/** Tests with windows that failed once and passed when repeated. */
const unsteady: string[] = [];
/** More files that fail have a common cause. */
let repeatsLeft = 4;

/**
 * Runs stages, all of them when none is named: `check`, `unit`, `contract`, `manifest`, `webview` (the pages in a browser), `run` (these programs themselves), `host`, `ui`, or `smoke`, which
 * is the tests of host and ui with @smoke in their title. `--newest` takes the newest VS Code instead of the oldest,
 * `--packaged` installs the package into the windows of the ui tests, as a person would, instead of loading the build.
 * Resolves to the exit code.
 */
export async function runStages(args: string[]): Promise<number> {
  const startedAt = Date.now();
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { newest: { type: 'boolean' }, packaged: { type: 'boolean' }, grep: { type: 'string' } },
  });
  const unknown = positionals.find((name) => !['check', 'smoke', ...testStages].includes(name));
  if (unknown !== undefined) {
    console.error(`There is no stage "${unknown}": choose from check, ${testStages.join(', ')}, smoke.`);
    return 2;
  }
  const isSmoke = positionals.includes('smoke');
  const settings: Settings = {
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
  const stop = () => {
    for (const child of running) if (child.pid !== undefined) signal(-child.pid, 'SIGKILL');
  };
  process.once('exit', stop);
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => process.exit(130));
  const limit = setTimeout(() => {
    outcomes.push({ passed: 0, failed: [`all stages: not finished after ${totalLimitMs / 60_000} minutes`] });
    stop();
  }, totalLimitMs);

  const wantsWindow = ['run', 'host', 'ui'].some(isChosen);
  await Promise.all([
    isChosen('check') || isChosen('manifest') || wantsWindow ? stage('build', () => script('build')) : undefined,
    wantsWindow ? prepareWindow(settings) : undefined,
  ]);
  // A bundle that is over its budget is a failure, and yet it can be tested.
  const isBuilt = existsSync(path.join(projectDir, 'dist', 'extension.js'));
  if (isBuilt && values.packaged === true) settings.vsix = await packageExtension();
  const checks = isChosen('check') ? checkScripts() : [];
  const inOrder = async (names: readonly string[], work: (name: string) => Promise<Outcome>) => {
    for (const name of names) await stage(name, () => work(name));
  };
  // Two lanes for two cores; windows come after them, since they want both.
  await Promise.all([
    inOrder(checks, script),
    inOrder(['unit', 'contract', 'webview', ...(isBuilt ? ['manifest', 'run'] : [])].filter(isChosen), (name) =>
      plainTests(name, settings),
    ),
  ]);
  const windows = new Slots(windowTestsAtOnce);
  await Promise.all([
    isBuilt && isChosen('host') ? stage('host', () => windows.run(() => hostTests(settings))) : undefined,
    isBuilt && isChosen('ui') ? stage('ui', () => uiTests(settings, windows)) : undefined,
  ]);
  if (!isBuilt && wantsWindow) console.log('Not run, because the build failed: manifest, run, host, ui.');
  clearTimeout(limit);

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

/** The parts of `npm run check`, in its order and without the build, which comes first here. */
function checkScripts(): string[] {
  const manifest = JSON.parse(readFileSync(path.join(projectDir, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const parts = (manifest.scripts['check'] ?? '').split('&&').map((part) => part.replace('npm run ', '').trim());
  return parts.filter((name) => name !== 'build');
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
async function prepareWindow({ version }: Settings): Promise<void> {
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
  const { code, output } = await run('npm', ['run', '--silent', name], {});
  if (code === 0) return { passed: 0, failed: [] };
  console.log(output.trim());
  return { passed: 0, failed: [`npm run ${name}`] };
}

async function plainTests(folder: string, settings: Settings): Promise<Outcome> {
  return countOnce(await mochaRun(testFiles(`test/${folder}`), [], settings));
}

async function hostTests(settings: Settings): Promise<Outcome> {
  return repeatable('host tests', settings, () => nodeRun(['test/run/hostStage.ts', ...grepOf(settings)], settings));
}

async function uiTests(settings: Settings, windows: Slots): Promise<Outcome> {
  // The largest first: a long one at the end would leave a core idle.
  const files = testFiles('test/ui').sort((a, b) => sizeOf(b) - sizeOf(a));
  const all: Outcome = { passed: 0, failed: [] };
  const test = async (file: string) => {
    const outcome = await repeatable(file, settings, () => mochaRun([file], ['--window'], settings));
    all.passed += outcome.passed;
    all.failed.push(...outcome.failed);
  };
  await Promise.all(files.map((file) => (file === waitingUiFile ? test(file) : windows.run(() => test(file)))));
  return atLeastOne(all);
}

function sizeOf(file: string): number {
  return statSync(path.join(projectDir, file)).size;
}

/**
 * A run with windows depends on a browser and a server that are not ours: one that failed is repeated once, in new ones.
 * What fails twice has failed; what passed only then is named, since it is a fault to find.
 */
async function repeatable(what: string, settings: Settings, work: () => Promise<Run>): Promise<Outcome> {
  const asOutcome = (run_: Run) =>
    settings.grep === undefined || what === 'host tests' ? countOnce(run_) : count(run_);
  const first = await work();
  const failures = failuresOf(first);
  if (failures.length === 0 || repeatsLeft-- <= 0) return asOutcome(first);
  const death = first.events.find((event) => event.type === 'serverDied');
  if (death !== undefined) console.log(`  VS Code's server died (${death.how.split('\n')[0] ?? ''}).`);
  console.log(`  Repeating ${what} once.`);
  const second = asOutcome(await work());
  const still = new Set(second.failed);
  unsteady.push(...failures.filter((title) => !still.has(title)).map((title) => `${what}: ${title}`));
  return second;
}

interface Run {
  events: TestEvent[];
  /** Why the process did not end well, if so. */
  problem: string | undefined;
}

function mochaRun(files: readonly string[], args: readonly string[], settings: Settings): Promise<Run> {
  if (files.length === 0) return Promise.resolve({ events: [], problem: undefined });
  return nodeRun(['test/run/mochaStage.ts', ...args, ...grepOf(settings), ...files], settings);
}

function grepOf({ grep }: Settings): string[] {
  return grep === undefined ? [] : ['--grep', grep];
}

async function nodeRun(args: readonly string[], { version, vsix }: Settings): Promise<Run> {
  const events: TestEvent[] = [];
  const tell = (event: TestEvent) => {
    events.push(event);
    if (event.type === 'fail') console.log(`  ✗ ${event.title}\n${event.error.replaceAll(/^/gm, '      ')}`);
  };
  const env = { TEST_VSCODE: version, ...(vsix === undefined ? {} : { TEST_VSIX: vsix }) };
  const { code } = await run(process.execPath, ['--import', 'tsx', ...args], env, tell);
  const ended = events.some((event) => event.type === 'end' || event.type === 'fail' || event.type === 'serverDied');
  const problem = code === 0 && ended ? undefined : `the process ended early (${String(code)})`;
  return { events, problem };
}

function failuresOf({ events, problem }: Run): string[] {
  const failed = events.filter((event) => event.type === 'fail').map((event) => event.title);
  return problem === undefined ? failed : [...failed, problem];
}

function count(run_: Run): Outcome {
  return { passed: run_.events.filter((event) => event.type === 'pass').length, failed: failuresOf(run_) };
}

function countOnce(run_: Run): Outcome {
  return atLeastOne(count(run_));
}

/** Nothing run is a failure: a pattern or a folder is wrong. */
function atLeastOne(outcome: Outcome): Outcome {
  return outcome.passed + outcome.failed.length > 0 ? outcome : { passed: 0, failed: ['no test was found'] };
}

/** Runs a program in a process group of its own, with no input. With `tell` its output goes on; else it is kept. */
async function run(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  tell?: (event: TestEvent) => void,
): Promise<{ code: number | string | null; output: string }> {
  const child = spawn(command, args, {
    cwd: projectDir,
    env: { ...process.env, ...env },
    detached: true,
    stdio: tell === undefined ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  running.add(child);
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  if (tell !== undefined) child.on('message', (event) => tell(event as TestEvent));
  const [code, name] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  running.delete(child);
  return { code: code ?? name, output };
}
