import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describeFileError, inspectFile, realFile } from '../../../src/core/delivery/fileInspection.ts';

const inspection = path.join(import.meta.dirname, '../../../src/core/delivery/fileInspection.ts');
/** Prints what is found of the file of each argument. */
const inspecting = `
const [module, ...files] = process.argv.slice(1);
const { inspectFile } = await import(module);
console.log(JSON.stringify(await Promise.all(files.map((file) => inspectFile(file, 'TOKEN')))));`;
/** File systems that only this process sees, and no right that root alone has. */
const mounting = `
cd "$1" && shift
printf 'A=1\\n' | tee mounted source > shut/.env && chmod 555 shut && mount --bind source mounted
mount -t tmpfs -o size=4k tmpfs full && printf 'A=1\\n' > full/.env
mount -t tmpfs tmpfs fixed && printf 'A=1\\n' > fixed/.env && mount -o remount,bind,ro fixed
cd "$OLDPWD" && exec setpriv --bounding-set=-all --inh-caps=-all "$0" --import tsx --input-type=module -e "$@"`;
const trial = 'mount -t tmpfs tmpfs /tmp\nsetpriv --bounding-set=-all true';
const canMount = spawnSync('unshare', ['-rm', 'sh', '-ec', trial]).status === 0;

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

  it('says of a path through a file that there is no such folder', async () => {
    await fs.writeFile(file, 'A=1\n');
    file = path.join(file, '.env');
    assert.match(await problemOf(), /does not exist/);
  });

  describe('in a folder like /tmp, where only an owner may rename', () => {
    const { getuid } = process;
    afterEach(() => Object.assign(process, { getuid }));
    const wayFor = async (user: number): Promise<string> => {
      process.getuid = () => user;
      const found = await inspectFile(file, 'TOKEN');
      return found.ok ? found.way : found.problem;
    };
    const stranger = 4_000_001;

    it('writes in place what belongs to another, and replaces what may be renamed', async () => {
      await fs.writeFile(file, 'A=1\n');
      const { uid } = await fs.stat(file);
      assert.equal(await wayFor(stranger), 'replace', 'an ordinary folder');
      await fs.chmod(folder, 0o1777);
      assert.equal(await wayFor(stranger), 'inPlace');
      assert.equal(await wayFor(uid), 'replace');
      assert.equal(await wayFor(0), 'replace');
    });

    // Only root can give files away.
    const test = getuid?.() === 0 ? it : () => undefined;
    test('lets the owner of the file rename, and the owner of the folder', async () => {
      await fs.writeFile(file, 'A=1\n');
      await fs.chmod(folder, 0o1777);
      await fs.chown(file, 1001, 1001);
      await fs.chown(folder, 1002, 1002);
      assert.deepEqual(
        [await wayFor(1001), await wayFor(1002), await wayFor(0), await wayFor(stranger)],
        ['replace', 'replace', 'replace', 'inPlace'],
      );
    });
  });

  // Where no file system can be mounted, as in many containers, there is none to look at.
  const test = canMount ? it : () => undefined;
  test('knows mounts, full disks, read-only ones and folders that are shut', async function () {
    this.timeout(30_000);
    for (const name of ['shut', 'full', 'fixed']) await fs.mkdir(path.join(folder, name));
    const names = ['mounted', 'shut/.env', 'shut/new', 'full/.env', 'full/new', 'fixed/.env', 'fixed/new'];
    const files = names.map((name) => path.join(folder, name));
    const args = ['-rm', 'sh', '-ec', mounting, process.execPath, folder, inspecting, inspection, ...files];
    const { stdout, stderr } = spawnSync('unshare', args, { encoding: 'utf8' });
    await fs.chmod(path.join(folder, 'shut'), 0o700);
    assert.notEqual(stdout, '', stderr);
    const inPlace = { ok: true, way: 'inPlace', names: 1 };
    const refused = (problem: string) => ({ ok: false, problem });
    assert.deepEqual(JSON.parse(stdout), [
      inPlace,
      inPlace,
      refused('You have no permission to write there.'),
      ...[1, 2].map(() => refused('The disk is full.')),
      ...[1, 2].map(() => refused('Its file system is read-only.')),
    ]);
  });
});

describe('realFile', () => {
  it('resolves the links of the folder of a file that is not there yet', async () => {
    const base = realpathSync(mkdtempSync(path.join(tmpdir(), 'mbt-inspect-')));
    try {
      await fs.mkdir(path.join(base, 'real'));
      await fs.symlink('real', path.join(base, 'link'));
      assert.equal(await realFile(path.join(base, 'link', '.env')), path.join(base, 'real', '.env'));
      await assert.rejects(realFile(path.join(base, 'gone', '.env')), { code: 'ENOENT' });
    } finally {
      rmSync(base, { recursive: true, force: true });
    }
  });
});

describe('describeFileError', () => {
  const cases: [string, RegExp][] = [
    ['EACCES', /no permission/],
    ['EPERM', /no permission/],
    ['EBUSY', /Another program has it open/],
    ['ETXTBSY', /Another program has it open/],
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

  it('says on Windows that another program may have it open, and elsewhere that there is no permission', () => {
    const error = { code: 'EPERM' };
    const either = 'Another program has it open, or you have no permission to write there.';
    assert.equal(describeFileError(error, 'win32'), either);
    assert.equal(describeFileError(error, 'linux'), 'You have no permission to write there.');
  });

  it('has words for what has no code', () => assert.match(describeFileError(new Error('/path')), /\(unknown error\)/));
});
