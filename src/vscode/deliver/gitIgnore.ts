import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { withTimeout } from '../../core/base/clock.ts';
import { type GitFile, gitStatus } from '../../core/git/gitStatus.ts';
import type { Services } from '../services.ts';

/** The part of the API of VS Code's git extension that is used here. */
interface GitExtension {
  getAPI(version: 1): {
    getRepository(uri: vscode.Uri): {
      readonly rootUri: vscode.Uri;
      checkIgnore(paths: readonly string[]): Promise<ReadonlySet<string>>;
    } | null;
  };
}

const answerTimeoutMs = 3_000;

/** The git status of a file: from VS Code's git extension if it answers, otherwise from git's own files. */
export async function findGitStatus(services: Pick<Services, 'clock'>, file: string): Promise<GitFile> {
  const found = await gitStatus(file, { home: homedir() });
  // `checkIgnore` cannot tell a tracked file from one that is not ignored.
  if (found.root === undefined || found.status === 'tracked') return found;
  const isIgnored = await askGitExtension(services, file, found.root);
  return isIgnored === undefined ? found : { ...found, status: isIgnored ? 'ignored' : 'notIgnored' };
}

/** Undefined if the git extension is not active, does not know the repository, or does not answer. */
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
    // The extension is disabled (`git.enabled`), or git failed.
    return undefined;
  }
}

/** The text that appends a line to a file, with the line ending that the file uses. */
export function lineToAppend(text: string, line: string): string {
  const ending = /\r?\n/.exec(text)?.[0] ?? '\n';
  return `${text === '' || text.endsWith('\n') ? '' : ending}${line}${ending}`;
}
