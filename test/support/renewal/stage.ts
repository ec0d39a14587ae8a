import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { stageExtension } from '../vscode/stagedExtension.ts';

/** The built extension, in windows that several tests can share one after the other. The bundle is the one that ships. */
export async function stageRenewable(): Promise<string> {
  const folder = stageExtension();
  const manifestFile = path.join(folder, 'package.json');
  const manifest = JSON.parse(readFileSync(manifestFile, 'utf8')) as Record<string, unknown>;
  writeFileSync(manifestFile, JSON.stringify({ ...manifest, main: './renewable.js' }));
  await build({
    entryPoints: [path.join(import.meta.dirname, 'extension.ts')],
    outfile: path.join(folder, 'renewal.js'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: ['vscode'],
    logLevel: 'error',
  });
  writeFileSync(
    path.join(folder, 'renewable.js'),
    [
      `import * as product from './dist/extension.js';`,
      `import { renewable } from './renewal.js';`,
      `export const { activate, deactivate } = renewable(product);`,
    ].join('\n'),
  );
  return folder;
}
