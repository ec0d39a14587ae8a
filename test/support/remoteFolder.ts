import path from 'node:path';
import type * as vscodeApi from 'vscode';
import { diskFiles } from './diskFiles.ts';

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
