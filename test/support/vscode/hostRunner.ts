import { appendFileSync } from 'node:fs';
import Mocha from 'mocha';
import { describeFailure, tellEvents, type TestEvent } from '../testEvents.ts';

/** One test file: where it is, and how to load it. */
export interface HostTestFile {
  file: string;
  load: () => Promise<unknown>;
}

/** What the bundle carries along for its run. */
export interface HostRunOptions {
  /** Events are appended here, one JSON object a line: a file also tells what was before a crash. */
  eventsFile: string;
  /** Runs only tests whose title matches. */
  grep: string | undefined;
}

/** Runs mocha inside the extension host. @throws when a test failed, which VS Code turns into an exit code. */
export async function runInHost(files: readonly HostTestFile[], { eventsFile, grep }: HostRunOptions): Promise<void> {
  process.setSourceMapsEnabled(true);
  let failed = 0;
  const tell = (event: TestEvent) => {
    if (event.type === 'fail') failed += 1;
    appendFileSync(eventsFile, `${JSON.stringify(event)}\n`);
  };
  const mocha = new Mocha({
    ui: 'bdd',
    timeout: 30_000,
    reporter: Mocha.reporters.Base,
    forbidOnly: true,
    forbidPending: true,
  });
  if (grep !== undefined) mocha.grep(new RegExp(grep));
  for (const { file, load } of files) {
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
  if (failed > 0) throw new Error(`${failed} failed`);
}
