import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type * as vscodeApi from 'vscode';
import { diskFiles } from './diskFiles.ts';
import { temporaryFolder } from './vscode/temporaryFolder.ts';

/** A folder that only exists in VS Code. */
export const virtualFolder = 'testfs:/virtual';
export const virtualFile = 'only-here.txt';

/** Makes an extension with a file system of one folder and one file. Gives its folder. */
export function virtualFileSystem(): string {
  const folder = temporaryFolder('virtual');
  const manifest = {
    name: 'testfs',
    publisher: 'magicbell-tokens-tests',
    version: '0.0.1',
    engines: { vscode: '^1.100.0' },
    main: './extension.cjs',
    activationEvents: ['onFileSystem:testfs'],
    capabilities: { virtualWorkspaces: true, untrustedWorkspaces: { supported: true } },
  };
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));
  writeFileSync(path.join(folder, 'extension.cjs'), program);
  return folder;
}

/**
 * Inside an extension host: opens a folder of this computer as one of another, which only VS Code's file system reaches.
 */
export class RemoteFolder {
  readonly uri: vscodeApi.Uri;
  /** What is made of each write: the connection breaks, for example. */
  onWrite: (() => Error | undefined) | undefined;
  private readonly registration: vscodeApi.Disposable;
  private readonly workspace: typeof vscodeApi.workspace;
  private readonly before: PropertyDescriptor;

  constructor(
    { workspace, Disposable, EventEmitter, FilePermission, FileSystemError, FileType, Uri }: typeof vscodeApi,
    root: string,
  ) {
    const files = diskFiles(root);
    const as = (code: string): Error =>
      code === 'NoPermissions' ? FileSystemError.NoPermissions() : FileSystemError.Unavailable();
    const provider: vscodeApi.FileSystemProvider = {
      onDidChangeFile: new EventEmitter<vscodeApi.FileChangeEvent[]>().event,
      watch: () => new Disposable(() => undefined),
      async stat(uri) {
        const found = await files.stat(uri.path);
        if (found === undefined) throw FileSystemError.FileNotFound(uri);
        const type = found.kind === 'folder' ? FileType.Directory : FileType.File;
        return {
          ...{ type, ctime: 0, mtime: Date.now(), size: found.size },
          ...(found.isReadOnly ? { permissions: FilePermission.Readonly } : {}),
        };
      },
      readDirectory: async (uri) =>
        (await files.list(uri.path)).map(({ name, isFolder }) => [name, isFolder ? FileType.Directory : FileType.File]),
      readFile: (uri) => files.read(uri.path),
      writeFile: async (uri, content) => {
        const failure = this.onWrite?.();
        if (failure !== undefined) throw as((failure as { code?: string }).code ?? '');
        await files.write(uri.path, Buffer.from(content));
      },
      createDirectory: () => Promise.reject(FileSystemError.NoPermissions()),
      rename: () => Promise.reject(FileSystemError.NoPermissions()),
      delete: (uri) => files.remove(uri.path),
    };
    this.registration = workspace.registerFileSystemProvider('otherhost', provider, { isCaseSensitive: true });
    this.uri = Uri.from({ scheme: 'otherhost', authority: 'builder', path: '/' });
    this.workspace = workspace;
    this.before = Object.getOwnPropertyDescriptor(workspace, 'workspaceFolders') ?? {};
  }

  /** As if the window were open on a folder of it. */
  open(folder: string): void {
    const uri = this.uri.with({ path: folder });
    const value = [{ uri, name: path.basename(folder), index: 0 }];
    Object.defineProperty(this.workspace, 'workspaceFolders', { configurable: true, get: () => value });
  }

  dispose(): void {
    Object.defineProperty(this.workspace, 'workspaceFolders', this.before);
    this.registration.dispose();
  }
}

const program = `
const { EventEmitter, FileSystemError, FileType, workspace } = require('vscode');
const folder = '/virtual', file = '/virtual/${virtualFile}';
const refuse = () => { throw FileSystemError.NoPermissions(); };
exports.activate = ({ subscriptions }) => {
  const provider = {
    onDidChangeFile: new EventEmitter().event,
    watch: () => ({ dispose() {} }),
    stat({ path }) {
      if (path !== folder && path !== file) throw FileSystemError.FileNotFound(path);
      return { type: path === folder ? FileType.Directory : FileType.File, ctime: 0, mtime: 0, size: 0 };
    },
    readDirectory: () => [['${virtualFile}', FileType.File]],
    readFile: () => new Uint8Array(),
    writeFile: refuse,
    createDirectory: refuse,
    rename: refuse,
    delete: refuse,
  };
  subscriptions.push(workspace.registerFileSystemProvider('testfs', provider, { isReadonly: true }));
};
`;
