import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type GitFiles, nodeGitFiles } from '../../../src/core/git/gitFiles.ts';
import { ignoreEntry } from '../../../src/core/git/ignoreEntry.ts';
import { remoteGitFiles } from '../../../src/core/git/remoteGitFiles.ts';
import { diskFiles } from '../../support/diskFiles.ts';

const kinds: readonly (readonly [name: string, files: GitFiles])[] = [
  ['this computer’s files', nodeGitFiles],
  ['files that VS Code serves', remoteGitFiles(diskFiles('/'))],
];
for (const [name, files] of kinds) {
  describe(`ignoreEntry with ${name}`, () => {
    let root: string;
    beforeEach(() => {
      root = realpathSync(mkdtempSync(path.join(tmpdir(), 'mbt-ignore-')));
      mkdirSync(path.join(root, 'apps/web'), { recursive: true });
    });
    afterEach(() => rmSync(root, { recursive: true }));
    const at = (below: string): string => path.join(root, below);
    const entry = () => ignoreEntry(files, at('apps/web/.env'), root);

    it('is for the nearest file that is there, otherwise for the one in the root', async () => {
      const inRoot = { ignoreFile: at('.gitignore'), line: '/apps/web/.env', isLink: false };
      assert.deepEqual(await entry(), inRoot);
      writeFileSync(at('apps/.gitignore'), '');
      assert.deepEqual(await entry(), { ignoreFile: at('apps/.gitignore'), line: '/web/.env', isLink: false });
    });

    it('passes over a link below the root, and tells of one in the root', async () => {
      writeFileSync(at('shared'), '');
      symlinkSync(at('shared'), at('apps/.gitignore'));
      assert.equal((await entry()).ignoreFile, at('.gitignore'));
      symlinkSync(at('shared'), at('.gitignore'));
      assert.deepEqual(await entry(), { ignoreFile: at('.gitignore'), line: '/apps/web/.env', isLink: true });
    });
  });
}

describe('ignoreEntry', () => {
  it('tells of a link that leads nowhere, through which a file would be created', async () => {
    const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'mbt-ignore-')));
    symlinkSync(path.join(root, 'gone'), path.join(root, '.gitignore'));
    assert.equal((await ignoreEntry(nodeGitFiles, path.join(root, '.env'), root)).isLink, true);
    rmSync(root, { recursive: true });
  });
});
