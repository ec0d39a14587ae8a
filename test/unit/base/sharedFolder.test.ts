import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SharedFolder, nodeSharedFolder } from '../../../src/core/base/sharedFolder.ts';

describe('nodeSharedFolder', () => {
  let parent: string;
  let folder: string;
  let files: SharedFolder;
  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'journal-'));
    folder = join(parent, 'deep', 'issuances');
    files = nodeSharedFolder(folder);
  });
  afterEach(() => rm(parent, { recursive: true, force: true }));

  it('is empty, and makes no folder, before anything is written', async () => {
    assert.deepEqual(await files.list(), []);
    assert.equal(await files.read('a'), undefined);
    assert.equal(await files.modifiedAt('a'), undefined);
    assert.equal(await files.touch('a', new Date()), false);
    await files.remove('a');
    assert.deepEqual(await readdir(parent), []);
  });

  it('replaces a file as a whole and leaves nothing else', async () => {
    await files.replace('a', 'a much longer text than the next');
    await files.replace('a', 'short');
    assert.equal(await files.read('a'), 'short');
    assert.deepEqual(await files.list(), ['a']);
  });

  it('never shows a reader half of a file', async () => {
    const texts = ['a'.repeat(100_000), 'b'.repeat(50_000)];
    await files.replace('a', texts[0] ?? '');
    const seen = new Set<string | undefined>();
    const writing = (async () => {
      for (let round = 0; round < 20; round++) await files.replace('a', texts[round % 2] ?? '');
    })();
    for (let round = 0; round < 40; round++) seen.add(await files.read('a'));
    await writing;
    for (const text of seen) assert.ok(texts.includes(text ?? ''));
  });

  it('lets many replace at once', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, index) => files.replace('a', String(index))));
    assert.match((await files.read('a')) ?? '', /^\d+$/);
    assert.deepEqual(await files.list(), ['a']);
  });

  it('leaves no temporary file when the replacing fails', async () => {
    await mkdir(join(folder, 'a'), { recursive: true });
    await assert.rejects(files.replace('a', 'text'));
    assert.deepEqual(await files.list(), ['a']);
  });

  it('creates a file for one of several, and leaves it as it is for the others', async () => {
    const other = nodeSharedFolder(folder);
    const created = await Promise.all([1, 2, 3, 4].map((n) => (n % 2 ? files : other).createExclusively('a', `${n}`)));
    assert.deepEqual(created.filter(Boolean), [true]);
    assert.equal(await files.read('a'), String(created.indexOf(true) + 1));
  });

  it('sets and reads a file’s time', async () => {
    await files.replace('a', '');
    const at = new Date('2026-11-25T12:00:00Z');
    assert.equal(await files.touch('a', at), true);
    assert.equal(await files.modifiedAt('a'), at.getTime());
    await files.touch('a', new Date(0));
    assert.equal(await files.modifiedAt('a'), 0);
  });

  it('removes', async () => {
    await files.replace('a', '');
    await files.remove('a');
    await files.remove('a');
    assert.deepEqual(await files.list(), []);
  });

  it('is readable by this user only', async function () {
    if (process.platform === 'win32') return;
    await files.replace('a', '');
    await files.createExclusively('b', '');
    assert.equal((await stat(folder)).mode & 0o777, 0o700);
    for (const name of ['a', 'b']) assert.equal((await stat(join(folder, name))).mode & 0o777, 0o600);
  });

  it('tells of changes by another window until it is let go', async () => {
    let changes = 0;
    let tell: () => void = () => undefined;
    const watching = files.watch(() => {
      changes += 1;
      tell();
    });
    const changed = new Promise<void>((resolve) => (tell = resolve));
    await nodeSharedFolder(folder).replace('a', '');
    await changed;
    watching.dispose();
    await new Promise((resolve) => setTimeout(resolve, 20));
    const before = changes;
    await files.replace('b', '');
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(changes, before);
  });

  it('goes without watching where there can be none', async () => {
    await writeFile(join(parent, 'deep'), 'a file where the folder should be');
    files.watch(() => assert.fail()).dispose();
  });

  it('passes on what fails for another reason than absence', async () => {
    await writeFile(join(parent, 'deep'), 'a file where the folder should be');
    await assert.rejects(files.list(), { code: 'ENOTDIR' });
    await assert.rejects(files.replace('a', ''));
    await assert.rejects(files.createExclusively('a', ''));
  });
});
