// Runs test files with mocha in this process, and tells the parent what happens.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { runTests, type TestEvent } from '../support/runTests.ts';
import { projectDir } from '../support/vscode/paths.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { grep: { type: 'string' }, window: { type: 'boolean' } },
});

const tell = (event: TestEvent) => process.send?.(event);
// Without the parent nobody reads what is told.
process.once('disconnect', () => process.exit(1));
// Listening for that alone would keep this process alive.
process.channel?.unref();
const files = positionals.map((file) => ({
  file,
  load: (): Promise<unknown> => import(pathToFileURL(path.join(projectDir, file)).href),
}));

if (values.window === true) {
  const { pictureOfFailure, deathsOfServers } = await import('../support/vscode/failures.ts');
  await runTests(files, { timeoutMs: 180_000, grep: values.grep, rootHooks: pictureOfFailure }, tell);
  for (const how of deathsOfServers()) tell({ type: 'serverDied', how });
} else {
  await runTests(files, { timeoutMs: 30_000, grep: values.grep }, tell);
}

setTimeout(() => {
  tell({ type: 'fail', title: positionals.join(', '), error: 'Something keeps the process alive after its tests.' });
  process.exit();
}, 10_000).unref();
