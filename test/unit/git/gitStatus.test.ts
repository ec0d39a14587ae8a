import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { isInIndex } from '../../../src/core/git/gitIndex.ts';
import { type GitStatus, gitStatus, ignoredFolders, ignoreLine } from '../../../src/core/git/gitStatus.ts';
import { remoteGitFiles } from '../../../src/core/git/remoteGitFiles.ts';
import { cpuMsOf } from '../../support/cpuTime.ts';
import { diskFiles } from '../../support/diskFiles.ts';

describe('gitStatus', function () {
  // Each case asks git itself as well.
  this.timeout(60_000);
  let base: string;
  let repo: string;
  let home: string;

  beforeEach(() => {
    base = realpathSync(mkdtempSync(path.join(tmpdir(), 'mbt-git-')));
    home = path.join(base, 'home');
    repo = path.join(base, 'repo');
    mkdirSync(home);
    mkdirSync(repo);
    git('init', '-q');
  });
  afterEach(() => rmSync(base, { recursive: true, force: true }));

  function git(...args: readonly string[]): string {
    const env = { PATH: process.env['PATH'], HOME: home, GIT_CONFIG_NOSYSTEM: '1' };
    const identity = ['-c', 'user.name=T', '-c', 'user.email=t@example.com'];
    return execFileSync('git', [...identity, ...args], {
      cwd: repo,
      env,
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'pipe'],
    });
  }

  /** What git itself says of a path that is not in its index. */
  function isIgnoredByGit(file: string): boolean {
    try {
      git('check-ignore', '-q', file);
      return true;
    } catch (error) {
      assert.equal((error as { status: number }).status, 1);
      return false;
    }
  }

  function write(file: string, text: string): void {
    mkdirSync(path.dirname(path.join(repo, file)), { recursive: true });
    writeFileSync(path.join(repo, file), text);
  }

  async function statusOf(file: string): Promise<GitStatus> {
    return (await gitStatus(path.join(repo, file), { home })).status;
  }

  /** Through a file system that VS Code serves, where no home is known. */
  async function remoteStatusOf(file: string): Promise<GitStatus> {
    return (await gitStatus(`/repo/${file}`, { home: undefined }, remoteGitFiles(diskFiles(base)))).status;
  }

  const cases: readonly { name: string; files: Record<string, string>; file?: string; expected: GitStatus }[] = [
    { name: 'no pattern', files: {}, expected: 'notIgnored' },
    { name: 'its name', files: { '.gitignore': '.env\n' }, expected: 'ignored' },
    { name: 'a pattern', files: { '.gitignore': '.env*\n' }, file: 'a/.env.local', expected: 'ignored' },
    { name: 'an anchored name elsewhere', files: { '.gitignore': '/.env\n' }, file: 'a/.env', expected: 'notIgnored' },
    { name: 'a negation after it', files: { '.gitignore': '.env*\n!.env\n' }, expected: 'notIgnored' },
    { name: 'a negation before it', files: { '.gitignore': '!.env\n.env\n' }, expected: 'ignored' },
    { name: 'a nested file', files: { 'a/.gitignore': '/.env\n' }, file: 'a/.env', expected: 'ignored' },
    {
      name: 'a nested negation',
      files: { '.gitignore': '.env\n', 'a/.gitignore': '!.env\n' },
      file: 'a/.env',
      expected: 'notIgnored',
    },
    {
      name: 'a negation inside an ignored folder',
      files: { '.gitignore': 'a/\n', 'a/.gitignore': '!.env\n' },
      file: 'a/.env',
      expected: 'ignored',
    },
    { name: 'a pattern for folders only', files: { '.gitignore': '.env/\n' }, expected: 'notIgnored' },
    { name: 'a comment', files: { '.gitignore': '#.env\n' }, expected: 'notIgnored' },
    { name: 'CRLF and a BOM', files: { '.gitignore': '\uFEFF.env\r\nother\r\n' }, expected: 'ignored' },
    { name: 'trailing spaces', files: { '.gitignore': '.env   \n' }, expected: 'ignored' },
    { name: 'another case', files: { '.gitignore': '.ENV\n' }, expected: 'notIgnored' },
    { name: 'info/exclude', files: { '.git/info/exclude': '.env\n' }, expected: 'ignored' },
    {
      name: 'info/exclude against a .gitignore',
      files: { '.git/info/exclude': '.env\n', '.gitignore': '!.env\n' },
      expected: 'notIgnored',
    },
    { name: 'the usual excludes file', files: { '../home/.config/git/ignore': '.env\n' }, expected: 'ignored' },
    {
      name: 'core.excludesFile',
      files: { '../home/.gitconfig': '[core]\n\texcludesFile = "~/my ignore" ; mine\n', '../home/my ignore': '.env\n' },
      expected: 'ignored',
    },
    {
      name: 'core.excludesFile of the repository instead of the user',
      files: {
        '../home/.gitconfig': '[core]\nexcludesfile = ~/mine\n',
        '../home/mine': '.env\n',
        '.git/config': '[core]\n\trepositoryformatversion = 0\n\texcludesfile = /nowhere\n',
      },
      expected: 'notIgnored',
    },
    {
      name: 'an excludes file that is named in quotes, with signs that need a backslash',
      files: {
        '../home/.gitconfig': '[core]\nexcludesFile = "~/my \\"; ignore" # x\n',
        '../home/my "; ignore': '.env\n',
      },
      expected: 'ignored',
    },
    {
      name: 'an excludes file of no name, instead of the usual one',
      files: { '../home/.gitconfig': '[core]\nexcludesFile =\n', '../home/.config/git/ignore': '.env\n' },
      expected: 'notIgnored',
    },
    {
      name: 'the configuration beside the usual excludes file',
      files: { '../home/.config/git/config': '[core]\nexcludesFile = ~/mine\n', '../home/mine': '.env\n' },
      expected: 'ignored',
    },
    { name: 'a .gitignore that is a folder', files: { '.gitignore/x': '.env\n' }, expected: 'notIgnored' },
    {
      name: 'a folder that is none yet',
      files: { '.gitignore': '.env\n' },
      file: 'new/deep/.env',
      expected: 'ignored',
    },
    {
      name: 'a pattern of a folder above, with a path',
      files: { 'a/.gitignore': 'b/.env\n' },
      file: 'a/b/.env',
      expected: 'ignored',
    },
    {
      name: 'core.ignoreCase',
      files: { '.git/config': '[core]\n\tignorecase = true\n', '.gitignore': '.ENV\n' },
      expected: 'ignored',
    },
  ];
  const settings: readonly (readonly [text: string, isSet: boolean])[] = [
    ['[core]\nignorecase', true],
    ['[core]\nignorecase = TRUE', true],
    ['[CORE]\nIgnoreCase=yes', true],
    ['[core] ignorecase = on', true],
    ['[core]\n ignorecase = 1 # why', true],
    ['[core]\nignorecase = "true" ; why', true],
    ['[core]\r\nignorecase = true\r', true],
    ['[core]\nignorecase = false', false],
    ['[core]\nignorecase = true\nignorecase = false', false],
    ['[core]\n#ignorecase = true', false],
    ['[core]\n;ignorecase = true', false],
    ['[other]\nignorecase = true', false],
    ['[core]\n[other]\nignorecase = true', false],
  ];
  for (const [text, isSet] of settings) {
    it(`reads ${JSON.stringify(text)} as git does`, async () => {
      write('../home/.gitconfig', `${text}\n`);
      write('.git/config', '[core]\n\trepositoryformatversion = 0\n');
      write('.gitignore', '.ENV\n');
      assert.equal(await statusOf('.env'), isSet ? 'ignored' : 'notIgnored');
      assert.equal(isIgnoredByGit('.env'), isSet);
    });
  }

  for (const { name, files, file = '.env', expected } of cases) {
    it(`is ${expected} by ${name}, as git says`, async () => {
      for (const [each, text] of Object.entries(files)) write(each, text);
      assert.equal(await statusOf(file), expected);
      assert.equal(isIgnoredByGit(file), expected === 'ignored');
      if (Object.keys(files).every((each) => !each.startsWith('../home')))
        assert.equal(await remoteStatusOf(file), expected);
    });
  }

  it('does not count an excludes file when the configuration includes another', async () => {
    write('../home/.gitconfig', '[core]\nexcludesFile = ~/mine\n[include]\npath = other\n');
    write('../home/mine', '.env\n');
    assert.equal(await statusOf('.env'), 'notIgnored');
  });

  it('does not follow a .gitignore that is a link, as git does not', async () => {
    write('patterns', '.env\n');
    symlinkSync('patterns', path.join(repo, '.gitignore'));
    assert.equal(await statusOf('.env'), 'notIgnored');
    assert.equal(await remoteStatusOf('.env'), 'notIgnored');
    assert.equal(isIgnoredByGit('.env'), false);
  });

  it('says the same of the index, of folders and of no repository where VS Code serves the files', async () => {
    write('.gitignore', '.env*\nbuild/\n');
    write('.env', '');
    git('add', '-f', '.env');
    const files = remoteGitFiles(diskFiles(base));
    assert.equal(await remoteStatusOf('.env'), 'tracked');
    const isIgnored = await ignoredFolders('/repo', { home: undefined }, files);
    assert.deepEqual([await isIgnored('/repo/build'), await isIgnored('/repo/apps')], [true, false]);
    assert.equal((await gitStatus('/home/.env', { home: undefined }, files)).status, 'noRepository');
    // A working tree of another one names git's folder by its path there, which is none here.
    rmSync(path.join(repo, '.git'), { recursive: true });
    write('.git', 'gitdir: C:/elsewhere\n');
    assert.equal(await remoteStatusOf('.env'), 'unknown');
    const refusing = { ...diskFiles(base), stat: () => Promise.reject(new Error('no answer')) };
    assert.equal((await gitStatus('/repo/.env', { home: undefined }, remoteGitFiles(refusing))).status, 'unknown');
  });

  for (const version of ['2', '3', '4']) {
    it(`is tracked by the index, version ${version}, whatever the patterns say`, async () => {
      // From 128 bytes on the index needs a byte more to say how much of the name before is dropped.
      const long = 'l'.repeat(150);
      const files = ['.env', 'a/.env', 'a/.env.local', 'a/b/x', `${long}/.env`, `${long}/x`, 'é/ü', 'z'];
      for (const file of files) write(file, '');
      write('.gitignore', '.env*\n');
      git('add', '-f', '.');
      if (version === '3') {
        write('later', '');
        git('add', '--intent-to-add', 'later');
      }
      git('update-index', '--index-version', version);
      for (const file of files) {
        assert.equal(await statusOf(file), 'tracked', file);
      }
      assert.equal(await statusOf('a/b/.env'), 'ignored');
      assert.equal(await statusOf('a/b'), 'notIgnored');
      git('rm', '-q', '--cached', 'a/.env');
      assert.equal(await statusOf('a/.env'), 'ignored');
      assert.equal(await statusOf('a/.env.local'), 'tracked');
    });
  }

  it('reads the index of a SHA-256 repository', async () => {
    rmSync(path.join(repo, '.git'), { recursive: true });
    git('init', '-q', '--object-format=sha256');
    write('.env', '');
    write('b', '');
    git('add', '.');
    assert.equal(await statusOf('.env'), 'tracked');
    assert.equal(await statusOf('.env.local'), 'notIgnored');
  });

  it('is unknown with a split index, and with one that is cut short', async () => {
    write('.env', '');
    write('b', '');
    git('add', '.');
    git('update-index', '--split-index');
    assert.equal(await statusOf('.env.local'), 'unknown');
    git('update-index', '--no-split-index');
    assert.equal(await statusOf('.env.local'), 'notIgnored');
    const index = path.join(repo, '.git', 'index');
    writeFileSync(index, readFileSync(index).subarray(0, 60));
    assert.equal(await statusOf('.env'), 'unknown');
  });

  it('is unknown for what a sparse index keeps as a whole folder', async () => {
    write('a/.env', '');
    write('b/c', '');
    git('add', '.');
    git('commit', '-qm', 'all');
    git('sparse-checkout', 'set', '--cone', '--sparse-index', 'b');
    assert.equal(await statusOf('a/.env'), 'unknown');
    assert.equal(await statusOf('b/c'), 'tracked');
    assert.equal(await statusOf('b/.env'), 'notIgnored');
  });

  it('knows linked working trees, and nested repositories', async () => {
    write('.gitignore', '.env\n');
    write('b', '');
    git('add', '.');
    git('commit', '-qm', 'all');
    git('worktree', 'add', '-q', '../linked');
    write('.git/info/exclude', 'only-here\n');
    assert.equal(await statusOf('../linked/.env'), 'ignored');
    assert.equal(await statusOf('../linked/b'), 'tracked');
    assert.equal(await statusOf('../linked/only-here'), 'ignored');
    git('init', '-q', 'nested');
    assert.equal(await statusOf('nested/.env'), 'notIgnored');
    assert.deepEqual(await gitStatus(path.join(repo, 'nested', '.env'), { home }), {
      status: 'notIgnored',
      root: path.join(repo, 'nested'),
    });
  });

  it('is unknown where the working tree is said to be elsewhere, and known where it is said to be here', async () => {
    write('.gitignore', '.env\n');
    write('.git/config', `[core]\n\trepositoryformatversion = 0\n\tworktree = ${home}\n`);
    assert.equal(await statusOf('.env'), 'unknown');
    write('.git/config', '[core]\n\trepositoryformatversion = 0\n\tworktree = ../\n');
    assert.equal(await statusOf('.env'), 'ignored');
  });

  it('reads the settings of a working tree of its own, where they are in use', async () => {
    write('.gitignore', '.ENV\n');
    write('.git/config.worktree', '[core]\n\tignorecase = true\n');
    write('.git/config', '[core]\n\trepositoryformatversion = 1\n');
    assert.equal(await statusOf('.env'), 'notIgnored');
    write('.git/config', '[core]\n\trepositoryformatversion = 1\n[extensions]\n\tworktreeConfig = true\n');
    assert.equal(await statusOf('.env'), 'ignored');
    assert.equal(isIgnoredByGit('.env'), true);
  });

  it('is tracked whatever the case where git does not mind it', async () => {
    write('.ENV', '');
    git('add', '.');
    assert.equal(await statusOf('.env'), 'notIgnored');
    write('.git/config', '[core]\n\trepositoryformatversion = 0\n\tignorecase = true\n');
    assert.equal(await statusOf('.env'), 'tracked');
  });

  it('is unknown with an index that is none, or of a later version', async () => {
    write('.env', '');
    write('b', '');
    git('add', '.');
    const index = path.join(repo, '.git', 'index');
    const bytes = readFileSync(index);
    for (const [at, byte] of [
      [0, 0x58],
      [7, 5],
      [7, 1],
    ] as const) {
      const changed = Buffer.from(bytes);
      changed[at] = byte;
      writeFileSync(index, changed);
      assert.equal(await statusOf('.env'), 'unknown');
    }
    for (let end = 0; end < 31; end++) {
      writeFileSync(index, bytes.subarray(0, end));
      assert.equal(await statusOf('.env'), 'unknown', `cut at ${end}`);
    }
  });

  it('is unknown below another repository that is in the index', async () => {
    git('init', '-q', 'sub');
    write('sub/x', '');
    execFileSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@x', 'commit', '-qm', 'x', '--allow-empty'], {
      cwd: path.join(repo, 'sub'),
      env: { PATH: process.env['PATH'], HOME: home, GIT_CONFIG_NOSYSTEM: '1' },
    });
    git('add', 'sub');
    rmSync(path.join(repo, 'sub', '.git'), { recursive: true });
    assert.equal(await statusOf('sub/.env'), 'unknown');
    assert.equal(await statusOf('subway/.env'), 'notIgnored');
  });

  it('is unknown where .git is none of git’s, and noRepository where there is none', async () => {
    assert.equal(await statusOf('../.env'), 'noRepository');
    write('broken/.git', 'nonsense\n');
    assert.equal(await statusOf('broken/.env'), 'unknown');
    mkdirSync(path.join(repo, 'empty', '.git'), { recursive: true });
    assert.equal(await statusOf('empty/.env'), 'unknown');
  });

  it('says what git says, whatever the patterns', async () => {
    const pieces = [
      '.env',
      'a',
      'b',
      'é',
      '*',
      '**',
      '/',
      '!',
      '?',
      '[.]env',
      '[!a-c',
      '[[:alpha:]_',
      ']',
      '\\',
      ' ',
      '.e',
      '#',
      '-',
    ];
    const pattern = fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 6 }).map((each) => each.join(''));
    const patterns = fc.array(pattern, { maxLength: 4 }).map((lines) => lines.join('\n'));
    const files = fc.constantFrom('.env', 'a/.env', 'a/b/.env', 'a/b é/.env');
    let ignored = 0;
    await fc.assert(
      fc.asyncProperty(
        patterns,
        patterns,
        patterns,
        files,
        fc.boolean(),
        async (top, nested, exclude, file, ignoreCase) => {
          write('.gitignore', top);
          write('a/.gitignore', nested);
          write('.git/info/exclude', exclude);
          write('.git/config', `[core]\n\trepositoryformatversion = 0\n\tignorecase = ${String(ignoreCase)}\n`);
          const isIgnored = isIgnoredByGit(file);
          assert.equal(await statusOf(file), isIgnored ? 'ignored' : 'notIgnored');
          if (isIgnored) ignored += 1;
        },
      ),
      { numRuns: 100 },
    );
    assert.ok(ignored > 5, `only ${ignored} were ignored`);
  });

  it('is asked for thousands of folders in limited time, whatever the patterns', async () => {
    const lines = Array.from({ length: 6000 }, (_, at) => `*a*${at}*b*c`).join('\n');
    write('.gitignore', `cache*\n${lines}\n!kept\n`);
    const isIgnored = await ignoredFolders(repo, { home });
    assert.equal(await isIgnored(path.join(repo, 'kept')), false);
    const spentMs = await cpuMsOf(async () => {
      for (let at = 0; at < 3000; at++) await isIgnored(path.join(repo, `cache-${'a'.repeat(20)}${at}`));
    });
    assert.ok(spentMs < 5000, `${Math.round(spentMs)} ms`);
    assert.equal(await isIgnored(path.join(repo, 'kept')), true, 'what it can no longer judge is left out');
  });

  it('lets other work run while it reads a large index', async () => {
    const count = 200_000;
    const entry = Buffer.alloc(72);
    entry.writeUInt32BE(0o100644, 24);
    entry.writeUInt16BE(8, 60);
    entry.write('src/a.ts', 62);
    const head = Buffer.concat([Buffer.from('DIRC\0\0\0\x02'), Buffer.alloc(4)]);
    head.writeUInt32BE(count, 8);
    const index = Buffer.concat([head, ...Array.from({ length: count }, () => entry), Buffer.alloc(20)]);
    let turns = 0;
    const tick = (): void => {
      turns += 1;
      ticking = setImmediate(tick);
    };
    let ticking = setImmediate(tick);
    assert.equal(await isInIndex(index, '.env', 20, false), false);
    clearImmediate(ticking);
    assert.ok(turns >= 4, `${turns} turns`);
  });

  it('makes a line that ignores just this path', async () => {
    for (const file of ['.env', 'a/.env.local', 'with space/.env', '[x]/.env*', '#a/.env', '!a/.env', 'b\\c/.env ']) {
      write('.gitignore', `${ignoreLine(file)}\n`);
      assert.equal(await statusOf(file), 'ignored', file);
      assert.ok(isIgnoredByGit(file), file);
      assert.equal(isIgnoredByGit(`other/${file}`), false, file);
    }
  });
});
