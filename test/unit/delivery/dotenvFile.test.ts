import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DotenvWriter } from '../../../src/core/delivery/dotenvFile.ts';
import { realFile } from '../../../src/core/delivery/fileInspection.ts';
import { nodeSharedFolder } from '../../../src/core/base/sharedFolder.ts';
import { Secret } from '../../../src/core/base/secret.ts';
import { FakeClock } from '../../support/fakeClock.ts';

const value = new Secret('eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.c2lnbmF0dXJl');
const isPosix = process.platform !== 'win32';

describe('DotenvWriter', () => {
  let base: string;
  let folder: string;
  let journal: string;
  let file: string;

  beforeEach(async () => {
    base = realpathSync(mkdtempSync(path.join(tmpdir(), 'mbt-dotenv-')));
    folder = path.join(base, 'project');
    journal = path.join(base, 'journal');
    file = path.join(folder, '.env');
    await fs.mkdir(folder);
  });
  afterEach(() => rmSync(base, { recursive: true, force: true }));

  const writer = (files?: Partial<Pick<typeof fs, 'open' | 'rename'>>): DotenvWriter =>
    new DotenvWriter(nodeSharedFolder(journal), { files: { open: fs.open, rename: fs.rename, ...files } });
  const text = (): Promise<string> => fs.readFile(file, 'utf8');
  const failure = (code: string): Error => Object.assign(new Error(`${code}: /secret/path`), { code });

  /** Nothing of ours lies around. */
  async function assertClean(...expected: readonly string[]): Promise<void> {
    assert.deepEqual(await fs.readdir(folder), expected);
    assert.deepEqual(await fs.readdir(journal).catch(() => []), []);
  }

  it('makes a new file that only this user can read', async () => {
    assert.deepEqual(await writer().write(file, 'TOKEN', value), { ok: true });
    assert.equal(await text(), `TOKEN=${value.reveal()}\n`);
    if (isPosix) assert.equal((await fs.stat(file)).mode & 0o777, 0o600);
    await assertClean('.env');
  });

  it('replaces the line, and keeps the rest and the mode', async () => {
    await fs.writeFile(file, 'A=1\nTOKEN="old" # c\n');
    await fs.chmod(file, 0o640);
    assert.deepEqual(await writer().write(file, 'TOKEN', value), { ok: true });
    assert.equal(await text(), `A=1\nTOKEN="${value.reveal()}" # c\n`);
    if (isPosix) assert.equal((await fs.stat(file)).mode & 0o777, 0o640);
    await assertClean('.env');
  });

  it('writes to what a link leads to, and leaves the link', async () => {
    const target = path.join(base, 'shared.env');
    await fs.writeFile(target, 'A=1\n');
    await fs.symlink('../shared.env', file);
    assert.equal(await realFile(file), target);
    assert.deepEqual(await writer().write(await realFile(file), 'TOKEN', value), { ok: true });
    assert.ok((await fs.lstat(file)).isSymbolicLink());
    assert.equal(await text(), `A=1\nTOKEN=${value.reveal()}\n`);
    await assertClean('.env');
  });

  it('does not follow a link that leads nowhere, or in a circle', async () => {
    await fs.symlink('gone', file);
    await assert.rejects(realFile(file), { code: 'ENOENT' });
    await fs.rm(file);
    await fs.symlink('.env', file);
    await assert.rejects(realFile(file), { code: 'ELOOP' });
  });

  const refusals: readonly (readonly [string, () => Promise<unknown>, RegExp])[] = [
    ['a read-only file', () => fs.writeFile(file, 'A=1\n', { mode: 0o444 }), /read-only/],
    ['a folder of that name', () => fs.mkdir(file), /not a file/],
    ['a file of another encoding', () => fs.writeFile(file, 'A=1\n', 'utf16le'), /plain text/],
    ['a folder that is gone', () => fs.rmdir(folder), /does not exist/],
  ];
  for (const [name, prepare, problem] of refusals) {
    it(`refuses ${name}`, async () => {
      await prepare();
      const before = await text().catch(() => undefined);
      const written = await writer().write(file, 'TOKEN', value);
      assert.ok(!written.ok);
      assert.match(written.problem, problem);
      assert.equal(await text().catch(() => undefined), before);
      assert.deepEqual(await fs.readdir(journal).catch(() => []), []);
    });
  }

  const faults: readonly (readonly [code: string, problem: RegExp])[] = [
    ['ENOSPC', /disk is full/],
    ['EACCES', /no permission/],
    ['EROFS', /file system is read-only/],
    ['EIO', /\(EIO\)/],
  ];
  for (const [code, problem] of faults) {
    it(`leaves the file and nothing else when writing fails with ${code}`, async () => {
      await fs.writeFile(file, 'A=1\n');
      const open: typeof fs.open = async (...args) => {
        const handle = await fs.open(...args);
        // Half of it is on the disk by then.
        handle.writeFile = async () => {
          await handle.write('TOKEN=eyJ');
          throw failure(code);
        };
        return handle;
      };
      const atWrite = await writer({ open }).write(file, 'TOKEN', value);
      const atRename = await writer({ rename: () => Promise.reject(failure(code)) }).write(file, 'TOKEN', value);
      for (const written of [atWrite, atRename]) {
        assert.ok(!written.ok);
        assert.match(written.problem, problem);
        assert.doesNotMatch(written.problem, /eyJ|path/);
      }
      assert.equal(await text(), 'A=1\n');
      await assertClean('.env');
    });
  }

  it('does not undo what somebody else writes in the same moment', async () => {
    await fs.writeFile(file, 'A=1\n');
    const open: typeof fs.open = async (...args) => {
      await fs.writeFile(file, 'A=2\n');
      return fs.open(...args);
    };
    const written = await writer({ open }).write(file, 'TOKEN', value);
    assert.deepEqual(written, { ok: false, problem: 'Something else changed it in the same moment.' });
    assert.equal(await text(), 'A=2\n');
    await assertClean('.env');
  });

  it('does not replace a file that somebody else made in the same moment, nor bring back a removed one', async () => {
    const changed = { ok: false, problem: 'Something else changed it in the same moment.' };
    const whileOpening =
      (change: () => Promise<unknown>): typeof fs.open =>
      async (...args: Parameters<typeof fs.open>) => {
        await change();
        return fs.open(...args);
      };
    const making = whileOpening(() => fs.writeFile(file, 'A=1\n'));
    assert.deepEqual(await writer({ open: making }).write(file, 'TOKEN', value), changed);
    assert.equal(await text(), 'A=1\n');
    const removing = whileOpening(() => fs.rm(file));
    assert.deepEqual(await writer({ open: removing }).write(file, 'TOKEN', value), changed);
    await assertClean();
  });

  it('does not count as written when something else is read back', async () => {
    const rename: typeof fs.rename = async (from, to) => {
      await fs.rename(from, to);
      await fs.writeFile(file, 'A=2\n');
    };
    assert.equal((await writer({ rename }).write(file, 'TOKEN', value)).ok, false);
  });

  it('removes what a crash has left, and nothing else', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    const files = nodeSharedFolder(journal);
    const left = path.join(folder, '.8b1f9f6e-3f0e-4a43-9f4c-0d7a3f1c2b5e.magicbell-tmp');
    const other = path.join(folder, '.env');
    const live = path.join(folder, '.b.magicbell-tmp');
    for (const each of [left, other, live]) await fs.writeFile(each, 'x');
    await files.replace(`${pid}.a.temporary`, left);
    await files.replace(`${pid}.c.temporary`, other);
    await files.replace(`${process.pid}.b.temporary`, live);
    await files.replace('some-issuance.json', '{}');
    await files.replace(`${pid}.d-1.temporary`, path.join(folder, '.gone.magicbell-tmp'));
    const foreign = [`${pid}.e.temporary.json`, `x${pid}.e.temporary`];
    const lookAlikes = ['x.c.magicbell-tmp', '.c.magicbell-tmp.mine'];
    for (const name of foreign) await files.replace(name, '{}');
    for (const [at, name] of lookAlikes.entries()) {
      await fs.writeFile(path.join(folder, name), 'x');
      await files.replace(`${pid}.look-alike-${at}.temporary`, path.join(folder, name));
    }
    await writer().sweep();
    for (const name of foreign) await fs.rm(path.join(journal, name));
    for (const name of lookAlikes) await fs.rm(path.join(folder, name));
    assert.deepEqual((await fs.readdir(folder)).sort(), ['.b.magicbell-tmp', '.env']);
    assert.deepEqual((await fs.readdir(journal)).sort(), [`${process.pid}.b.temporary`, 'some-issuance.json']);
  });

  it('names the temporary file in the journal before there is one', async () => {
    const seen: string[] = [];
    const open: typeof fs.open = async (...args) => {
      const [record = ''] = await fs.readdir(journal);
      seen.push(await fs.readFile(path.join(journal, record), 'utf8'));
      assert.equal(seen[0], args[0]);
      return fs.open(...args);
    };
    assert.ok((await writer({ open }).write(file, 'TOKEN', value)).ok);
    assert.equal(seen.length, 1);
  });

  it('writes into a file with several names, so that all of them have the new text', async () => {
    await fs.writeFile(file, 'A=1\nTOKEN=a-much-longer-value-than-the-new-one-is\n');
    const other = path.join(base, 'other-name');
    await fs.link(file, other);
    const short = new Secret('short');
    assert.deepEqual(await writer().write(file, 'TOKEN', short), { ok: true });
    assert.equal(await fs.readFile(other, 'utf8'), 'A=1\nTOKEN=short\n');
    await assertClean('.env');
  });

  it('keeps extended attributes', async () => {
    await fs.writeFile(file, 'A=1\n');
    const python = (code: string): { readonly status: number | null; readonly stdout: string } =>
      spawnSync('python3', ['-c', code, file], { encoding: 'utf8' });
    const isSet = python('import os,sys; os.setxattr(sys.argv[1], "user.mark", b"kept")').status === 0;
    assert.deepEqual(await writer().write(file, 'TOKEN', value), { ok: true });
    const kept = python('import os,sys; print(os.getxattr(sys.argv[1], "user.mark").decode())').stdout.trim();
    // Where this system cannot set one, nothing can be lost.
    assert.equal(kept, isSet ? 'kept' : '');
  }).timeout(60_000);

  it('writes into the file itself where nothing gives a new one all that the old one has', async () => {
    await fs.writeFile(file, 'A=1\n');
    const { ino } = await fs.stat(file);
    const onMac = new DotenvWriter(nodeSharedFolder(journal), { platform: 'darwin' });
    assert.deepEqual(await onMac.write(file, 'TOKEN', value), { ok: true });
    assert.equal((await fs.stat(file)).ino, ino);
    assert.equal(await text(), `A=1\nTOKEN=${value.reveal()}\n`);
    await assertClean('.env');
  });

  it('puts back what was there when writing into the file fails half-way', async () => {
    await fs.writeFile(file, 'A=1\n');
    await fs.link(file, path.join(base, 'other-name'));
    const open: typeof fs.open = async (...args) => {
      const handle = await fs.open(...args);
      let writes = 0;
      const write = handle.write.bind(handle);
      handle.write = ((buffer: Buffer, offset: number, length: number, position: number) => {
        writes += 1;
        if (writes === 2) return Promise.reject(failure('ENOSPC'));
        return write(buffer, offset, writes === 1 ? 3 : length, position);
      }) as typeof handle.write;
      return handle;
    };
    const written = await writer({ open }).write(file, 'TOKEN', value);
    assert.deepEqual(written, { ok: false, problem: 'The disk is full.' });
    assert.equal(await text(), 'A=1\n');
  });

  it('tries again on Windows while another program has the file open, and says so in the end', async () => {
    await fs.writeFile(file, 'A=1\n');
    const clock = new FakeClock();
    let refusals = 3;
    const open: typeof fs.open = (...args) =>
      (refusals -= 1) >= 0 ? Promise.reject(failure('EPERM')) : fs.open(...args);
    const onWindows = new DotenvWriter(nodeSharedFolder(journal), {
      files: { open, rename: fs.rename },
      platform: 'win32',
      clock,
    });
    const patient = async <T>(writing: Promise<T>): Promise<T> => {
      const pending = Symbol('pending');
      const turn = (): Promise<typeof pending> => new Promise((resolve) => setImmediate(() => resolve(pending)));
      for (;;) {
        const first = await Promise.race([writing, turn()]);
        if (first !== pending) return first;
        if (clock.timerCount > 0) await clock.advance(1_000);
      }
    };
    assert.deepEqual(await patient(onWindows.write(file, 'TOKEN', value)), { ok: true });
    refusals = Infinity;
    const written = await patient(onWindows.write(file, 'TOKEN', new Secret('eyJ.b')));
    assert.ok(!written.ok, 'it is refused');
    assert.match(written.problem, /^Another program has it open/);
    assert.equal(await text(), `A=1\nTOKEN=${value.reveal()}\n`);
  });
});
