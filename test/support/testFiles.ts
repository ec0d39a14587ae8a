import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { projectDir } from './vscode/paths.ts';

/** All test files below a folder of the project, as paths from the project with forward slashes. */
export function testFiles(folder: string): string[] {
  const absolute = path.join(projectDir, folder);
  if (!existsSync(absolute)) return [];
  return readdirSync(absolute, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => path.posix.join(folder, name.replaceAll('\\', '/')))
    .sort();
}
