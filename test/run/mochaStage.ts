// Runs test files with mocha in this process, and tells the parent what happens.
import path from 'node:path';
import { parseArgs } from 'node:util';
import Mocha from 'mocha';
import { describeFailure, tellEvents, type TestEvent } from '../support/testEvents.ts';
import { projectDir } from '../support/vscode/paths.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { grep: { type: 'string' }, timeout: { type: 'string' }, window: { type: 'boolean' } },
});

const tell = (event: TestEvent) => process.send?.(event);
try {
  const mocha = new Mocha({
    ui: 'bdd',
    timeout: Number(values.timeout ?? 10_000),
    // It prints nothing: the parent does.
    reporter: Mocha.reporters.Base,
    forbidOnly: true,
    forbidPending: true,
  });
  if (values.grep !== undefined) mocha.grep(new RegExp(values.grep));
  for (const file of positionals) mocha.addFile(path.join(projectDir, file));
  if (values.window === true) {
    const { pictureOfFailure, deathsOfServers } = await import('../support/vscode/failures.ts');
    mocha.rootHooks(pictureOfFailure);
    process.once('beforeExit', () => {
      for (const how of deathsOfServers()) tell({ type: 'serverDied', how });
    });
  }
  await mocha.loadFilesAsync();
  await new Promise<void>((resolve) =>
    tellEvents(
      mocha.run(() => resolve()),
      tell,
    ),
  );
  setTimeout(() => {
    tell({ type: 'fail', title: positionals.join(', '), error: 'Something keeps the process alive after its tests.' });
    process.exit(1);
  }, 15_000).unref();
} catch (error) {
  tell({ type: 'fail', title: `${positionals.join(', ')} could not be loaded`, error: describeFailure(error) });
}
