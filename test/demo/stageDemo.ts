import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { bundle, webviewOptions } from '../../esbuild.js';
import { projectDir } from '../support/vscode/paths.ts';

/** What the demo connects to. */
export interface DemoConnection {
  apiBaseUrl: string;
  token: string;
  /** Several projects at that address, the first of them with `token`. Absent: one without a name. */
  projects?: readonly { token: string; name: string; isProduction: boolean }[];
}

/**
 * Fills a folder with the extension as a demo: the same manifest and media, and a bundle whose entry connects first.
 * Nothing of it is in what ships.
 */
export async function stageDemo(folder: string, connection: DemoConnection): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(path.join(projectDir, 'package.json'), path.join(folder, 'package.json'));
  cpSync(path.join(projectDir, 'media'), path.join(folder, 'media'), { recursive: true });
  writeFileSync(path.join(folder, 'demo.json'), JSON.stringify(connection), { mode: 0o600 });
  const dist = path.join(folder, 'dist');
  await bundle(dist, 'test/demo/extension.ts', false);
  await build({ ...webviewOptions(path.join(dist, 'webview'), false), absWorkingDir: projectDir });
}
