import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { GitPatterns } from '../../../src/core/git/gitPatterns.ts';
import { cpuMs } from '../../support/cpuTime.ts';

describe('GitPatterns', function () {
  // Each case asks git itself as well.
  this.timeout(60_000);
  let repo: string;
  before(() => {
    repo = mkdtempSync(path.join(tmpdir(), 'mbt-patterns-'));
    spawnSync('git', ['init', '-q'], { cwd: repo });
  });
  after(() => rmSync(repo, { recursive: true, force: true }));

  /**
   * Which of the files git ignores by each of the texts. Each text is the .gitignore of a folder of its own, so that git is
   * started only once for all of them.
   */
  function ignoredByGit(
    texts: readonly string[],
    files: readonly string[],
    ignoreCase: boolean,
  ): ReadonlyMap<string, readonly string[]> {
    texts.forEach((text, at) => {
      mkdirSync(path.join(repo, `t${at}`), { recursive: true });
      writeFileSync(path.join(repo, `t${at}`, '.gitignore'), text);
    });
    const input = texts.flatMap((_, at) => files.map((file) => `t${at}/${file}`)).join('\0');
    const args = ['-c', `core.ignorecase=${ignoreCase}`, 'check-ignore', '--no-index', '-z', '--stdin'];
    const env = { PATH: process.env['PATH'], HOME: repo, GIT_CONFIG_NOSYSTEM: '1' };
    const { status, stdout } = spawnSync('git', args, { cwd: repo, env, input, encoding: 'utf8' });
    assert.equal(status, 0);
    const ignored = new Set(stdout.split('\0'));
    return new Map(texts.map((text, at) => [text, files.filter((file) => ignored.has(`t${at}/${file}`))]));
  }

  /** From the top down: what lies in an ignored folder is ignored. */
  function ignoredByUs(text: string, files: readonly string[], ignoreCase: boolean): string[] {
    const patterns = new GitPatterns(text, ignoreCase);
    return files.filter((file) => {
      const parts = file.split('/');
      return parts.some((_, at) => patterns.verdict(parts.slice(0, at + 1).join('/'), at < parts.length - 1) === true);
    });
  }

  const files = [
    '.env',
    '.ENV',
    '.env.local',
    'env',
    'a',
    'A',
    'b',
    'c',
    'ab',
    'a b',
    'a ',
    'a]',
    'a-',
    'a\\',
    'a[',
    'a*',
    'a?',
    '!a',
    '#a',
    ' a',
    'aXb',
    'é',
    'aé',
    'z',
    'a/b',
    'a/.env',
    'a/b/.env',
    'a/b/c/.env',
    'b/a/.env',
    'abc/d',
    'd/abc',
    'x/a/b/c',
    'a/x/y/b',
  ];
  const texts = [
    '.env',
    '/.env',
    '.env/',
    'a/',
    '/a/',
    'a/b',
    '/a/b',
    'b/.env',
    '*',
    '*\n!.env',
    '*\n!*/\n!.env',
    '!a\na',
    'a\n!a',
    '#a',
    '\\#a',
    '\\!a',
    '!\\!a',
    '!',
    '/',
    '//',
    ' a',
    'a ',
    'a\\ ',
    'a\\  ',
    'a b',
    'a b  ',
    'a \\',
    'a\\',
    'a\\\\',
    '\\a',
    '.env\r\nb\r\n',
    '\uFEFF.env\n',
    '.e*v',
    '*.env',
    '.env*',
    'a*/.env',
    'a/*/.env',
    'a/**/.env',
    '**/.env',
    '**/a/.env',
    'a/**',
    '/**',
    '**',
    'a**',
    '**b',
    'a**b',
    'a/**/b',
    'a/**b',
    '**/b/**',
    'a/*',
    '*/b',
    '*/*/.env',
    '***/.env',
    'a/***/b',
    'a/**\\/b',
    '?',
    '??',
    'a?b',
    '?env',
    '?/b',
    'a[',
    'a[]',
    'a[]]',
    'a[!]]',
    'a[^b]',
    'a[]b-]',
    'a[b-]',
    'a[-b]',
    'a[!-]',
    'a[a-c]',
    '[a-c]',
    '[c-a]',
    '[a-\\c]',
    '[\\a-c]',
    '[a-',
    '[a-\\',
    '[\\',
    'a[\\]]',
    'a[\\\\]',
    'a[[]',
    'a[[:alpha:]b',
    'a[[:upper:]]b',
    'a[[:nope:]]',
    'a[[:upper:]',
    'a[[:]',
    'a[[:]]',
    'a[[:x]]',
    'a[[:upper:]-z]',
    'a[/]b',
    '[[:alpha:]-]',
    '[!a]',
    '[!/]',
    '*[b]',
    'A',
    '.Env',
    '[A-C]',
    'a[*]',
    'a[?]',
    'a\\*',
    'a\\?',
    'a\\[',
    'é',
    'a*é',
    'x/**/c',
    '*/**/c',
    'a/x/**/b',
  ];
  describe('by each text', () => {
    const git = new Map<boolean, ReadonlyMap<string, readonly string[]>>();
    before(() => {
      for (const ignoreCase of [false, true]) git.set(ignoreCase, ignoredByGit(texts, files, ignoreCase));
    });
    for (const text of texts) {
      it(`ignores by ${JSON.stringify(text)} what git does`, () => {
        for (const ignoreCase of [false, true])
          assert.deepEqual(ignoredByUs(text, files, ignoreCase), git.get(ignoreCase)?.get(text));
      });
    }
  });

  describe('with classes of signs', () => {
    const characters = Array.from({ length: 126 }, (_, code) => `x${String.fromCharCode(code + 1)}`);
    const names = characters.filter((name) => name !== 'x/').concat('xé');
    const classes = 'alnum alpha blank cntrl digit graph lower print punct space upper xdigit'.split(' ');
    const both = (name: string) => [`x[[:${name}:]]`, `x[![:${name}:]]`];
    let git: ReadonlyMap<string, readonly string[]>;
    before(() => {
      git = ignoredByGit(classes.flatMap(both), names, false);
    });
    for (const name of classes) {
      it(`takes the same signs as git for [:${name}:]`, () => {
        for (const text of both(name)) assert.deepEqual(ignoredByUs(text, names, false), git.get(text));
      });
    }
  });

  it('takes no long time for a pattern with many stars', () => {
    const pattern = `${'*a'.repeat(20)}b`;
    assert.ok(cpuMs(() => new GitPatterns(pattern, false).verdict('a'.repeat(60), false)) < 1000);
  });
});
