import type { Stats } from 'node:fs';
import * as nodeFiles from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { maxDotenvLength, setVariable, tooLarge } from './dotenvText.ts';

/**
 * How a file can be written without losing any of its properties.
 *
 * - `create`: the file does not exist yet
 * - `replace`: a new file is renamed over it, so that a crash cannot leave a half-written one
 * - `inPlace`: a rename would lose something (a hard link, a mount, an access list), or the folder does not allow one
 */
export type WriteWay = 'create' | 'replace' | 'inPlace';

export type Inspection =
  | {
      readonly ok: true;
      readonly way: WriteWay;
      /** The number of hard links; with more than 1, the content changes under the other names, too. */
      readonly names: number;
    }
  /** A sentence for the user. */
  | { readonly ok: false; readonly problem: string };

/** A placeholder of the shape of a token, for checking a write before the value exists. */
export const standIn = 'eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl';

/** Resolves the links of a path. The file need not exist. @throws NodeJS.ErrnoException */
export async function realFile(path: string): Promise<string> {
  // `lstat` does not follow the link, so that a dangling link is an error.
  const isThere = await nodeFiles.lstat(path).then(
    () => true,
    () => false,
  );
  return isThere ? nodeFiles.realpath(path) : join(await nodeFiles.realpath(dirname(path)), basename(path));
}

/**
 * Checks whether and how a value can be written, before it exists: permissions, the kind of file, its size and
 * contents, free space. Changes nothing.
 *
 * @param path without links: see `realFile`
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
    // A rename would succeed on a read-only file.
    if ((found.mode & 0o222) === 0) return { ok: false, problem: 'It is read-only.' };
    if (found.size > maxDotenvLength) return { ok: false, problem: tooLarge };
    // More than the mode can forbid writing, so open the file for writing, without changing it.
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

/** In a sticky folder like `/tmp`, only the owner of the file or of the folder may rename over the file. */
function isRenameAllowed(file: Stats, folder: Stats): boolean {
  const user = process.getuid?.();
  const isSticky = (folder.mode & 0o1000) !== 0;
  return !isSticky || user === undefined || user === 0 || user === file.uid || user === folder.uid;
}

/** On Linux, a file that is a mount of its own, as in containers, cannot be replaced by a rename. */
async function isMountPoint(path: string): Promise<boolean> {
  const table = await nodeFiles.readFile('/proc/self/mountinfo', 'utf8').catch(() => '');
  const written = path.replace(/[\\ \t\n]/g, (sign) => `\\${sign.charCodeAt(0).toString(8).padStart(3, '0')}`);
  return table.split('\n').some((line) => line.split(' ')[4] === written);
}

/** A sentence for the user. The system's own messages contain paths and no advice. */
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
