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
  /** A sentence for a person; the file is as it was, or somebody else has changed it. */
  | { readonly ok: false; readonly problem: string };

/** The system that files are written on. */
interface FileHost {
  readonly files: Pick<typeof nodeFiles, 'open' | 'rename'>;
  readonly platform: NodeJS.Platform;
  readonly clock: Clock;
}

/** Together about two seconds. */
const attempts = 10;
const pauseMs = 40;

/** Sets variables in `.env` files without ever leaving a half-written one, or a copy of one, behind. */
export class DotenvWriter {
  private readonly sharedFolder: SharedFolder;
  private readonly host: FileHost;

  /** @param sharedFolder where the path of a temporary file stands while there is one, for `sweep` after a crash */
  constructor(sharedFolder: SharedFolder, host: Partial<FileHost> = {}) {
    this.sharedFolder = sharedFolder;
    this.host = { files: nodeFiles, platform: process.platform, clock: systemClock, ...host };
  }

  /**
   * Sets the variable, and reads it back. The file keeps its mode, its owner, its access list and its other names; a
   * new one is this user's.
   *
   * @param path the real one: see `realFile`
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
  private async writeAs(way: WriteWay, path: string, content: Buffer, before: Buffer | undefined): Promise<boolean> {
    if (way === 'inPlace') return this.overwrite(path, content, before);
    const isReplaced = await this.replace(path, content, before);
    return isReplaced ?? this.overwrite(path, content, before);
  }

  /** Writes into the file itself; when that fails half-way, puts back what was there. */
  private async overwrite(path: string, content: Buffer, before: Buffer | undefined): Promise<boolean> {
    const file = await this.patiently(() => this.host.files.open(path, 'r+'));
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

  /** Undefined when a new file could not be given all that the old one has; nothing is changed then. */
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
      await this.patiently(() => this.host.files.rename(temporary, path));
      return true;
    } finally {
      await nodeFiles.rm(temporary, { force: true });
      await this.sharedFolder.remove(record);
    }
  }

  /** On Windows, a virus scanner or an indexer may have the file open for a moment. */
  private async patiently<T>(work: () => Promise<T>): Promise<T> {
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

/** From the start, whatever was written before. */
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

/** Gives a new file the owner, the mode, the access list and the attributes of another. False where that cannot be done. */
async function copyAttributes(from: string, to: string, platform: NodeJS.Platform): Promise<boolean> {
  // Node has no functions for access lists and attributes. GNU's cp has; any other one refuses these options.
  if (platform === 'linux') {
    const args = ['--attributes-only', '--preserve=mode,ownership,xattr', '--', from, to];
    return new Promise((resolve) => execFile('cp', args, { env: {} }, (error) => resolve(error === null)));
  }
  return false;
}
