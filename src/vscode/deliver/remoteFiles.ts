import * as vscode from 'vscode';
import { type Clock, withTimeout } from '../../core/base/clock.ts';
import type { RemoteFiles } from '../../core/base/remoteFiles.ts';

const answerTimeoutMs = 30_000;

/** The files of a file system that VS Code provides, addressed by their paths below its root. */
export function remoteFiles(clock: Clock, origin: string): RemoteFiles {
  const { fs } = vscode.workspace;
  const root = vscode.Uri.parse(origin);
  const at = (path: string): vscode.Uri => root.with({ path });
  const answered = <T>(work: PromiseLike<T>): Promise<T> =>
    withTimeout(clock, answerTimeoutMs, work, () => {
      throw Object.assign(new Error('no answer'), { code: 'Timeout' });
    });
  return {
    async stat(path) {
      try {
        const { type, size, permissions } = await answered(fs.stat(at(path)));
        const { File, Directory, SymbolicLink } = vscode.FileType;
        return {
          kind: (type & Directory) !== 0 ? 'folder' : (type & File) !== 0 ? 'file' : 'other',
          isLink: (type & SymbolicLink) !== 0,
          isReadOnly: permissions === vscode.FilePermission.Readonly,
          size,
        };
      } catch (error) {
        if ((error as { readonly code?: string }).code === 'FileNotFound') return undefined;
        throw error;
      }
    },
    async list(folder) {
      const entries = await answered(fs.readDirectory(at(folder)));
      // A link to a folder has both type flags, and does not count as a folder.
      return entries.map(([name, type]) => ({ name, isFolder: type === vscode.FileType.Directory }));
    },
    read: async (path) => Buffer.from(await answered(fs.readFile(at(path)))),
    write: (path, content) => answered(fs.writeFile(at(path), content)),
    remove: (path) => answered(fs.delete(at(path))),
  };
}
