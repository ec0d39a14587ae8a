import { open, readdir, readFile, rename, rm, stat, utimes, mkdir } from 'node:fs/promises';
import { mkdirSync, watch } from 'node:fs';
import { join } from 'node:path';
import type { Disposable } from './disposable.ts';

/**
 * The file operations of the journal and the records. Names are plain file names in one folder, which all windows of
 * this user share.
 */
export interface SharedFolder {
  list(): Promise<readonly string[]>;
  /** Undefined when there is no such file. */
  read(name: string): Promise<string | undefined>;
  /** Replaces the file as a whole: readers see the old text or the new one, even after a power cut. */
  replace(name: string, text: string): Promise<void>;
  /** Creates the file; false when it exists already. Atomic, and so decides between two windows. */
  createExclusively(name: string, text: string): Promise<boolean>;
  /** Sets the file's time. False when it is gone. */
  touch(name: string, at: Date): Promise<boolean>;
  /** The file's time, in milliseconds since 1970. Undefined when there is no such file. */
  modifiedAt(name: string): Promise<number | undefined>;
  remove(name: string): Promise<void>;
  /** Calls back after a change in the folder, by any window. Best effort: calls may be missing or repeated. */
  watch(listener: () => void): Disposable;
}

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

async function undefinedIfMissing<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** A folder on disk, readable by this user only. It is created by the first write. */
export function nodeSharedFolder(folder: string): SharedFolder {
  let temporaryCount = 0;
  const path = (name: string): string => join(folder, name);

  async function write(target: string, text: string, flags: 'w' | 'wx'): Promise<void> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const file = await open(target, flags, 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
  }

  return {
    async list() {
      return (await undefinedIfMissing(readdir(folder))) ?? [];
    },
    read: (name) => undefinedIfMissing(readFile(path(name), 'utf8')),
    async replace(name, text) {
      const temporary = path(`${name}.${process.pid}-${(temporaryCount += 1)}.tmp`);
      try {
        await write(temporary, text, 'w');
        await rename(temporary, path(name));
      } catch (error) {
        await rm(temporary).catch(() => undefined);
        throw error;
      }
      await syncFolder(folder);
    },
    async createExclusively(name, text) {
      try {
        await write(path(name), text, 'wx');
        return true;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
        throw error;
      }
    },
    async touch(name, at) {
      return (await undefinedIfMissing(utimes(path(name), at, at).then(() => true))) ?? false;
    },
    async modifiedAt(name) {
      return (await undefinedIfMissing(stat(path(name))))?.mtimeMs;
    },
    remove: (name) => rm(path(name), { force: true }),
    watch(listener) {
      try {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        const watcher = watch(folder, { persistent: false }, () => listener());
        // The folder was removed. The next start reads it anyway.
        watcher.on('error', () => watcher.close());
        return { dispose: () => watcher.close() };
      } catch {
        // No watcher left on this system, or a read-only folder: changes are seen at the next read.
        return { dispose: () => undefined };
      }
    },
  };
}

/**
 * A rename survives a power cut only when its folder is synced too. Windows cannot and need not do that, and some network
 * disks cannot. The file is replaced in any case, so a failure here is ignored.
 */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  try {
    const handle = await open(folder, 'r');
    await handle.sync().finally(() => handle.close());
  } catch {
    // See above.
  }
}
