import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import * as nodeFiles from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type Clock, systemClock, wait } from '../base/clock.ts';
import { isProcessAlive } from '../base/lease.ts';
import type { SharedFolder } from '../base/sharedFolder.ts';
import type { Secret } from '../base/secret.ts';
import { readVariable, setVariable } from './dotenvText.ts';
import { type WriteWay, describeFileError, inspectFile } from './fileInspection.ts';

export type Written =
  | { readonly ok: true }
  /** `problem` is a sentence for the user. The file is unchanged, unless another program has changed it. */
  | { readonly ok: false; readonly problem: string };

/** The file system functions, the platform and the clock; replaced in tests. */
interface FileHost {
  readonly files: Pick<typeof nodeFiles, 'open' | 'rename'>;
  readonly platform: NodeJS.Platform;
  readonly clock: Clock;
}

/** About two seconds in total. */
const attempts = 10;
const pauseMs = 40;

/** Sets variables in `.env` files: by an atomic rename where possible, else in place, and undone when that fails. */
export class DotenvWriter {
  private readonly sharedFolder: SharedFolder;
  private readonly host: FileHost;

  /** @param sharedFolder records the path of each temporary file while it exists, for `sweep` after a crash */
  constructor(sharedFolder: SharedFolder, host: Partial<FileHost> = {}) {
    this.sharedFolder = sharedFolder;
    this.host = { files: nodeFiles, platform: process.platform, clock: systemClock, ...host };
  }

  /**
   * Sets the variable and reads it back. The file keeps its mode, owner, access list and hard links; a new file belongs
   * to the current user.
   *
   * @param path without links: see `realFile`
   */
  async write(path: string, name: string, value: Secret): Promise<Written> {
    const { platform } = this.host;
    const inspection = await inspectFile(path, name, platform);
    if (!inspection.ok) return inspection;
    try {
      const before = await read(path);
      const edited = setVariable(before ?? Buffer.alloc(0), name, value.reveal());
      if (!edited.ok) return edited;
      const isWritten = await this.writeAs(inspection.way, path, edited.content, before);
      const written = isWritten ? await read(path) : undefined;
      return written !== undefined && readVariable(written, name) === value.reveal()
        ? { ok: true }
        : { ok: false, problem: 'Something else changed it in the same moment.' };
    } catch (error) {
      return { ok: false, problem: describeFileError(error, platform) };
    }
  }

  /** Removes temporary files that a crash has left behind: they hold a token's value. */
  async sweep(): Promise<void> {
    for (const record of await this.sharedFolder.list()) {
      const [, pid] = /^(\d+)\.[\w-]+\.temporary$/.exec(record) ?? [];
      if (pid === undefined || isProcessAlive(Number(pid))) continue;
      const path = await this.sharedFolder.read(record);
      // Only files with such a name are removed, even if the record names another one.
      if (path !== undefined && /^\..*\.magicbell-tmp$/.test(basename(path))) await nodeFiles.rm(path, { force: true });
      await this.sharedFolder.remove(record);
    }
  }

  /** False when the file has changed since it was read. */
  private async writeAs(way: WriteWay, path: string, content: Buffer, before: Buffer | undefined): Promise<boolean> {
    if (way === 'inPlace') return this.overwrite(path, content, before);
    const isReplaced = await this.replace(path, content, before);
    return isReplaced ?? this.overwrite(path, content, before);
  }

  /** Writes into the file itself; restores the old content when that fails. */
  private async overwrite(path: string, content: Buffer, before: Buffer | undefined): Promise<boolean> {
    const file = await this.withRetries(() => this.host.files.open(path, 'r+'));
    try {
      const current = await nodeFiles.readFile(path);
      if (before === undefined || !current.equals(before)) return false;
      try {
        await writeWhole(file, content);
      } catch (error) {
        await writeWhole(file, before).catch(() => undefined);
        throw error;
      }
      return true;
    } finally {
      await file.close();
    }
  }

  /** Undefined, with nothing changed, when a new file could not get all attributes of the old one. */
  private async replace(path: string, content: Buffer, before: Buffer | undefined): Promise<boolean | undefined> {
    const id = randomUUID();
    const record = `${process.pid}.${id}.temporary`;
    const temporary = join(dirname(path), `.${id}.magicbell-tmp`);
    await this.sharedFolder.replace(record, temporary);
    try {
      const file = await this.host.files.open(temporary, 'wx', 0o600);
      try {
        await file.writeFile(content);
        await file.sync();
      } finally {
        await file.close();
      }
      const isComplete = before === undefined || (await copyAttributes(path, temporary, this.host.platform));
      const current = await read(path);
      const isUnchanged = current === undefined || before === undefined ? current === before : current.equals(before);
      if (!isUnchanged) return false;
      if (!isComplete) return undefined;
      await this.withRetries(() => this.host.files.rename(temporary, path));
      return true;
    } finally {
      await nodeFiles.rm(temporary, { force: true });
      await this.sharedFolder.remove(record);
    }
  }

  /** Retries on Windows, where a virus scanner or an indexer may have the file open for a moment. */
  private async withRetries<T>(work: () => Promise<T>): Promise<T> {
    const { platform, clock } = this.host;
    for (let attempt = 1; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        const code = (error as NodeJS.ErrnoException).code ?? '';
        const isBusy = platform === 'win32' && ['EPERM', 'EACCES', 'EBUSY'].includes(code);
        if (!isBusy || attempt === attempts) throw error;
        await wait(clock, attempt * pauseMs);
      }
    }
  }
}

/** Replaces the whole content, independent of the file's position. */
async function writeWhole(file: nodeFiles.FileHandle, content: Buffer): Promise<void> {
  for (let at = 0; at < content.length;) {
    const { bytesWritten } = await file.write(content, at, content.length - at, at);
    at += bytesWritten;
  }
  await file.truncate(content.length);
  await file.sync();
}

async function read(path: string): Promise<Buffer | undefined> {
  try {
    return await nodeFiles.readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Copies the owner, mode, access list and extended attributes to a new file. False where that is not possible. */
async function copyAttributes(from: string, to: string, platform: NodeJS.Platform): Promise<boolean> {
  // Node cannot copy access lists and extended attributes. GNU cp can; other implementations reject these options.
  if (platform === 'linux') {
    const args = ['--attributes-only', '--preserve=mode,ownership,xattr', '--', from, to];
    return new Promise((resolve) => execFile('cp', args, { env: {} }, (error) => resolve(error === null)));
  }
  return false;
}
