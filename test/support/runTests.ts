import { inspect } from 'node:util';
import Mocha from 'mocha';

/** What a run of tests tells, one at a time and as it happens, whatever process it runs in. */
export type TestEvent =
  | { type: 'pass'; title: string; ms: number }
  | { type: 'fail'; title: string; error: string }
  /** VS Code's server ended by itself: what follows from it says nothing about the extension. */
  | { type: 'serverDied'; how: string }
  /** All tests were run. A run without it was cut short. */
  | { type: 'end' }
  /** A worker is done with a file, and waits for the next. */
  | { type: 'fileDone' };

/** One test file: its path in the project, and how to load it. */
export interface TestFile {
  file: string;
  load: () => Promise<unknown>;
}

/** How to run tests. */
export interface TestRunOptions {
  timeoutMs: number;
  /** Runs only tests whose title matches. */
  grep: string | undefined;
  rootHooks?: Mocha.RootHookObject;
}

/** Runs test files with mocha, and tells what happens: a file that cannot be loaded is a failure. */
export async function runTests(
  files: readonly TestFile[],
  { timeoutMs, grep, rootHooks }: TestRunOptions,
  tell: (event: TestEvent) => void,
): Promise<void> {
  // The base of mocha's reporters prints nothing.
  const reporter = Mocha.reporters.Base;
  const mocha = new Mocha({ ui: 'bdd', timeout: timeoutMs, reporter, forbidOnly: true, forbidPending: true });
  if (grep !== undefined) mocha.grep(new RegExp(grep));
  if (rootHooks !== undefined) mocha.rootHooks(rootHooks);
  for (const { file, load } of files) {
    // Mocha's own loading would go through require, and give tests other copies of the modules than ours.
    mocha.suite.emit('pre-require', globalThis, file, mocha);
    try {
      await load();
    } catch (error) {
      tell({ type: 'fail', title: `${file} could not be loaded`, error: describeFailure(error) });
    }
  }
  await new Promise<void>((resolve) =>
    tellEvents(
      mocha.run(() => resolve()),
      tell,
    ),
  );
  // Mocha keeps its listeners of the process otherwise, one pair for each file that a worker runs.
  mocha.dispose();
}

function tellEvents(runner: Mocha.Runner, tell: (event: TestEvent) => void): void {
  runner.on('pass', (test) => tell({ type: 'pass', title: test.fullTitle(), ms: test.duration ?? 0 }));
  runner.on('fail', (test, error: unknown) =>
    tell({ type: 'fail', title: test.fullTitle(), error: describeFailure(error) }),
  );
  runner.once('end', () => tell({ type: 'end' }));
}

/** A failure as text: message, difference and stack, as far as there are any. */
export function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return inspect(error);
  const lines = (error.stack ?? error.message).split('\n');
  return lines.filter((line) => !/^\s+at .*(node:internal|node_modules.mocha)/.test(line)).join('\n');
}
