// Runs the host tests in a real extension host, and tells the parent what happens.
import { parseArgs } from 'node:util';
import { describeFailure, type TestEvent } from '../support/runTests.ts';
import { SetupError } from '../support/vscode/install.ts';
import { versionUnderTest } from '../support/vscode/server.ts';
import { hostSuites, runHostTests } from './hostTests.ts';

const { values } = parseArgs({ options: { grep: { type: 'string' } } });
const tell = (event: TestEvent) => process.send?.(event);
// Without the parent nobody reads what is told.
process.once('disconnect', () => process.exit(1));
// Listening for that alone would keep this process alive.
process.channel?.unref();

try {
  for (const { stage, files, window } of hostSuites) {
    await runHostTests({
      ...(await window?.()),
      version: versionUnderTest(),
      grep: values.grep,
      extension: stage(),
      files,
      tell,
      say: (line) => console.log(line),
    });
  }
} catch (error) {
  const text = error instanceof SetupError ? error.message : describeFailure(error);
  tell({ type: 'fail', title: 'host tests could not be run', error: text });
}
