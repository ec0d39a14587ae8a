import { constants } from 'node:fs';
import { access, lstat, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { RemoteFiles } from '../../src/core/base/remoteFiles.ts';

const codes: Readonly<Record<string, string>> = {
  ENOENT: 'FileNotFound',
  ENOTDIR: 'FileNotFound',
  EISDIR: 'FileIsADirectory',
  EACCES: 'NoPermissions',
};

/** An error as VS Code's file systems throw it. */
export const filesError = (code: string): Error =>
  Object.assign(new Error(`a message with a path (${code})`), { code });

async function translated<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    throw codes[code] === undefined ? error : filesError(codes[code]);
  }
}

/** Files of another computer: a folder of this one stands in for its root. */
export function diskFiles(root: string): RemoteFiles {
  const at = (file: string): string => path.join(root, file);
  return {
    stat: (file) =>
      translated(async () => {
        const link = await lstat(at(file)).catch((error: unknown) => {
          if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
          throw error;
        });
        if (link === undefined) return undefined;
        const found = await stat(at(file));
        const isWritable = await access(at(file), constants.W_OK).then(
          () => true,
          () => false,
        );
        return {
          kind: found.isDirectory() ? 'folder' : found.isFile() ? 'file' : 'other',
          isLink: link.isSymbolicLink(),
          isReadOnly: !isWritable || (found.mode & 0o222) === 0,
          size: found.size,
        };
      }),
    list: (folder) =>
      translated(async () =>
        (await readdir(at(folder), { withFileTypes: true })).map((entry) => ({
          name: entry.name,
          isFolder: entry.isDirectory(),
        })),
      ),
    read: (file) => translated(() => readFile(at(file))),
    write: (file, content) => translated(() => writeFile(at(file), content)),
    remove: (file) => translated(() => rm(at(file))),
  };
}
