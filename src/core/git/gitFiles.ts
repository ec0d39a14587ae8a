import { constants } from 'node:fs';
import { lstat, open, readFile, realpath, stat } from 'node:fs/promises';
import * as path from 'node:path';

/** The file system that a repository is read from. */
export interface GitFiles {
  readonly path: Pick<path.PlatformPath, 'join' | 'dirname' | 'basename' | 'relative' | 'resolve' | 'sep'>;
  /** Undefined when nothing has that name. @throws when that cannot be determined */
  kind(file: string): Promise<'file' | 'folder' | undefined>;
  /** Undefined when there is no such file, or a link where links are not followed. @throws when it cannot be read */
  readText(file: string, links?: 'follow' | 'noFollow'): Promise<string | undefined>;
  /** Undefined when there is no such file. @throws when it cannot be read */
  readBytes(file: string): Promise<Buffer | undefined>;
  realPath(file: string): Promise<string>;
  /** False also when that cannot be determined. */
  isLink(file: string): Promise<boolean>;
}

/** The largest configuration or ignore file that is read: parsing a larger one would take too long. */
export const maxGitTextLength = 128 * 1024;

/** This computer's files. */
export const nodeGitFiles: GitFiles = {
  path,
  kind: (file) => orUndefined(async () => ((await stat(file)).isFile() ? 'file' : 'folder')),
  readText: (file, links = 'follow') =>
    orUndefined(async () => {
      // Git ignores a `.gitignore` that is a symbolic link.
      const handle = await open(file, constants.O_RDONLY | (links === 'noFollow' ? constants.O_NOFOLLOW : 0));
      try {
        if ((await handle.stat()).size > maxGitTextLength) throw new Error('too large');
        return await handle.readFile('utf8');
      } finally {
        await handle.close();
      }
    }),
  readBytes: (file) => orUndefined(() => readFile(file)),
  realPath: (file) => realpath(file),
  isLink: (file) =>
    lstat(file).then(
      (found) => found.isSymbolicLink(),
      () => false,
    ),
};

async function orUndefined<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ELOOP', 'EISDIR'].includes((error as NodeJS.ErrnoException).code ?? ''))
      return undefined;
    throw error;
  }
}
