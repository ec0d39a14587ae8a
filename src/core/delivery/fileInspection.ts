import type { Stats } from 'node:fs';
import * as nodeFiles from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { maxDotenvLength, setVariable } from './dotenvText.ts';

/**
 * How a file can be written so that nothing of it is lost.
 *
 * - `create`: it is not there yet
 * - `replace`: by a new file that is renamed over it, so that no crash leaves half of one
 * - `inPlace`: a rename would lose something (another name of the file, its place as a mount, its access list), or the
 *   folder allows none
 */
export type WriteWay = 'create' | 'replace' | 'inPlace';

export type Inspection =
  | {
      readonly ok: true;
      readonly way: WriteWay;
      /** More than 1: the file has other names (hard links), whose content changes with it. */
      readonly names: number;
    }
  /** A sentence for a person. */
  | { readonly ok: false; readonly problem: string };

/** Stands for the value when a write is tried out before the value exists. */
export const standIn = 'eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl';

/** Where a path leads: the file itself when it is a link. The file need not exist. @throws NodeJS.ErrnoException */
export async function realFile(path: string): Promise<string> {
  // Asked of the link itself, so that one which leads nowhere is an error.
  const isThere = await nodeFiles.lstat(path).then(
    () => true,
    () => false,
  );
  return isThere ? nodeFiles.realpath(path) : join(await nodeFiles.realpath(dirname(path)), basename(path));
}

/**
 * Finds out before a value exists whether and how it can be written: permissions, the kind of file, its size, its
 * contents, free space. Nothing is changed.
 *
 * @param path the real one: see `realFile`
 */
export async function inspectFile(
  path: string,
  variable: string,
  platform: NodeJS.Platform = process.platform,
): Promise<Inspection> {
  try {
    const found = await lstatOrUndefined(path);
    const folder = await nodeFiles.stat(dirname(path));
    const { bavail, blocks } = await nodeFiles.statfs(dirname(path));
    if (blocks > 0 && bavail === 0) return { ok: false, problem: describeFileError({ code: 'ENOSPC' }) };
    if (found === undefined) {
      await nodeFiles.access(dirname(path), nodeFiles.constants.W_OK | nodeFiles.constants.X_OK);
      return { ok: true, way: 'create', names: 1 };
    }
    if (!found.isFile()) return { ok: false, problem: 'It is not a file.' };
    // A rename would replace a file that may not be written.
    if ((found.mode & 0o222) === 0) return { ok: false, problem: 'It is read-only.' };
    if (found.size > maxDotenvLength) return { ok: false, problem: 'The file is too large for a .env file.' };
    // Opened for writing, and nothing is written: what forbids it may be more than its mode.
    await (await nodeFiles.open(path, 'r+')).close();
    const tried = setVariable(await nodeFiles.readFile(path), variable, standIn);
    if (!tried.ok) return tried;
    const mayRename =
      platform !== 'win32' && found.nlink === 1 && isRenameAllowed(found, folder) && !(await isMountPoint(path));
    const isFolderWritable = await nodeFiles.access(dirname(path), nodeFiles.constants.W_OK).then(
      () => true,
      () => false,
    );
    return { ok: true, way: mayRename && isFolderWritable ? 'replace' : 'inPlace', names: found.nlink };
  } catch (error) {
    return { ok: false, problem: describeFileError(error, platform) };
  }
}

async function lstatOrUndefined(path: string): Promise<Stats | undefined> {
  try {
    return await nodeFiles.lstat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** In a folder like `/tmp`, only the owner of a file, or of the folder, may rename over it. */
function isRenameAllowed(file: Stats, folder: Stats): boolean {
  const user = process.getuid?.();
  const isSticky = (folder.mode & 0o1000) !== 0;
  return !isSticky || user === undefined || user === 0 || user === file.uid || user === folder.uid;
}

/** Linux: a file that is mounted by itself, as containers do, cannot be renamed over. */
async function isMountPoint(path: string): Promise<boolean> {
  const table = await nodeFiles.readFile('/proc/self/mountinfo', 'utf8').catch(() => '');
  const written = path.replace(/[\\ \t\n]/g, (sign) => `\\${sign.charCodeAt(0).toString(8).padStart(3, '0')}`);
  return table.split('\n').some((line) => line.split(' ')[4] === written);
}

/** The system's messages hold paths, and no help. */
export function describeFileError(error: unknown, platform: NodeJS.Platform = process.platform): string {
  const code = (error as { readonly code?: string }).code ?? 'unknown error';
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return platform === 'win32'
        ? 'Another program has it open, or you have no permission to write there.'
        : 'You have no permission to write there.';
    case 'EBUSY':
    case 'ETXTBSY':
      return 'Another program has it open.';
    case 'EROFS':
      return 'Its file system is read-only.';
    case 'ENOSPC':
    case 'EDQUOT':
      return 'The disk is full.';
    case 'ENOENT':
    case 'ENOTDIR':
      return 'Its folder, or what its link leads to, does not exist.';
    case 'ELOOP':
      return 'It is a link that leads to itself.';
    default:
      return `It cannot be written (${code}).`;
  }
}
