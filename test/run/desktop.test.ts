import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectDir } from '../support/vscode/paths.ts';
import { temporaryFolder } from '../support/vscode/temporaryFolder.ts';

/** Stands in for a desktop VS Code: notes its arguments, then does to the run of tests what it is told. */
const standIn = `#!/usr/bin/env node
const { appendFileSync, writeFileSync } = require('node:fs');
const path = require('node:path');
writeFileSync(path.join(__dirname, 'arguments.json'), JSON.stringify(process.argv.slice(2)));
const tests = process.argv.find((each) => each.startsWith('--extensionTestsPath=')).split('=')[1];
const tell = (event) => appendFileSync(path.join(path.dirname(tests), 'events.jsonl'), JSON.stringify(event) + '\\n');
const pass = { type: 'pass', title: 'Thing works', ms: 1 };
const fail = { type: 'fail', title: 'Thing breaks', error: 'Error: broken' };
const todo = {
  passes: () => [pass, { type: 'end' }].forEach(tell),
  fails: () => { [pass, fail, { type: 'end' }].forEach(tell); process.exit(1); },
  'says nothing': () => undefined,
  'runs nothing': () => tell({ type: 'end' }),
  'is killed half-way': () => { tell(pass); process.kill(process.pid, 'SIGKILL'); },
  'ends with a code after passing': () => { [pass, { type: 'end' }].forEach(tell); process.exit(3); },
  'loads the tests': () => require(tests).run().catch(() => process.exit(1)),
};
todo[process.env.STAND_IN]();
`;

interface Result {
  status: number | null;
  stdout: string;
  stderr: string;
  last: string | undefined;
  /** The arguments that VS Code was started with, the last time. */
  given: readonly string[];
}

describe('npm run test:desktop', function () {
  this.timeout(30_000);

  const folder = temporaryFolder('desktop');
  const executable = path.join(folder, 'code.cjs');
  writeFileSync(executable, standIn, { mode: 0o755 });

  const results = new Map<string, Result>();
  /** What came of a run; each is made once. */
  function run(does: string): Result {
    const result = results.get(does) ?? runWith(executable, does);
    results.set(does, result);
    return result;
  }

  function runWith(chosen: string, does: string): Result {
    const env = { ...process.env, VSCODE_EXECUTABLE_PATH: chosen, STAND_IN: does };
    const program = path.join(projectDir, 'test', 'run', 'desktop.mjs');
    const { status, stdout, stderr } = spawnSync(process.execPath, [program], { env, encoding: 'utf8' });
    const noted = path.join(folder, 'arguments.json');
    const given = existsSync(noted) ? (JSON.parse(readFileSync(noted, 'utf8')) as string[]) : [];
    return { status, stdout, stderr, last: stdout.trim().split('\n').at(-1), given };
  }

  // Twice each: the tests of the bundle as it starts by itself, and those of the flows.
  for (const [does, status, last, says] of [
    ['passes', 0, '2 passed, 0 failed', ''],
    ['fails', 1, '2 passed, 2 failed', ''],
    ['says nothing', 1, '0 passed, 2 failed', 'ended before all tests were run'],
    ['runs nothing', 1, '0 passed, 2 failed', 'no test was run'],
    ['is killed half-way', 1, '2 passed, 2 failed', 'SIGKILL'],
    ['ends with a code after passing', 1, '2 passed, 2 failed', 'code 3'],
  ] as const) {
    it(`ends with ${status} when VS Code ${does}`, () => {
      const result = run(does);
      assert.equal(result.status, status);
      assert.equal(result.last, last);
      assert.ok(result.stderr.includes(says), result.stderr);
    });
  }

  it('names the failing test and its error', () => {
    assert.match(run('fails').stdout, /✗ Thing breaks\n +Error: broken/);
  });

  it('fails when the tests cannot be loaded, as in a program that is no VS Code', () => {
    const result = run('loads the tests');
    assert.equal(result.status, 1);
    assert.match(result.stdout, /could not be loaded/);
  });

  it('hands over the built extension, the tests and a user data folder of its own', () => {
    const { given } = run('passes');
    assert.ok(given.some((each) => each.startsWith('--extensionDevelopmentPath=')));
    assert.ok(given.some((each) => each.startsWith('--extensionTestsPath=') && each.endsWith('index.cjs')));
    assert.ok(given.includes('--user-data-dir'));
    assert.ok(given.includes('--disable-workspace-trust'));
  });

  it('says so when the chosen VS Code does not exist', () => {
    const result = runWith(path.join(folder, 'nothing'), 'passes');
    assert.equal(result.status, 1);
    assert.match(result.stderr, /does not exist/);
  });
});
