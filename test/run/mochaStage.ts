// Runs test files with mocha in this process, and tells the parent what happens.
import { on } from 'node:events';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { runTests, type TestEvent } from '../support/runTests.ts';
import { projectDir } from '../support/vscode/paths.ts';

/** What the parent asks of a worker: to run a file, or to end. */
type Request = { readonly file: string } | { readonly end: true };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { grep: { type: 'string' }, window: { type: 'boolean' }, worker: { type: 'boolean' } },
});

const tell = (event: TestEvent) => process.send?.(event);
// Without the parent nobody reads what is told.
process.once('disconnect', () => process.exit(1));
const asFile = (file: string) => ({
  file,
  load: (): Promise<unknown> => import(pathToFileURL(path.join(projectDir, file)).href),
});

if (values.worker === true) {
  const { keepProducts, endKeeping } = await import('../support/runningProduct.ts');
  keepProducts();
  for await (const [request] of on(process, 'message') as AsyncIterable<[Request]>) {
    if ('end' in request) break;
    await windowTests([request.file]);
    tell({ type: 'fileDone' });
  }
  await endKeeping();
} else if (values.window === true) await windowTests(positionals);
else await runTests(positionals.map(asFile), { timeoutMs: 30_000, grep: values.grep }, tell);

// Listening for the parent's end alone would keep this process alive.
process.channel?.unref();
setTimeout(() => {
  tell({ type: 'fail', title: positionals.join(', '), error: 'Something keeps the process alive after its tests.' });
  process.exit();
}, 10_000).unref();

async function windowTests(files: readonly string[]): Promise<void> {
  const { pictureOfFailure, deathsOfServers } = await import('../support/vscode/failures.ts');
  const known = deathsOfServers().length;
  await runTests(files.map(asFile), { timeoutMs: 180_000, grep: values.grep, rootHooks: pictureOfFailure }, tell);
  for (const how of deathsOfServers().slice(known)) tell({ type: 'serverDied', how });
}
