import assert from 'node:assert/strict';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describeFileError, inspectFile } from '../../../src/core/delivery/fileInspection.ts';

describe('inspectFile', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'mbt-inspect-')));
    file = path.join(folder, '.env');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const problemOf = async (): Promise<string> => {
    const found = await inspectFile(file, 'TOKEN');
    return found.ok ? '' : found.problem;
  };

  it('finds nothing against a new file, nor against one that is there', async () => {
    assert.deepEqual(await inspectFile(file, 'TOKEN'), { ok: true, way: 'create', names: 1 });
    await fs.writeFile(file, 'A=1\n');
    assert.deepEqual(await inspectFile(file, 'TOKEN'), { ok: true, way: 'replace', names: 1 });
    assert.equal(await fs.readFile(file, 'utf8'), 'A=1\n');
  });

  it('says before a value exists what stands against it', async () => {
    await fs.writeFile(file, Buffer.alloc(2 ** 17 + 1, 'a'));
    assert.match(await problemOf(), /too large/);
    await fs.writeFile(file, 'A=1\n', { mode: 0o444 });
    await fs.chmod(file, 0o444);
    assert.match(await problemOf(), /read-only/);
    await fs.rm(file);
    await fs.writeFile(file, Buffer.from('A=1\n', 'utf16le'));
    assert.match(await problemOf(), /not a plain text file/);
    await fs.writeFile(file, 'sops_version=3.9.0\nA=ENC[AES256_GCM,data:x]\n');
    assert.match(await problemOf(), /encrypted with sops/);
    await fs.rm(file);
    await fs.mkdir(file);
    assert.match(await problemOf(), /not a file/);
    file = path.join(folder, 'gone', '.env');
    assert.match(await problemOf(), /does not exist/);
  });

  it('lets a file be written in place when a rename would lose something', async () => {
    await fs.writeFile(file, 'A=1\n');
    assert.deepEqual(await inspectFile(file, 'TOKEN', 'win32'), { ok: true, way: 'inPlace', names: 1 });
    await fs.link(file, path.join(folder, 'other'));
    assert.deepEqual(await inspectFile(file, 'TOKEN'), { ok: true, way: 'inPlace', names: 2 });
  });
});

describe('describeFileError', () => {
  const cases: [string, RegExp][] = [
    ['EACCES', /no permission/],
    ['EPERM', /no permission/],
    ['EBUSY', /Another program has it open/],
    ['EROFS', /read-only/],
    ['ENOSPC', /disk is full/],
    ['EDQUOT', /disk is full/],
    ['ENOENT', /does not exist/],
    ['ENOTDIR', /does not exist/],
    ['ELOOP', /leads to itself/],
    ['EIO', /cannot be written \(EIO\)/],
  ];
  for (const [code, words] of cases) {
    it(`has words for ${code}`, () => assert.match(describeFileError(Object.assign(new Error(), { code })), words));
  }

  it('has words for what has no code', () => assert.match(describeFileError(new Error('/path')), /\(unknown error\)/));
});
