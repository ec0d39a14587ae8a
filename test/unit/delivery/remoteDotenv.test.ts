import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { RemoteFiles } from '../../../src/core/base/remoteFiles.ts';
import { Secret } from '../../../src/core/base/secret.ts';
import { maxDotenvLength } from '../../../src/core/delivery/dotenvText.ts';
import { inspectRemoteFile, linkOnTheWay, writeRemoteDotenv } from '../../../src/core/delivery/remoteDotenv.ts';
import { diskFiles, filesError } from '../../support/diskFiles.ts';

const value = new Secret('eyJhbGciOiJIUzI1NiJ9.e30.c2ln');

describe('A .env file that VS Code’s file system serves', () => {
  let root: string;
  let files: RemoteFiles;
  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'mbt-remote-'));
    mkdirSync(path.join(root, 'work'));
    files = diskFiles(root);
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const put = (text: string | Buffer): void => writeFileSync(path.join(root, 'work/.env'), text);
  const read = (): string => readFileSync(path.join(root, 'work/.env'), 'utf8');
  const write = (by: Partial<RemoteFiles> = {}): ReturnType<typeof writeRemoteDotenv> =>
    writeRemoteDotenv({ ...files, ...by }, '/work/.env', 'TOKEN', value);

  it('is written as one of this computer: all other bytes stay', async () => {
    put('A=1\r\nexport TOKEN="old" # mine\r\nB=2');
    assert.deepEqual(await inspectRemoteFile(files, '/work/.env', 'TOKEN'), { ok: true, way: 'inPlace', names: 1 });
    assert.deepEqual(await write(), { ok: true });
    assert.equal(read(), `A=1\r\nexport TOKEN="${value.reveal()}" # mine\r\nB=2`);
  });

  it('is made where there is none', async () => {
    assert.deepEqual(await inspectRemoteFile(files, '/work/.env', 'TOKEN'), { ok: true, way: 'create', names: 1 });
    assert.deepEqual(await write(), { ok: true });
    assert.equal(read(), `TOKEN=${value.reveal()}\n`);
  });

  const refused: readonly (readonly [string, () => unknown, RegExp])[] = [
    ['a folder', () => mkdirSync(path.join(root, 'work/.env')), /^It is not a file\.$/],
    ['encrypted', () => put('A=ENC[AES256_GCM,data:x]\nsops_version=3.9.1\n'), /^It is encrypted with /],
    ['not text', () => put(Buffer.from([0x41, 0, 0x42])), /^The file is not a plain text file\.$/],
    ['too large', () => put('#'.repeat(200_000)), /^The file is too large/],
    [
      'read-only',
      () => {
        put('A=1\n');
        chmodSync(path.join(root, 'work/.env'), 0o444);
      },
      /^It is read-only\.$/,
    ],
    [
      'in a folder that is not there',
      () => rmSync(path.join(root, 'work'), { recursive: true }),
      /^Its folder does not/,
    ],
  ];
  for (const [what, make, problem] of refused) {
    it(`is refused before and when it is written: ${what}`, async () => {
      make();
      const inspection = await inspectRemoteFile(files, '/work/.env', 'TOKEN');
      assert.match(inspection.ok ? '' : inspection.problem, problem);
      const written = await write({ write: () => Promise.reject(new Error('not asked for')) });
      assert.match(written.ok ? '' : written.problem, problem);
    });
  }

  const failures: readonly (readonly [code: string, problem: RegExp])[] = [
    ['NoPermissions', /^You have no permission to write there\.$/],
    ['Unavailable', /^Its file system cannot be reached\.$/],
    ['Timeout', /^Its file system did not answer in time; what was sent may still be carried out\.$/],
    ['Unknown', /^It cannot be written \(Unknown\)\.$/],
  ];
  for (const [code, problem] of failures) {
    it(`is as it was, and the reason is said without a path, after ${code}`, async () => {
      put('A=1\n');
      const written = await write({ write: () => Promise.reject(filesError(code)) });
      assert.match(written.ok ? '' : written.problem, problem);
      assert.equal(read(), 'A=1\n');
    });
  }

  it('is not written again when a write has changed nothing', async () => {
    put('A=1\n');
    let writes = 0;
    await write({ write: () => (writes++, Promise.reject(filesError('Unavailable'))) });
    assert.equal(writes, 1);
  });

  it('is put back as well as that works when nothing can be read any more', async () => {
    put('A=1\n');
    let isBroken = false;
    const broken: Partial<RemoteFiles> = {
      read: (file) => (isBroken ? Promise.reject(filesError('Unavailable')) : files.read(file)),
      write: (file, content) => {
        if (isBroken) return files.write(file, content);
        isBroken = true;
        return Promise.reject(filesError('Unavailable'));
      },
    };
    assert.deepEqual(await write(broken), { ok: false, problem: 'Its file system cannot be reached.' });
    assert.equal(read(), 'A=1\n');
  });

  it('is looked at before it is read: no folder, and nothing that is too large', async () => {
    const unread = { ...files, read: () => Promise.reject(new Error('not asked for')) };
    put('#'.repeat(maxDotenvLength + 1));
    const large = await inspectRemoteFile(unread, '/work/.env', 'TOKEN');
    assert.match(large.ok ? '' : large.problem, /too large/);
    const folder = await inspectRemoteFile(unread, '/work', 'TOKEN');
    assert.deepEqual(folder, { ok: false, problem: 'It is not a file.' });
    put('#'.repeat(maxDotenvLength));
    assert.equal((await inspectRemoteFile(files, '/work/.env', 'TOKEN')).ok, true);
  });

  const unseen: readonly (readonly [error: Error, problem: string])[] = [
    [filesError('NoPermissions'), 'You have no permission to write there.'],
    [filesError('FileNotADirectory'), 'Its folder does not exist.'],
    [filesError('FileIsADirectory'), 'It is not a file.'],
    [new Error('a path'), 'It cannot be written (unknown error).'],
  ];
  for (const [error, problem] of unseen) {
    it(`is not offered when it cannot be looked at: ${problem}`, async () => {
      const blind = { ...files, stat: () => Promise.reject(error) };
      assert.deepEqual(await inspectRemoteFile(blind, '/work/.env', 'TOKEN'), { ok: false, problem });
    });
  }

  /** The connection breaks in the middle of the first write. */
  function breaking(cut: (content: Buffer) => Buffer): Partial<RemoteFiles> {
    let isBroken = false;
    return {
      write: async (file, content) => {
        await files.write(file, isBroken ? content : cut(content));
        if (isBroken) return;
        isBroken = true;
        throw filesError('Unavailable');
      },
    };
  }
  const half = (content: Buffer): Buffer => content.subarray(0, content.length / 2);

  it('gets back what was there when the connection breaks half-way', async () => {
    put('A=1\nB=2\n');
    assert.equal((await write(breaking(half))).ok, false);
    assert.equal(read(), 'A=1\nB=2\n');
  });

  it('is removed when it is new and the connection breaks half-way', async () => {
    assert.equal((await write(breaking(half))).ok, false);
    assert.ok(!existsSync(path.join(root, 'work/.env')));
  });

  it('is written when only the answer was lost', async () => {
    put('A=1\n');
    assert.deepEqual(await write(breaking((content) => content)), { ok: true });
    assert.equal(read(), `A=1\nTOKEN=${value.reveal()}\n`);
  });

  it('is not written when what is read back is something else', async () => {
    put('A=1\n');
    const written = await write({ write: (file) => files.write(file, Buffer.from('B=2\n')) });
    assert.deepEqual(written, { ok: false, problem: 'Something else changed it in the same moment.' });
  });

  it('is known to be a link, or below one, though not where that leads', async () => {
    mkdirSync(path.join(root, 'elsewhere'));
    writeFileSync(path.join(root, 'elsewhere/.env'), '');
    symlinkSync('../elsewhere', path.join(root, 'work/apps'));
    symlinkSync('../elsewhere/.env', path.join(root, 'work/.env'));
    assert.equal(await linkOnTheWay(files, '/work', '/work/.env'), '/work/.env');
    assert.equal(await linkOnTheWay(files, '/work', '/work/apps/.env'), '/work/apps');
    assert.equal(await linkOnTheWay(files, '/work', '/work/.env.local'), undefined);
  });
});
