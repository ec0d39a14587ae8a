import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { projectDir } from '../support/vscode/paths.ts';

describe('npm run reports', function () {
  // Twenty runs of mocha, one after the other.
  this.timeout(180_000);

  const run = (...args: string[]) => {
    const program = path.join(projectDir, 'test', 'run', 'reports.ts');
    return spawnSync(process.execPath, ['--import', 'tsx', program, ...args], { encoding: 'utf8', cwd: projectDir });
  };

  it('finds that a sample of the user reports has tests that bite', () => {
    const { status, stdout, stderr } = run('--sample', '10');
    assert.equal(status, 0, stdout + stderr);
    assert.match(stdout, /^user reports: 49 lines, 10 bite, \d+ by hand, \d+ slow$/m);
  });

  it('fails when nothing is chosen', () => assert.equal(run('50').status, 1));
});
