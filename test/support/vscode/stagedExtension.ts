import { cpSync, existsSync } from 'node:fs';
import path from 'node:path';
import { SetupError } from './install.ts';
import { projectDir } from './paths.ts';
import { temporaryFolder } from './temporaryFolder.ts';

/**
 * Copies what ships of the extension, so that a build during a test changes nothing under it.
 * @param dist Where its bundle is; the usual build when absent.
 */
export function stageExtension(dist = path.join(projectDir, 'dist')): string {
  if (!existsSync(path.join(dist, 'extension.js'))) {
    throw new SetupError('The extension is not built: run "npm run build" first.');
  }
  const folder = temporaryFolder('extension');
  cpSync(path.join(projectDir, 'package.json'), path.join(folder, 'package.json'));
  cpSync(path.join(projectDir, 'media'), path.join(folder, 'media'), { recursive: true });
  cpSync(dist, path.join(folder, 'dist'), { recursive: true });
  return folder;
}
