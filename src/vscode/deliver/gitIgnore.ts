import { appendFile, lstat, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import * as vscode from 'vscode';
import { withTimeout } from '../../core/base/clock.ts';
import { type GitFile, gitStatus, ignoreLine } from '../../core/git/gitStatus.ts';
import type { Services } from '../services.ts';

/** What is used of the API of VS Code's git extension. */
interface GitExtension {
  getAPI(version: 1): {
    getRepository(uri: vscode.Uri): {
      readonly rootUri: vscode.Uri;
      checkIgnore(paths: readonly string[]): Promise<ReadonlySet<string>>;
    } | null;
  };
}

const answerTimeoutMs = 3_000;

/** What git would do with a file: by the git extension where it answers, else by reading what git would read. */
export async function findGitStatus(services: Pick<Services, 'clock'>, file: string): Promise<GitFile> {
  const found = await gitStatus(file, { home: homedir() });
  // Git does not call a tracked file ignored, but neither does it say that it is tracked.
  if (found.root === undefined || found.status === 'tracked') return found;
  const isIgnored = await askGitExtension(services, file, found.root);
  return isIgnored === undefined ? found : { ...found, status: isIgnored ? 'ignored' : 'notIgnored' };
}

/** Undefined when it is not there, does not know the repository, or does not answer. */
async function askGitExtension(
  { clock }: Pick<Services, 'clock'>,
  file: string,
  root: string,
): Promise<boolean | undefined> {
  try {
    const extension = vscode.extensions.getExtension<GitExtension>('vscode.git');
    if (extension?.isActive !== true) return undefined;
    const repository = extension.exports.getAPI(1).getRepository(vscode.Uri.file(file));
    if (repository?.rootUri.fsPath !== root) return undefined;
    const ignored = await withTimeout(clock, answerTimeoutMs, repository.checkIgnore([file]), () => undefined);
    return ignored?.has(file);
  } catch {
    // It is switched off, or git failed.
    return undefined;
  }
}

/** The ignore file that a line for this file belongs into, and the line: the nearest there is, else the root's. */
export async function ignoreEntry(
  file: string,
  root: string,
): Promise<{ readonly ignoreFile: string; readonly line: string }> {
  let folder = dirname(file);
  while (folder !== root && !(await isFile(join(folder, '.gitignore')))) folder = dirname(folder);
  return { ignoreFile: join(folder, '.gitignore'), line: ignoreLine(relative(folder, file)) };
}

/** Appends a line in the file's own line endings. */
export async function appendIgnoreLine(ignoreFile: string, line: string): Promise<void> {
  const text = await readFile(ignoreFile, 'utf8').catch(() => '');
  const ending = /\r?\n/.exec(text)?.[0] ?? '\n';
  await appendFile(ignoreFile, `${text === '' || text.endsWith('\n') ? '' : ending}${line}${ending}`);
}

async function isFile(path: string): Promise<boolean> {
  return lstat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
