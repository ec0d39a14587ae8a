import path from 'node:path';
import { build } from 'esbuild';
import { options } from '../../esbuild.js';
import { projectDir } from './vscode/paths.ts';
import { stageExtension } from './vscode/stagedExtension.ts';
import { temporaryFolder } from './vscode/temporaryFolder.ts';

/** Bundles an entry of `test/support` around the extension's own source, as the extension is bundled. Gives its folder. */
export async function bundleEntry(name: 'capturedLog' | 'crashing'): Promise<string> {
  const dist = temporaryFolder(name);
  const entry = path.join(import.meta.dirname, name, 'extension.ts');
  await build({ ...options(dist, entry), absWorkingDir: projectDir });
  return dist;
}

/** The extension's folder with such an entry in the place of its own. */
export const stageEntry = async (name: 'capturedLog' | 'crashing'): Promise<string> =>
  stageExtension(await bundleEntry(name));
