import { writeFileSync } from 'node:fs';
import path from 'node:path';
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
