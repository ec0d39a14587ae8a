// "npm run reports": each line of what users report has a test, and the test notices when what it is for is broken.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { reportLines, userReports, type Change, type NamedTest, type UserReport } from '../reports/userReports.ts';
import type { TestEvent } from '../support/runTests.ts';
import { projectDir, workDir } from '../support/vscode/paths.ts';
import { temporaryFolder } from '../support/vscode/temporaryFolder.ts';

/** Not copied: the history, downloads, and what is built or installed. */
const leftOut = new Set(['.git', '.vscode-test', 'dist', 'node_modules']);
/** A run that hangs is ended, and has then not told its end. */
const childLimitMs = 5 * 60_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { sample: { type: 'string' }, slow: { type: 'boolean', default: false } },
});

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => process.exit(130));

const problems = problemsOfTable();
const chosen = choose();
const copy = temporaryFolder('reports', path.join(workDir, 'scratch'));
copyProject();
let bites = 0;
for (const report of chosen) {
  const problem = await problemOf(report);
  if (problem === undefined) bites += 1;
  else problems.push(`line ${report.line}: ${problem}`);
  console.log(`${String(report.line).padStart(2)} ${problem === undefined ? 'bites' : 'FAILS'}  ${report.behaviour}`);
}

for (const problem of problems) console.log(`  ✗ ${problem}`);
const byHand = userReports.filter((report) => 'manual' in report).length;
const slow = userReports.filter(isSlow).length;
console.log(`user reports: ${userReports.length} lines, ${bites} bite, ${byHand} by hand, ${slow} slow`);
process.exitCode = problems.length > 0 || chosen.length === 0 ? 1 : 0;

/** What is wrong with the table itself, whatever is chosen from it. */
function problemsOfTable(): string[] {
  const checks = readFileSync(path.join(projectDir, 'docs', 'MANUAL_CHECKS.md'), 'utf8');
  const headings = [...checks.matchAll(/^(?:#+ |\*\*)(.+?)(?:\*\*.*)?$/gm)].map(([, heading]) => heading);
  const lines = Array.from({ length: reportLines }, (_, index) => index + 1);
  const count = (line: number) => userReports.filter((report) => report.line === line).length;
  return [
    ...lines.filter((line) => count(line) !== 1).map((line) => `line ${line}: ${count(line)} entries`),
    ...userReports
      .filter((report) => 'manual' in report && !headings.includes(report.manual))
      .map((report) => `line ${report.line}: its heading is not in docs/MANUAL_CHECKS.md`),
    // Of all of them, so that one that is not run now does not go stale unseen.
    ...userReports
      .filter((report) => 'change' in report && matchesOf(report.change, projectDir) !== 1)
      .map((report) => `line ${report.line}: the text to change is not there exactly once`),
  ];
}

function matchesOf({ file, from }: Change, folder: string): number {
  return readFileSync(path.join(folder, file), 'utf8').split(from).length - 1;
}

function choose(): (UserReport & { test: NamedTest; change: Change })[] {
  const runnable = userReports.filter((report) => 'test' in report).filter((report) => values.slow || !isSlow(report));
  if (positionals.length > 0) return runnable.filter(({ line }) => positionals.includes(String(line)));
  if (values.sample === undefined) return runnable;
  const step = Math.max(1, Math.floor(runnable.length / Number(values.sample)));
  return runnable.filter((_, index) => index % step === 0).slice(0, Number(values.sample));
}

function isSlow(report: UserReport): boolean {
  return 'slow' in report && report.slow;
}

function copyProject(): void {
  for (const name of readdirSync(projectDir)) {
    if (!leftOut.has(name)) cpSync(path.join(projectDir, name), path.join(copy, name), { recursive: true });
  }
  symlinkSync(path.join(projectDir, 'node_modules'), path.join(copy, 'node_modules'));
  // A window needs the VS Code and the browser that were downloaded for tests.
  if (values.slow) symlinkSync(workDir, path.join(copy, '.vscode-test'));
  else mkdirSync(path.join(copy, '.vscode-test'));
}

/** Why the test does not show what it should; undefined when it does. */
async function problemOf(report: UserReport & { test: NamedTest; change: Change }): Promise<string | undefined> {
  const { test, change } = report;
  const file = path.join(copy, change.file);
  const original = readFileSync(file, 'utf8');
  // The table's problems say so already.
  if (matchesOf(change, copy) !== 1) return 'nothing was changed';

  const before = await run(test, isSlow(report));
  if (before.some(({ type }) => type === 'fail') || !before.some(({ type }) => type === 'end')) {
    return `the test fails without the change: ${test.file}`;
  }
  if (!before.some(({ type }) => type === 'pass')) return `no test of this title: ${test.file}`;

  writeFileSync(
    file,
    original.replace(change.from, () => change.to),
  );
  try {
    const after = await run(test, isSlow(report));
    if (after.some((event) => event.type === 'fail' && !isOfTest(event.title, test.title))) {
      return `the change breaks more than the test: ${test.file} cannot be run`;
    }
    if (!after.some(({ type }) => type === 'fail')) return `the change is not noticed by ${test.file}`;
    return undefined;
  } finally {
    writeFileSync(file, original);
  }
}

/** As opposed to a hook, or to a file that could not be loaded. */
function isOfTest(failed: string, title: string): boolean {
  return failed.includes(title) && !/"(before|after) (each|all)" hook/.test(failed);
}

/** Runs the tests whose title holds a text, in the copy, and says what happened. */
async function run(test: NamedTest, inWindow: boolean): Promise<TestEvent[]> {
  if (inWindow && (await codeOf(['esbuild.js'])) !== 0) return [];
  const events: TestEvent[] = [];
  const title = test.title.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  const options = [...(inWindow ? ['--window'] : []), '--grep', title];
  const args = ['--import', 'tsx', 'test/run/mochaStage.ts', ...options, test.file];
  await codeOf(args, (event) => events.push(event));
  return events;
}

async function codeOf(args: readonly string[], tell?: (event: TestEvent) => void): Promise<number | null> {
  const child = spawn(process.execPath, args, { cwd: copy, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  child.on('message', (event) => tell?.(event as TestEvent));
  const limit = setTimeout(() => child.kill('SIGKILL'), childLimitMs);
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(limit);
  return code;
}
