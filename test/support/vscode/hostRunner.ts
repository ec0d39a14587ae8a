import { appendFileSync } from 'node:fs';
import { runTests, type TestEvent, type TestFile } from '../runTests.ts';

/** What the bundle carries along for its run. */
export interface HostRunOptions {
  /** Events are appended here, one JSON object a line: a file also tells what was before a crash. */
  eventsFile: string;
  grep: string | undefined;
}

/** Runs tests inside the extension host. @throws when one failed, which VS Code turns into an exit code. */
export async function runInHost(files: readonly TestFile[], { eventsFile, grep }: HostRunOptions): Promise<void> {
  process.setSourceMapsEnabled(true);
  let failed = 0;
  await runTests(files, { timeoutMs: 30_000, grep }, (event: TestEvent) => {
    if (event.type === 'fail') failed += 1;
    appendFileSync(eventsFile, `${JSON.stringify(event)}\n`);
  });
  if (failed > 0) throw new Error(`${failed} failed`);
}
