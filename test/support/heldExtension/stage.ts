import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { stageExtension } from '../vscode/stagedExtension.ts';

/**
 * The built extension, held: VS Code gives its context, API and bundle to the tests, which start and stop it themselves
 * and can put things in its place. The bundle is the one that ships.
 */
export function stageHeldExtension(): string {
  const folder = stageExtension();
  const manifestFile = path.join(folder, 'package.json');
  const manifest = JSON.parse(readFileSync(manifestFile, 'utf8')) as Record<string, unknown>;
  writeFileSync(manifestFile, JSON.stringify({ ...manifest, main: './held.js' }));
  writeFileSync(
    path.join(folder, 'held.js'),
    [
      `import * as vscode from 'vscode';`,
      `import * as product from './dist/extension.js';`,
      `export const activate = (context) => ({ context, vscode, product });`,
    ].join('\n'),
  );
  return folder;
}
