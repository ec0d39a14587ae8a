import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';
import { SetupError } from '../support/vscode/install.ts';
import { workDir } from '../support/vscode/paths.ts';
import { temporaryFolder } from '../support/vscode/temporaryFolder.ts';
import { type HostSuite, bundleHostTests, hostSuites } from './hostTests.ts';

/** The oldest VS Code that the extension supports, or the one that is named: "stable" for the newest. */
const version = process.env['VSCODE_VERSION'] ?? '1.100.3';

/**
 * Runs the host tests in a desktop VS Code: the one named by VSCODE_EXECUTABLE_PATH, or one that is downloaded.
 * Resolves to the exit code: 0 only when all tests were run and passed.
 */
export async function runDesktopTests(): Promise<number> {
  try {
    const executable = await findVSCode();
    let passed = 0;
    let failed = 0;
    for (const suite of hostSuites) {
      const outcome = await runSuite(executable, suite);
      passed += outcome.passed;
      failed += outcome.failed;
    }
    console.log(`${passed} passed, ${failed} failed`);
    return failed === 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(error.message);
    return 1;
  }
}

/** Says what failed, and counts. */
async function runSuite(
  executable: string,
  { stage, files, window }: HostSuite,
): Promise<{ passed: number; failed: number }> {
  const bundle = await bundleHostTests({ files });
  const { env = {}, settings = {} } = (await window?.()) ?? {};
  // A socket's path, which VS Code makes in this folder, may be 107 characters long at most.
  const userDataDir = temporaryFolder('mbt', os.tmpdir());
  mkdirSync(path.join(userDataDir, 'User'), { recursive: true });
  writeFileSync(path.join(userDataDir, 'User', 'settings.json'), JSON.stringify(settings));
  const problem = await runTests({
    vscodeExecutablePath: executable,
    extensionDevelopmentPath: stage(),
    extensionTestsPath: bundle.testsPath,
    extensionTestsEnv: env,
    launchArgs: ['--disable-extensions', '--disable-workspace-trust', '--user-data-dir', userDataDir],
  }).then(
    (code) => (code === 0 ? undefined : `VS Code ended with code ${code}`),
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  const events = bundle.newEvents();
  const passed = events.filter(({ type }) => type === 'pass').length;
  const failures = events.filter((event) => event.type === 'fail');
  for (const { title, error } of failures) console.log(`  ✗ ${title}\n${error.replaceAll(/^/gm, '      ')}`);
  const reason = failures.length > 0 ? undefined : (problem ?? incomplete(events.at(-1)?.type, passed));
  if (reason !== undefined) console.error(`The tests did not come to their end: ${reason}`);
  return { passed, failed: failures.length + (reason === undefined ? 0 : 1) };
}

function incomplete(last: string | undefined, passed: number): string | undefined {
  if (last !== 'end') return 'VS Code ended before all tests were run';
  return passed === 0 ? 'no test was run' : undefined;
}

async function findVSCode(): Promise<string> {
  const chosen = process.env['VSCODE_EXECUTABLE_PATH'];
  if (chosen !== undefined) {
    if (existsSync(chosen)) return chosen;
    throw new SetupError(`VSCODE_EXECUTABLE_PATH names ${chosen}, which does not exist.`);
  }
  try {
    return await downloadAndUnzipVSCode({ version, cachePath: path.join(workDir, 'desktop'), timeout: 30_000 });
  } catch (error) {
    throw new SetupError(
      `VS Code ${version} cannot be downloaded here (${error instanceof Error ? error.message : String(error)}). ` +
        'Set VSCODE_EXECUTABLE_PATH to the program of an installed VS Code, or run "npm test", which needs no download.',
    );
  }
}
