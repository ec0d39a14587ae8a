import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type GitFiles, maxGitTextLength, nodeGitFiles } from '../../../src/core/git/gitFiles.ts';
import { remoteGitFiles } from '../../../src/core/git/remoteGitFiles.ts';
import { diskFiles } from '../../support/diskFiles.ts';

describe('The files of a repository', () => {
  let base: string;
  beforeEach(() => {
    base = mkdtempSync(path.join(tmpdir(), 'mbt-files-'));
    mkdirSync(path.join(base, 'folder'));
    writeFileSync(path.join(base, 'file'), 'text\n');
    writeFileSync(path.join(base, 'full'), 'x'.repeat(maxGitTextLength));
    writeFileSync(path.join(base, 'large'), 'x'.repeat(maxGitTextLength + 1));
    symlinkSync('file', path.join(base, 'link'));
  });
  afterEach(() => rmSync(base, { recursive: true, force: true }));

  const kinds: readonly (readonly [name: string, open: () => readonly [GitFiles, (name: string) => string]])[] = [
    ['on this computer', () => [nodeGitFiles, (name) => path.join(base, name)]],
    ['behind VS Code’s file system', () => [remoteGitFiles(diskFiles(base)), (name) => `/${name}`]],
  ];
  for (const [where, open] of kinds) {
    describe(where, () => {
      it('are files or folders, or nothing', async () => {
        const [files, at] = open();
        const kindsOf = await Promise.all(
          ['file', 'folder', 'link', 'gone', 'file/below'].map((name) => files.kind(at(name))),
        );
        assert.deepEqual(kindsOf, ['file', 'folder', 'file', undefined, undefined]);
      });

      it('are read as text, links only where they count', async () => {
        const [files, at] = open();
        assert.equal(await files.readText(at('file')), 'text\n');
        assert.equal(await files.readText(at('file'), 'noFollow'), 'text\n');
        assert.equal(await files.readText(at('link')), 'text\n');
        assert.equal(await files.readText(at('link'), 'follow'), 'text\n');
        assert.equal(await files.readText(at('link'), 'noFollow'), undefined);
        for (const name of ['gone', 'folder', 'file/below'])
          assert.equal(await files.readText(at(name)), undefined, name);
      });

      it('are refused as text when they are too large, and not at the limit', async () => {
        const [files, at] = open();
        assert.equal((await files.readText(at('full')))?.length, maxGitTextLength);
        await assert.rejects(files.readText(at('large')), /too large/);
        assert.equal((await files.readBytes(at('large')))?.length, maxGitTextLength + 1);
      });

      it('are read as bytes, or are not there', async () => {
        const [files, at] = open();
        assert.equal((await files.readBytes(at('file')))?.toString(), 'text\n');
        assert.equal(await files.readBytes(at('gone')), undefined);
      });
    });
  }

  it('leave none open on this computer', async function () {
    if (process.platform !== 'linux') return;
    const opened = (): number => readdirSync('/proc/self/fd').length;
    const before = opened();
    for (let each = 0; each < 20; each += 1) {
      await nodeGitFiles.readText(path.join(base, 'file'));
      await nodeGitFiles.readText(path.join(base, 'large')).catch(() => undefined);
    }
    assert.ok(opened() < before + 10, `${opened()} files are open, ${before} were`);
  });

  it('say which failures leave it open whether there is a file', async () => {
    await assert.rejects(nodeGitFiles.readText(path.join(base, 'x'.repeat(300))), { code: 'ENAMETOOLONG' });
    await assert.rejects(nodeGitFiles.kind(path.join(base, 'x'.repeat(300))), { code: 'ENAMETOOLONG' });
    assert.equal(await remoteGitFiles(diskFiles(base)).realPath('/a/b'), '/a/b');
    assert.equal(
      await remoteGitFiles(diskFiles(base)).readText('~/file'),
      undefined,
      'nobody knows whose home that is',
    );
  });
});
