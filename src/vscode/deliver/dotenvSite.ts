import { appendFile, readFile, readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Secret } from '../../core/base/secret.ts';
import { DotenvWriter, type Written } from '../../core/delivery/dotenvFile.ts';
import { type Inspection, describeFileError, inspectFile, realFile } from '../../core/delivery/fileInspection.ts';
import type { SearchedFolder } from '../../core/delivery/findDotenv.ts';
import type { DotenvPlace, RemoteDotenvPlace } from '../../core/delivery/place.ts';
import { describeRemoteError, inspectRemoteFile, writeRemoteDotenv } from '../../core/delivery/remoteDotenv.ts';
import { type GitFiles, nodeGitFiles } from '../../core/git/gitFiles.ts';
import { type GitFile, gitStatus, ignoredFolders } from '../../core/git/gitStatus.ts';
import { remoteGitFiles } from '../../core/git/remoteGitFiles.ts';
import type { Services } from '../services.ts';
import { findGitStatus, lineToAppend } from './gitIgnore.ts';
import { remoteFiles } from './remoteFiles.ts';

/** The file system of a `.env` file: this computer's, or one that VS Code provides. */
export interface DotenvSite {
  readonly files: GitFiles;
  uri(path: string): vscode.Uri;
  /** A path with its links resolved. @throws if they cannot be resolved */
  realFile(path: string): Promise<string>;
  inspect(file: string, variable: string): Promise<Inspection>;
  searched(folder: string): Promise<SearchedFolder>;
  gitStatus(file: string): Promise<GitFile>;
  /** @throws if the file cannot be written */
  appendIgnoreLine(ignoreFile: string, line: string): Promise<void>;
  write(file: string, variable: string, value: Secret): Promise<Written>;
  /** A sentence for the user. */
  describeError(error: unknown): string;
}

/** The part of a place that identifies its file system. */
export type SiteOf = Pick<DotenvPlace, 'type'> | Pick<RemoteDotenvPlace, 'type' | 'origin'>;

/** The file system of a place. */
export const siteOf = (services: Pick<Services, 'clock' | 'files'>, place: SiteOf): DotenvSite =>
  place.type === 'dotenv' ? localSite(services) : remoteSite(services, place.origin);

function localSite(services: Pick<Services, 'clock' | 'files'>): DotenvSite {
  return {
    files: nodeGitFiles,
    uri: (path) => vscode.Uri.file(path),
    realFile,
    inspect: (file, variable) => inspectFile(file, variable),
    async searched(folder) {
      const real = await realFile(folder).catch(() => folder);
      const isIgnored = await ignoredFolders(real, { home: homedir() });
      return {
        list: async (below) =>
          (await readdir(join(folder, below), { withFileTypes: true })).map((entry) => ({
            name: entry.name,
            isFolder: entry.isDirectory(),
          })),
        isIgnored: (below) => isIgnored(join(real, below)),
      };
    },
    gitStatus: (file) => findGitStatus(services, file),
    async appendIgnoreLine(ignoreFile, line) {
      await appendFile(ignoreFile, lineToAppend(await readFile(ignoreFile, 'utf8').catch(() => ''), line));
    },
    async write(file, variable, value) {
      const writer = new DotenvWriter(services.files);
      await writer.sweep();
      return writer.write(file, variable, value);
    },
    describeError: (error) => describeFileError(error),
  };
}

/** The scheme of folders in WSL, over SSH and in containers: real disks, where `.git` is visible. */
const remoteScheme = 'vscode-remote';

function remoteSite({ clock }: Pick<Services, 'clock'>, origin: string): DotenvSite {
  const files = remoteFiles(clock, origin);
  const gitFiles = remoteGitFiles(files);
  const { join } = gitFiles.path;
  const root = vscode.Uri.parse(origin);
  return {
    files: gitFiles,
    uri: (path) => root.with({ path }),
    realFile: (path) => Promise.resolve(path),
    inspect: (file, variable) => inspectRemoteFile(files, file, variable),
    async searched(folder) {
      const isIgnored = await ignoredFolders(folder, { home: undefined }, gitFiles);
      return {
        list: (below) => files.list(join(folder, below)),
        isIgnored: (below) => isIgnored(join(folder, below)),
      };
    },
    async gitStatus(file) {
      const found = await gitStatus(file, { home: undefined }, gitFiles);
      // A file system provider of an extension may hide the `.git` folder of a repository.
      const isUnknown = found.status === 'noRepository' && root.scheme !== remoteScheme;
      return isUnknown ? { status: 'unknown' } : found;
    },
    async appendIgnoreLine(ignoreFile, line) {
      const before = (await files.stat(ignoreFile)) === undefined ? Buffer.alloc(0) : await files.read(ignoreFile);
      await files.write(ignoreFile, Buffer.concat([before, Buffer.from(lineToAppend(before.toString(), line))]));
    },
    write: (file, variable, value) => writeRemoteDotenv(files, file, variable, value),
    describeError: describeRemoteError,
  };
}
