import { inspect } from 'node:util';

/** What a run of tests tells, one at a time and as it happens, whatever process it runs in. */
export type TestEvent =
  | { type: 'pass'; title: string; ms: number }
  | { type: 'fail'; title: string; error: string }
  /** VS Code's server ended by itself: what follows from it says nothing about the extension. */
  | { type: 'serverDied'; how: string }
  /** All tests were run. A run without it was cut short. */
  | { type: 'end' };

/** Tells the events of a mocha run. */
export function tellEvents(runner: Mocha.Runner, tell: (event: TestEvent) => void): void {
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
