import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join, relative, sep } from 'node:path';
import * as vscode from 'vscode';
import { isDotenvName } from '../../core/delivery/dotenvNames.ts';
import { describeFileError, inspectFile, realFile } from '../../core/delivery/fileInspection.ts';
import { type SearchedFolder, findDotenvFiles } from '../../core/delivery/findDotenv.ts';
import type { DotenvPlace } from '../../core/delivery/place.ts';
import { ignoredFolders } from '../../core/git/gitStatus.ts';
import type { TokenKind } from '../../core/model/token.ts';
import { appendIgnoreLine, findGitStatus, ignoreEntry } from './gitIgnore.ts';
import { withLongProgress } from '../ui/progress.ts';
import { showPickStep } from '../ui/quickInput.ts';
import type { Services } from '../services.ts';
import { askVariable } from './variableName.ts';

const title = 'Deliver to .env';
const otherFile = 'Other File…';
/** Where the workspace's state keeps which file was chosen last. */
const lastFile = 'dotenvFile';

/** Asks which file and which variable, and clears out of the way what stands against it. */
export async function pickDotenvTarget(services: Services, kind: TokenKind): Promise<DotenvPlace | undefined> {
  const folder = await pickFolder();
  if (folder === undefined) return undefined;
  const path = await pickFile(services, folder);
  if (path === undefined) return undefined;
  const isBelow = path.startsWith(folder + sep);
  const shown = isBelow ? relative(folder, path).split(sep).join('/') : basename(path);
  const prompt = `The variable’s name in ${shown}. If it is set there, its value is replaced.`;
  const variable = await askVariable(services, kind, { title }, prompt);
  if (variable === undefined) return undefined;
  const target: DotenvPlace = { type: 'dotenv', folder, path, shown, variable, agreed: [] };
  return (await clearTheWay(services, target)) === undefined ? undefined : target;
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

/** A `.env` file of the folder or below, a new one, or any other; its path. */
async function pickFile(services: Services, folder: string): Promise<string | undefined> {
  const found = await findFiles(services, folder);
  const isNew = (name: string): boolean => !found.includes(name);
  const fresh = ['.env', ...(found.length === 0 ? ['.env.local'] : [])].filter(isNew);
  const items: readonly (vscode.QuickPickItem & { readonly name?: string })[] = [
    ...found.map((name) => ({ label: name, name })),
    ...fresh.map((name) => ({ label: name, description: 'new file', name })),
    { label: otherFile },
  ];
  const last = services.workspaceState.get<string>(lastFile);
  const active = items.find(({ name }) => name === last);
  const picked = await showPickStep({ title, items, active, placeholder: 'Into which file?' });
  if (picked.type !== 'done') return undefined;
  const { name } = picked.value;
  if (name === undefined) return pickOtherFile(folder);
  await services.workspaceState.update(lastFile, name);
  return join(folder, name);
}

async function findFiles(services: Services, folder: string): Promise<readonly string[]> {
  const progress = { title: 'Looking for .env files', cancellable: true };
  const isIgnored = await ignoredFolders(await realFile(folder).catch(() => folder), { home: homedir() });
  const searched: SearchedFolder = {
    list: async (below) =>
      (await readdir(join(folder, below), { withFileTypes: true })).map((entry) => ({
        name: entry.name,
        isFolder: entry.isDirectory(),
      })),
    isIgnored: (below) => isIgnored(join(folder, below)),
  };
  return withLongProgress(services, progress, (signal) => findDotenvFiles(searched, signal));
}

async function pickOtherFile(folder: string): Promise<string | undefined> {
  const [uri] =
    (await vscode.window.showOpenDialog({
      title: 'Deliver to File',
      openLabel: 'Deliver',
      defaultUri: vscode.Uri.file(folder),
    })) ?? [];
  if (uri === undefined || uri.scheme === 'file') return uri?.fsPath;
  void vscode.window.showErrorMessage('That file is not on this computer: choose another one.');
  return undefined;
}

/** The real path of the file to write, when nothing stands against it or somebody has agreed; else undefined. */
export async function clearTheWay(services: Services, target: DotenvPlace): Promise<string | undefined> {
  const { folder, path, shown, variable } = target;
  let file: string;
  let home: string;
  try {
    file = await realFile(path);
    home = await realFile(folder);
  } catch (error) {
    refuse(shown, describeFileError(error));
    return undefined;
  }
  const inspection = await inspectFile(file, variable);
  if (!inspection.ok) {
    refuse(shown, inspection.problem);
    return undefined;
  }
  if (!(await isMeant(target, file, home))) return undefined;
  if (inspection.names > 1) {
    const detail = `The file has ${inspection.names} names (hard links): the value is in each of them then, also where git or a backup sees it.`;
    if (!(await agree(target, `names ${file}`, `“${shown}” is a hard link.`, detail, 'Write There'))) return undefined;
  }
  if (!(await isSaved([path, file], shown))) return undefined;
  return (await mayGitSee(services, target, file)) ? file : undefined;
}

/** Whether a file that is elsewhere, or no `.env` file by its name, is the one that was meant. */
async function isMeant(target: DotenvPlace, file: string, home: string): Promise<boolean> {
  const { path, folder, shown } = target;
  if (!isDotenvName(basename(path))) {
    const detail = `A line ${target.variable}=… is set in it or added at its end, as in a .env file.`;
    if (!(await agree(target, `name ${path}`, `“${shown}” is not named like a .env file.`, detail, 'Write There')))
      return false;
  }
  if (file.startsWith(home + sep)) return true;
  const isLink = path.startsWith(folder + sep);
  const detail = `The value would be written to ${file}, which is outside of the folder.`;
  const message = isLink ? `“${shown}” is a link.` : `“${shown}” is outside of the open folder.`;
  return agree(target, `link ${file}`, message, detail, 'Write There');
}

function refuse(shown: string, problem: string): void {
  void vscode.window.showErrorMessage(`“${shown}” cannot be used. ${problem}`);
}

/** A confirmation that is asked for once; with a second button, it takes two. */
async function agree(
  { agreed, shown }: DotenvPlace,
  what: string,
  message: string,
  detail: string,
  button: string,
  second?: string,
): Promise<boolean> {
  if (agreed.includes(what)) return true;
  if ((await vscode.window.showWarningMessage(message, { modal: true, detail }, button)) === undefined) return false;
  if (second !== undefined) {
    const again = `Write the token to “${shown}” all the same?`;
    if ((await vscode.window.showWarningMessage(again, { modal: true, detail }, second)) === undefined) return false;
  }
  agreed.push(what);
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
async function mayGitSee(services: Services, target: DotenvPlace, file: string): Promise<boolean> {
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

async function addToIgnoreFile(services: Services, target: DotenvPlace, file: string, root: string): Promise<boolean> {
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
