import path from 'node:path';
import { bundle } from '../../esbuild.js';
import { stageExtension } from './vscode/stagedExtension.ts';
import { temporaryFolder } from './vscode/temporaryFolder.ts';

type Entry = 'capturedLog' | 'crashing' | 'watchedMemory';

/** Bundles an entry of `test/support` around the extension's own source, as the extension is bundled. Gives its folder. */
export async function bundleEntry(name: Entry): Promise<string> {
  const dist = temporaryFolder(name);
  const entry = path.join(import.meta.dirname, name, 'extension.ts');
  // Names are kept where memory is looked at.
  await bundle(dist, entry, name !== 'watchedMemory');
  return dist;
}

/** The extension's folder with such an entry in the place of its own. */
export const stageEntry = async (name: Entry): Promise<string> => stageExtension(await bundleEntry(name));
