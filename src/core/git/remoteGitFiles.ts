import { posix } from 'node:path';
import type { RemoteFiles } from '../base/remoteFiles.ts';
import { type GitFiles, maxGitTextLength } from './gitFiles.ts';

/** A repository in files that VS Code's file system serves. Links are not resolved there. */
export function remoteGitFiles(files: RemoteFiles): GitFiles {
  return {
    path: posix,
    async kind(file) {
      const found = await files.stat(file);
      return found && (found.kind === 'folder' ? 'folder' : 'file');
    },
    async readText(file, links = 'follow') {
      const found = posix.isAbsolute(file) ? await files.stat(file) : undefined;
      if (found?.kind !== 'file' || (links === 'noFollow' && found.isLink)) return undefined;
      if (found.size > maxGitTextLength) throw new Error('too large');
      return (await files.read(file)).toString('utf8');
    },
    async readBytes(file) {
      return (await files.stat(file)) === undefined ? undefined : files.read(file);
    },
    realPath: (file) => Promise.resolve(file),
    isLink: (file) =>
      files.stat(file).then(
        (found) => found?.isLink === true,
        () => false,
      ),
  };
}
