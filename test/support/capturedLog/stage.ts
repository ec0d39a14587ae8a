import path from 'node:path';
import { build } from 'esbuild';
import { options } from '../../../esbuild.js';
import { projectDir } from '../vscode/paths.ts';
import { stageExtension } from '../vscode/stagedExtension.ts';
import { temporaryFolder } from '../vscode/temporaryFolder.ts';

/** The extension's folder with an entry that copies its log to the file that CAPTURED_LOG names. */
export async function stageCapturedLog(): Promise<string> {
  const dist = temporaryFolder('captured-log');
  const entry = path.join(import.meta.dirname, 'extension.ts');
  await build({ ...options(dist, entry), absWorkingDir: projectDir });
  return stageExtension(dist);
}
