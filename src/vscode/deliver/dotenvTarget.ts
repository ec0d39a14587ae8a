import * as vscode from 'vscode';
import { isDotenvName } from '../../core/delivery/dotenvNames.ts';
import { findDotenvFiles, newDotenvFiles } from '../../core/delivery/findDotenv.ts';
import type { FilePlace, RemoteDotenvPlace } from '../../core/delivery/place.ts';
import { linkOnTheWay } from '../../core/delivery/remoteDotenv.ts';
import { ignoreEntry } from '../../core/git/ignoreEntry.ts';
import type { TokenKind } from '../../core/model/token.ts';
import { type DotenvSite, type SiteOf, siteOf } from './dotenvSite.ts';
import { remoteFiles } from './remoteFiles.ts';
import { withLongProgress } from '../ui/progress.ts';
import { showPickStep } from '../ui/quickInput.ts';
import type { Services } from '../services.ts';
import { askVariable } from './variableName.ts';

const title = 'Deliver to .env';
const otherFile = 'Other File…';
/** The key of the last chosen file in the workspace state. */
const lastFile = 'dotenvFile';

/** A workspace folder and its file system. */
interface OpenFolder {
  readonly path: string;
  readonly uri: vscode.Uri;
  readonly where: SiteOf;
  readonly site: DotenvSite;
}

/** Asks for the file and the variable, and for every confirmation that writing to it needs. */
export async function pickDotenvTarget(services: Services, kind: TokenKind): Promise<FilePlace | undefined> {
  const folder = await pickFolder(services);
  if (folder === undefined) return undefined;
  const path = await pickFile(services, folder);
  if (path === undefined) return undefined;
  const { where, uri, site } = folder;
  const { relative, sep, basename } = site.files.path;
  const isBelow = path.startsWith(folder.path + sep);
  const name = isBelow ? relative(folder.path, path).split(sep).join('/') : basename(path);
  const shown = where.type === 'dotenv' ? name : `${name} on ${uri.authority === '' ? uri.scheme : uri.authority}`;
  const prompt = `The variable’s name in ${shown}. If it is set there, its value is replaced.`;
  const variable = await askVariable(services, kind, { title }, prompt);
  if (variable === undefined) return undefined;
  const target: FilePlace = { ...where, folder: folder.path, path, shown, variable, agreed: [] };
  return (await clearTheWay(services, target)) === undefined ? undefined : target;
}

async function pickFolder(services: Services): Promise<OpenFolder | undefined> {
  const all = vscode.workspace.workspaceFolders ?? [];
  const folders = all.filter(({ uri }) => vscode.workspace.fs.isWritableFileSystem(uri.scheme) !== false);
  const [first] = folders;
  if (first === undefined) {
    void vscode.window.showErrorMessage(
      all.length === 0
        ? 'No folder is open. Open the folder whose .env file the value belongs in, or copy the value instead.'
        : 'The open folder cannot be written to. Copy the value instead.',
    );
    return undefined;
  }
  if (folders.length === 1) return openFolder(services, first.uri);
  const items = folders.map(({ name, uri }) => ({ label: name, description: uri.fsPath, uri }));
  const picked = await showPickStep({ title, items, placeholder: 'In which folder?' });
  return picked.type === 'done' ? openFolder(services, picked.value.uri) : undefined;
}

function openFolder(services: Services, uri: vscode.Uri): OpenFolder {
  const isLocal = uri.scheme === 'file';
  const origin = uri.with({ path: '/', query: '', fragment: '' }).toString();
  const where: SiteOf = isLocal ? { type: 'dotenv' } : { type: 'remoteDotenv', origin };
  return { path: isLocal ? uri.fsPath : uri.path, uri, where, site: siteOf(services, where) };
}

/** Asks for a `.env` file in or below the folder, a new one, or any other file. Returns its path. */
async function pickFile(services: Services, folder: OpenFolder): Promise<string | undefined> {
  const progress = { title: 'Looking for .env files', cancellable: true };
  const found = await withLongProgress(services, progress, async (signal) =>
    findDotenvFiles(await folder.site.searched(folder.path), signal),
  );
  const items: readonly (vscode.QuickPickItem & { readonly name?: string })[] = [
    ...found.map((name) => ({ label: name, name })),
    ...newDotenvFiles(found).map((name) => ({ label: name, description: 'new file', name })),
    { label: otherFile },
  ];
  const last = services.workspaceState.get<string>(lastFile);
  const active = items.find(({ name }) => name === last);
  const picked = await showPickStep({ title, items, active, placeholder: 'Into which file?' });
  if (picked.type !== 'done') return undefined;
  const { name } = picked.value;
  if (name === undefined) return pickOtherFile(folder);
  await services.workspaceState.update(lastFile, name);
  return folder.site.files.path.join(folder.path, name);
}

async function pickOtherFile({ uri: folder, where }: OpenFolder): Promise<string | undefined> {
  const [uri] =
    (await vscode.window.showOpenDialog({
      title: 'Deliver to File',
      openLabel: 'Deliver',
      defaultUri: folder,
    })) ?? [];
  if (uri === undefined) return undefined;
  if (uri.scheme === folder.scheme && uri.authority === folder.authority)
    return where.type === 'dotenv' ? uri.fsPath : uri.path;
  void vscode.window.showErrorMessage(
    where.type === 'dotenv'
      ? 'That file is not on this computer: choose another one.'
      : 'That file is not where the open folder is: choose another one.',
  );
  return undefined;
}

/** The real path of the file to write. Undefined if it cannot be written or the user declines a confirmation. */
export async function clearTheWay(services: Services, target: FilePlace): Promise<string | undefined> {
  const { folder, path, shown, variable } = target;
  const site = siteOf(services, target);
  let file: string;
  let home: string;
  try {
    file = await site.realFile(path);
    home = await site.realFile(folder);
  } catch (error) {
    refuse(shown, site.describeError(error));
    return undefined;
  }
  const inspection = await site.inspect(file, variable);
  if (!inspection.ok) {
    refuse(shown, inspection.problem);
    return undefined;
  }
  if (target.type === 'remoteDotenv' && !(await isRemoteMeant(services, target))) return undefined;
  if (!(await isMeant(target, site, file, home))) return undefined;
  if (inspection.names > 1) {
    const detail = `The file has ${inspection.names} names (hard links): the value is in each of them then, also where git or a backup sees it.`;
    if (!(await agree(target, `names ${file}`, `“${shown}” is a hard link.`, detail, 'Write There'))) return undefined;
  }
  if (!(await isSaved([site.uri(path), site.uri(file)], shown))) return undefined;
  return (await mayGitSee(target, site, file)) ? file : undefined;
}

/** Warns about what VS Code's file systems cannot guarantee: atomic writes, file permissions, resolved links. */
async function isRemoteMeant(services: Services, target: RemoteDotenvPlace): Promise<boolean> {
  const { path, folder, shown, origin } = target;
  const detail =
    'VS Code writes it there. A connection that breaks meanwhile can leave half of the file, which is put back if possible, and a new file can be readable for others. The value is kept here until it has been read back.';
  if (!(await agree(target, `remote ${path}`, `“${shown}” is not on this computer’s disk.`, detail, 'Write There')))
    return false;
  const link = await linkOnTheWay(remoteFiles(services.clock, origin), folder, path);
  if (link === undefined) return true;
  const where = 'Where it leads cannot be found out from here: it may be outside of the folder, where git sees it.';
  return agree(target, `link ${link}`, `“${shown}” is a link, or below one.`, where, 'Write There');
}

/** Asks for a confirmation if the file is outside the folder or not named like a `.env` file. */
async function isMeant(target: FilePlace, site: DotenvSite, file: string, home: string): Promise<boolean> {
  const { path, folder, shown } = target;
  const { basename, sep } = site.files.path;
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

/** Asks for a confirmation, once per target. With a second button, asks twice. */
async function agree(
  { agreed, shown }: FilePlace,
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

/** True if no editor has unsaved changes to the files, or the user saves them: a later save would undo the write. */
async function isSaved(files: readonly vscode.Uri[], shown: string): Promise<boolean> {
  const written = files.map((uri) => uri.toString());
  const unsaved = vscode.workspace.textDocuments.filter(
    ({ uri, isDirty }) => isDirty && written.includes(uri.toString()),
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

/** Whether git ignores the file, or the user accepts the risk where that is unknown. Offers to add an ignore line. */
async function mayGitSee(target: FilePlace, site: DotenvSite, file: string): Promise<boolean> {
  const { shown } = target;
  const { relative } = site.files.path;
  const { status, root = '' } = await site.gitStatus(file);
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
      return addToIgnoreFile(target, site, file, root);
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

async function addToIgnoreFile(target: FilePlace, site: DotenvSite, file: string, root: string): Promise<boolean> {
  const { shown } = target;
  const { ignoreFile, line, isLink } = await ignoreEntry(site.files, file, root);
  const shownIgnoreFile = site.files.path.relative(root, ignoreFile);
  if (isLink) {
    refuse(shown, `Git does not ignore it, and does not read ${shownIgnoreFile}, which is a symbolic link.`);
    return false;
  }
  const choice = await vscode.window.showWarningMessage(
    `Git does not ignore “${shown}”.`,
    { modal: true, detail: `The token could be committed. A line “${line}” in ${shownIgnoreFile} prevents that.` },
    'Add to .gitignore',
  );
  if (choice === undefined || !(await isSaved([site.uri(ignoreFile)], shownIgnoreFile))) return false;
  try {
    await site.appendIgnoreLine(ignoreFile, line);
  } catch (error) {
    refuse(shownIgnoreFile, site.describeError(error));
    return false;
  }
  if ((await site.gitStatus(file)).status === 'ignored') return true;
  refuse(shown, `Git does not ignore it in spite of the line in ${shownIgnoreFile}.`);
  return false;
}
