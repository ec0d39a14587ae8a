import { randomUUID } from 'node:crypto';
import * as nodeFiles from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isProcessAlive } from '../base/lease.ts';
import type { SharedFolder } from '../base/sharedFolder.ts';
import type { Secret } from '../base/secret.ts';
import { readVariable, setVariable } from './dotenvText.ts';

export type Written =
  | { readonly ok: true }
  /** A sentence for a person; the file is as it was, or somebody else has changed it. */
  | { readonly ok: false; readonly problem: string };

/** Where a path leads: the file itself when it is a link. The file need not exist. @throws NodeJS.ErrnoException */
export async function realFile(path: string): Promise<string> {
  // Asked of the link itself, so that one which leads nowhere is an error.
  const isThere = await nodeFiles.lstat(path).then(
    () => true,
    () => false,
  );
  return isThere ? nodeFiles.realpath(path) : join(await nodeFiles.realpath(dirname(path)), basename(path));
}

/** Says why the file could not be written. @returns undefined when nothing speaks against it */
export async function fileProblem(path: string): Promise<string | undefined> {
  try {
    const { mode, isFile } = await details(path);
    if (!isFile) return 'It is not a file.';
    // A rename would replace a file that may not be written.
    if (mode !== undefined && (mode & 0o222) === 0) return 'It is read-only.';
    await nodeFiles.access(mode === undefined ? dirname(path) : path, nodeFiles.constants.W_OK);
    return undefined;
  } catch (error) {
    return describeFileError(error);
  }
}

/** Sets variables in `.env` files without ever leaving a half-written one, or a copy of one, behind. */
export class DotenvWriter {
  private readonly sharedFolder: SharedFolder;
  private readonly files: Pick<typeof nodeFiles, 'open' | 'rename'>;

  /** @param sharedFolder where the path of a temporary file stands while there is one, for `sweep` after a crash */
  constructor(sharedFolder: SharedFolder, files: Pick<typeof nodeFiles, 'open' | 'rename'> = nodeFiles) {
    this.sharedFolder = sharedFolder;
    this.files = files;
  }

  /**
   * Sets the variable, and reads it back. The file is replaced as a whole and keeps its mode; a new one is this user's.
   *
   * @param path the real one: see `realFile`
   */
  async write(path: string, name: string, value: Secret): Promise<Written> {
    const problem = await fileProblem(path);
    if (problem !== undefined) return { ok: false, problem };
    try {
      const before = await read(path);
      const edited = setVariable(before ?? Buffer.alloc(0), name, value.reveal());
      if (!edited.ok) return edited;
      const isReplaced = await this.replace(path, edited.content, before);
      const written = isReplaced ? await read(path) : undefined;
      return written !== undefined && readVariable(written, name) === value.reveal()
        ? { ok: true }
        : { ok: false, problem: 'Something else changed it in the same moment.' };
    } catch (error) {
      return { ok: false, problem: describeFileError(error) };
    }
  }

  /** Removes temporary files that a crash has left: they hold what was to be delivered. */
  async sweep(): Promise<void> {
    for (const record of await this.sharedFolder.list()) {
      const [, pid] = /^(\d+)\.[\w-]+\.temporary$/.exec(record) ?? [];
      if (pid === undefined || isProcessAlive(Number(pid))) continue;
      const path = await this.sharedFolder.read(record);
      // Whatever the record says, nothing but a file of this name is removed.
      if (path !== undefined && /^\..*\.magicbell-tmp$/.test(basename(path))) await nodeFiles.rm(path, { force: true });
      await this.sharedFolder.remove(record);
    }
  }

  /** False when the file is no longer as it was read. */
  private async replace(path: string, content: Buffer, before: Buffer | undefined): Promise<boolean> {
    const id = randomUUID();
    const record = `${process.pid}.${id}.temporary`;
    const temporary = join(dirname(path), `.${id}.magicbell-tmp`);
    const { mode, owner } = await details(path);
    await this.sharedFolder.replace(record, temporary);
    try {
      const file = await this.files.open(temporary, 'wx', 0o600);
      try {
        await file.writeFile(content);
        // Only root may give files away.
        if (owner !== undefined) await file.chown(owner.uid, owner.gid).catch(() => undefined);
        if (mode !== undefined) await file.chmod(mode & 0o7777);
        await file.sync();
      } finally {
        await file.close();
      }
      const current = await read(path);
      const isUnchanged = current === undefined || before === undefined ? current === before : current.equals(before);
      if (isUnchanged) await this.files.rename(temporary, path);
      return isUnchanged;
    } finally {
      await nodeFiles.rm(temporary, { force: true });
      await this.sharedFolder.remove(record);
    }
  }
}

/** Of a file that need not exist. */
async function details(path: string): Promise<{
  readonly isFile: boolean;
  readonly mode?: number;
  readonly owner?: { readonly uid: number; readonly gid: number };
}> {
  try {
    const found = await nodeFiles.lstat(path);
    return { isFile: found.isFile(), mode: found.mode, owner: { uid: found.uid, gid: found.gid } };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { isFile: true };
    throw error;
  }
}

async function read(path: string): Promise<Buffer | undefined> {
  try {
    return await nodeFiles.readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The system's messages hold paths, and no help. */
export function describeFileError(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return 'You have no permission to write there.';
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
