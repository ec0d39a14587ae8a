interface RemoteStat {
  readonly kind: 'file' | 'folder' | 'other';
  /** Where it leads is not known. */
  readonly isLink: boolean;
  readonly isReadOnly: boolean;
  readonly size: number;
}

/**
 * Files that are not on this computer's disk, as VS Code's file system serves them. Paths are absolute, with `/`.
 *
 * @throws an error whose `code` is one of VS Code's (`NoPermissions`, `Unavailable`, …), or `Timeout`
 */
export interface RemoteFiles {
  /** Undefined when there is nothing of that name. */
  stat(path: string): Promise<RemoteStat | undefined>;
  list(folder: string): Promise<readonly { readonly name: string; readonly isFolder: boolean }[]>;
  read(path: string): Promise<Buffer>;
  /** Creates the file where there is none. */
  write(path: string, content: Buffer): Promise<void>;
  remove(path: string): Promise<void>;
}
