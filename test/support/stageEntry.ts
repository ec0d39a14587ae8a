import path from 'node:path';
import { build } from 'esbuild';
import { bundle, webviewOptions } from '../../esbuild.js';
import { projectDir } from './vscode/paths.ts';
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

/** The extension's folder with such an entry in the place of its own, and the pages. */
export async function stageEntry(name: Entry): Promise<string> {
  const dist = await bundleEntry(name);
  await build({ ...webviewOptions(path.join(dist, 'webview')), absWorkingDir: projectDir });
  return stageExtension(dist);
}
