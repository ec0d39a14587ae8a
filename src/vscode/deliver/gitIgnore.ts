import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { withTimeout } from '../../core/base/clock.ts';
import type { GitFiles } from '../../core/git/gitFiles.ts';
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
  files: GitFiles,
  file: string,
  root: string,
): Promise<{ readonly ignoreFile: string; readonly line: string }> {
  const { dirname, join, relative, sep } = files.path;
  // Git does not read one that is a link. What cannot be read is there.
  const isThere = (ignoreFile: string): Promise<boolean> =>
    files.readText(ignoreFile, 'noFollow').then(
      (text) => text !== undefined,
      () => true,
    );
  let folder = dirname(file);
  while (folder !== root && !(await isThere(join(folder, '.gitignore')))) folder = dirname(folder);
  return { ignoreFile: join(folder, '.gitignore'), line: ignoreLine(relative(folder, file), sep) };
}

/** What is appended to a file so that it has one more line, in its own line endings. */
export function lineToAppend(text: string, line: string): string {
  const ending = /\r?\n/.exec(text)?.[0] ?? '\n';
  return `${text === '' || text.endsWith('\n') ? '' : ending}${line}${ending}`;
}
