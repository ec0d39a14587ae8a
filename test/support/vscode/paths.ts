import path from 'node:path';

/** The project's folder. */
export const projectDir = path.resolve(import.meta.dirname, '../../..');

/** Everything that is downloaded or made for tests; ignored by git, never shipped, safe to delete. */
export const workDir = path.join(projectDir, '.vscode-test');
