import assert from 'node:assert/strict';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Secret } from '../../../src/core/base/secret.ts';
import { CliLoginFile } from '../../../src/core/connections/cliLoginFile.ts';

const whole = JSON.stringify({ email: 'hana@example.com', jwt: 'eyJ.old', api_key: 'pk_1', secret_key: '' }, null, 2);

describe('CliLoginFile', () => {
  let home: string;
  let folder: string;
  let file: string;
  const modeOf = (name: string): string => (statSync(name).mode & 0o777).toString(8);

  beforeEach(() => {
    home = mkdtempSync(path.join(tmpdir(), 'mbt-cli-'));
    folder = path.join(home, '.magicbell');
    file = path.join(folder, 'config.json');
    mkdirSync(folder);
  });

  afterEach(() => rmSync(home, { recursive: true }));

  const write = (text: string, name = file): void => {
    writeFileSync(name, text);
    chmodSync(name, 0o644);
  };

  it('tells whether there is one without looking into it', async () => {
    const login = new CliLoginFile(home);
    assert.equal(await login.exists(), false);
    assert.equal((await login.read()).login.type, 'none');
    mkdirSync(file);
    assert.equal(await login.exists(), false);
    rmSync(file, { recursive: true });
    write('{');
    chmodSync(file, 0o000);
    assert.equal(await login.exists(), true);
  });

  it('reads a whole one, one of empty strings, and a broken one', async () => {
    const login = new CliLoginFile(home);
    write(whole);
    const read = await login.read();
    assert.equal(read.login.type === 'login' && read.login.token.reveal(), 'eyJ.old');
    assert.deepEqual([read.linkTo, read.isOpenToOthers], [undefined, true]);
    write(whole.replace('eyJ.old', ''));
    assert.equal((await login.read()).login.type, 'loggedOut');
    write(whole.slice(0, 20));
    assert.equal((await login.read()).login.type, 'unreadable');
    write(`${whole}${' '.repeat(300_000)}`);
    assert.equal((await login.read()).login.type, 'unreadable');
  });

  it('follows a link, restricts what it leads to, and leaves the link one', async () => {
    const target = path.join(home, 'dotfiles.json');
    write(whole, target);
    symlinkSync(target, file);
    const login = new CliLoginFile(home);
    assert.equal(await login.exists(), true);
    assert.equal((await login.read()).linkTo, target);
    await login.restrict();
    assert.equal(modeOf(target), '600');
    assert.equal((await login.read()).isOpenToOthers, false);
    assert.equal(await login.replaceToken(new Secret('eyJ.old'), new Secret('eyJ.new')), true);
    assert.equal(readFileSync(target, 'utf8'), whole.replace('eyJ.old', 'eyJ.new'));
    assert.equal(lstatSync(file).isSymbolicLink(), true);
    assert.equal(modeOf(target), '600');
  });

  it('writes the token alone, keeps the mode, and leaves another login and no other file', async () => {
    write(whole);
    const login = new CliLoginFile(home);
    assert.equal(await login.replaceToken(new Secret('eyJ.another'), new Secret('eyJ.new')), false);
    assert.equal(readFileSync(file, 'utf8'), whole);
    assert.equal(await login.replaceToken(new Secret('eyJ.old'), new Secret('eyJ.new')), true);
    assert.equal(readFileSync(file, 'utf8'), whole.replace('eyJ.old', 'eyJ.new'));
    assert.equal(modeOf(file), '644');
    assert.deepEqual(readdirSync(folder), ['config.json']);
  });
});
