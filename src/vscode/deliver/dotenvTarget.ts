import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import * as vscode from 'vscode';
import { describeFileError, fileProblem, realFile } from '../../core/delivery/dotenvFile.ts';
import type { TokenKind } from '../../core/model/token.ts';
import { appendIgnoreLine, findGitStatus, ignoreEntry } from './gitIgnore.ts';
import { showPickStep } from '../ui/quickInput.ts';
import type { Services } from '../services.ts';
import { askVariable } from './variableName.ts';

/** A variable of a `.env` file to put a value into. */
export interface DotenvTarget {
  readonly folder: string;
  /** As it was chosen: it may be a link. */
  readonly path: string;
  /** The path as people say it. */
  readonly shown: string;
  readonly variable: string;
  /** What was agreed to about it already, so that nobody is asked twice. */
  readonly agreed: Set<string>;
}

const title = 'Deliver to .env';
/** Files that are made to be committed. */
const committed = /\.(example|sample|template|tpl|dist|defaults?|schema|vault)$/i;

/** Asks which file and which variable, and clears out of the way what stands against it. */
export async function pickDotenvTarget(services: Services, kind: TokenKind): Promise<DotenvTarget | undefined> {
  const folder = await pickFolder();
  if (folder === undefined) return undefined;
  const name = await pickFile(folder);
  if (name === undefined) return undefined;
  const prompt = `The variable’s name in ${name}. If it is set there, its value is replaced.`;
  const variable = await askVariable(services, kind, { title }, prompt);
  if (variable === undefined) return undefined;
  const target = { folder, path: join(folder, name), shown: name, variable, agreed: new Set<string>() };
  return (await mayWrite(services, target)) === undefined ? undefined : target;
}

async function pickFolder(): Promise<string | undefined> {
  const all = vscode.workspace.workspaceFolders ?? [];
  const folders = all.filter(({ uri }) => uri.scheme === 'file');
  const [first] = folders;
  if (first === undefined) {
    void vscode.window.showErrorMessage(
      all.length === 0
        ? 'No folder is open. Open the folder whose .env file the value belongs in, or copy the value instead.'
        : 'The open folder is not on this computer’s file system, where a .env file could be written safely. Copy the value instead.',
    );
    return undefined;
  }
  if (folders.length === 1) return first.uri.fsPath;
  const items = folders.map(({ name, uri }) => ({ label: name, description: uri.fsPath, uri }));
  const picked = await showPickStep({ title, items, placeholder: 'In which folder?' });
  return picked.type === 'done' ? picked.value.uri.fsPath : undefined;
}

async function pickFile(folder: string): Promise<string | undefined> {
  const found = (await readdir(folder, { withFileTypes: true }).catch(() => []))
    .filter((entry) => /^\.env(\.|$)/.test(entry.name) && !committed.test(entry.name) && !entry.isDirectory())
    .map(({ name }) => name)
    .sort();
  const isNew = !found.includes('.env');
  if (isNew && found.length === 0) return '.env';
  const items = [
    ...found.map((name) => ({ label: name, description: '' })),
    ...(isNew ? [{ label: '.env', description: 'new file' }] : []),
  ];
  if (items.length === 1) return items[0]?.label;
  const picked = await showPickStep({ title, items, placeholder: 'Into which file?' });
  return picked.type === 'done' ? picked.value.label : undefined;
}

/** The real path of the file to write, when nothing stands against it or somebody has agreed; else undefined. */
export async function mayWrite(services: Services, target: DotenvTarget): Promise<string | undefined> {
  const { folder, path, shown } = target;
  let file: string;
  let home: string;
  try {
    file = await realFile(path);
    home = await realFile(folder);
  } catch (error) {
    refuse(shown, describeFileError(error));
    return undefined;
  }
  const problem = await fileProblem(file);
  if (problem !== undefined) {
    refuse(shown, problem);
    return undefined;
  }
  if (!file.startsWith(home + sep)) {
    const detail = `The value would be written to ${file}, which is outside of the folder.`;
    if (!(await agree(target, `link ${file}`, `“${shown}” is a link.`, detail, 'Write There'))) return undefined;
  }
  if (!(await isSaved([path, file], shown))) return undefined;
  return (await mayGitSee(services, target, file)) ? file : undefined;
}

function refuse(shown: string, problem: string): void {
  void vscode.window.showErrorMessage(`“${shown}” cannot be used. ${problem}`);
}

/** A confirmation that is asked for once; with a second button, it takes two. */
async function agree(
  { agreed, shown }: DotenvTarget,
  what: string,
  message: string,
  detail: string,
  button: string,
  second?: string,
): Promise<boolean> {
  if (agreed.has(what)) return true;
  if ((await vscode.window.showWarningMessage(message, { modal: true, detail }, button)) === undefined) return false;
  if (second !== undefined) {
    const again = `Write the token to “${shown}” all the same?`;
    if ((await vscode.window.showWarningMessage(again, { modal: true, detail }, second)) === undefined) return false;
  }
  agreed.add(what);
  return true;
}

/** True when no editor holds unsaved changes of the file, which a later saving would write over the value. */
async function isSaved(paths: readonly string[], shown: string): Promise<boolean> {
  const unsaved = vscode.workspace.textDocuments.filter(
    ({ uri, isDirty }) => isDirty && uri.scheme === 'file' && paths.includes(uri.fsPath),
  );
  if (unsaved.length === 0) return true;
  const choice = await vscode.window.showWarningMessage(
    `“${shown}” has unsaved changes.`,
    { modal: true, detail: 'Saving them later would undo what is written to the file now.' },
    'Save and Continue',
  );
  if (choice === undefined) return false;
  for (const document of unsaved) {
    if (!(await document.save())) return false;
  }
  return true;
}

/** Whether the value would stay out of git: it does, or nobody can tell and somebody takes it on. */
async function mayGitSee(services: Services, target: DotenvTarget, file: string): Promise<boolean> {
  const { shown } = target;
  const { status, root = '' } = await findGitStatus(services, file);
  switch (status) {
    case 'ignored':
      return true;
    case 'tracked':
      await vscode.window.showErrorMessage(`“${shown}” is tracked by git.`, {
        modal: true,
        detail: `The token would be committed, whatever the ignore files say. Choose another file, or take this one out of git first: git rm --cached ${relative(root, file)}`,
      });
      return false;
    case 'notIgnored':
      return addToIgnoreFile(services, target, file, root);
    case 'noRepository': {
      const detail = 'If the folder is put under git later, or is synchronised or shared, the token goes along.';
      return agree(target, `outside ${file}`, `“${shown}” is in no git repository.`, detail, 'Write Anyway');
    }
    case 'unknown': {
      const detail = 'It may be tracked, and then the token would be committed.';
      const message = `Whether git ignores “${shown}” cannot be found out.`;
      return agree(target, `unknown ${file}`, message, detail, 'Write Anyway…', 'Write the Token');
    }
  }
}

async function addToIgnoreFile(services: Services, target: DotenvTarget, file: string, root: string): Promise<boolean> {
  const { shown } = target;
  const { ignoreFile, line } = await ignoreEntry(file, root);
  const shownIgnoreFile = relative(root, ignoreFile);
  const choice = await vscode.window.showWarningMessage(
    `Git does not ignore “${shown}”.`,
    { modal: true, detail: `The token could be committed. A line “${line}” in ${shownIgnoreFile} prevents that.` },
    'Add to .gitignore',
  );
  if (choice === undefined || !(await isSaved([ignoreFile], shownIgnoreFile))) return false;
  try {
    await appendIgnoreLine(ignoreFile, line);
  } catch (error) {
    refuse(shownIgnoreFile, describeFileError(error));
    return false;
  }
  if ((await findGitStatus(services, file)).status === 'ignored') return true;
  refuse(shown, `Git does not ignore it in spite of the line in ${shownIgnoreFile}.`);
  return false;
}
