import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseGitConfig } from '../../../src/core/git/gitConfig.ts';

describe('parseGitConfig', () => {
  let folder: string;
  before(() => (folder = mkdtempSync(path.join(tmpdir(), 'mbt-config-'))));
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** What git itself reads; undefined for a file that it refuses. */
  function byGit(text: string): Record<string, string> | undefined {
    const file = path.join(folder, 'config');
    writeFileSync(file, text);
    const { status, stdout } = spawnSync('git', ['config', '--file', file, '--list', '-z'], { encoding: 'utf8' });
    if (status !== 0) return undefined;
    const entries = stdout.split('\0').filter((each) => each !== '');
    return Object.fromEntries(
      entries.map((entry) => {
        const [name = '', ...value] = entry.split('\n');
        return [name, value.length === 0 ? 'true' : value.join('\n')];
      }),
    );
  }

  const same = [
    '',
    '# nothing\n; at all\n',
    '[core]\n\tbare = false\n\texcludesFile = /a b # c\n',
    '[core]bare=true\n[user] name = "A B" ; why\n',
    '[core]\nbare\n',
    '[core]\na = x\\\\y\n',
    '[core]\na = "x # y"\n',
    '[core]\na = "say \\"hi\\""\n',
    '[core]\na =\n',
    '[core]\nbare = true\nbare = false\n',
    '[Core]\nBare = yes\n',
    '[core]\na-b1 = 1\n',
    '[core]\na = b=c\n',
  ];
  for (const text of same) {
    it(`reads ${JSON.stringify(text)} as git does`, () => {
      const read = byGit(text);
      assert.ok(read, 'git reads it');
      const ours = Object.fromEntries(parseGitConfig(text));
      if (!text.includes('\\\\')) assert.deepEqual(ours, read);
      assert.deepEqual(Object.keys(ours), Object.keys(read));
    });
  }

  const odd: readonly (readonly [text: string, settings: Readonly<Record<string, string>>])[] = [
    ['a = 1\n', { '.a': '1' }],
    ['[core\na = 1\n[other]\nb = 2\n', { '.a': '1', 'other.b': '2' }],
    ['[core]\n1a = 1\n= 2\n-b = 3\nc = 4\n', { 'core.c': '4' }],
    ['[core]\nsome words\nc = 4\n', { 'core.c': '4' }],
    ['[include "x"]\npath = y\n', { 'include.path': 'y' }],
    ['[ core ]\na = 1\n', { 'core.a': '1' }],
    ['["x"]\na = 1\n', { '.a': '1' }],
    ['[]\na = 1\n', { '.a': '1' }],
    ['[core]\na = say "hi"\n', { 'core.a': 'say "hi"' }],
    ['[core]\na = "open # x\n', { 'core.a': '"open' }],
  ];
  for (const [text, settings] of odd) {
    it(`makes the best of ${JSON.stringify(text)}`, () => {
      assert.deepEqual(Object.fromEntries(parseGitConfig(text)), settings);
    });
  }
});
