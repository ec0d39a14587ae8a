import path from 'node:path';
import { build } from 'esbuild';
import { bundle, productOptions, webviewOptions } from '../../esbuild.js';
import { projectDir } from './vscode/paths.ts';
import { stageExtension } from './vscode/stagedExtension.ts';
import { temporaryFolder } from './vscode/temporaryFolder.ts';

type Entry = 'capturedLog' | 'crashing' | 'watchedMemory';

/** Bundles an entry of `test/support` around the extension's own source, as the extension is bundled. Gives its folder. */
export async function bundleEntry(name: Entry): Promise<string> {
  const dist = temporaryFolder(name);
  const entry = path.join(import.meta.dirname, name, 'extension.ts');
  // Names are kept where memory is looked at, which the product itself tells of.
  await bundle(dist, entry, name !== 'watchedMemory');
  if (name === 'watchedMemory')
    await build({ ...productOptions(dist, false), inject: [path.join(import.meta.dirname, name, 'product.ts')] });
  return dist;
}

/** The extension's folder with such an entry in the place of its own, and the pages. */
export async function stageEntry(name: Entry): Promise<string> {
  const dist = await bundleEntry(name);
  await build({ ...webviewOptions(path.join(dist, 'webview')), absWorkingDir: projectDir });
  return stageExtension(dist);
}
