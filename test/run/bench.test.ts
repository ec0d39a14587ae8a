import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { readOptions } from '../bench/bench.ts';
import { count, isPassed, judge } from '../bench/lines.ts';
import { summarize } from '../bench/statistics.ts';
import { kindsFor } from '../bench/windowLines.ts';
import { projectDir } from '../support/vscode/paths.ts';

const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => last - index);

describe('npm run bench', function () {
  this.timeout(30_000);

  it('knows where the true median lies, from the order of the samples', () => {
    assert.deepEqual(summarize(upTo(15)), { median: 8, min: 1, max: 15, low: 4, high: 12, count: 15 });
    assert.deepEqual(summarize(upTo(7)), { median: 4, min: 1, max: 7, low: 1, high: 7, count: 7 });
    assert.equal(summarize([1, 2, 4, 100]).median, 3);
    assert.throws(() => summarize([]), /no sample/);
  });

  it('judges a ratio by the median of its double pairs, and fails only for what is no aim', () => {
    const line = (ours: readonly number[], isAim: boolean) =>
      judge({
        kind: 'ratio',
        name: 'a',
        floorName: 'b',
        unit: 'ms',
        pairs: ours.map((each) => ({ ours: each, floor: 10 })),
        limit: 1.2,
        isAim,
      });
    // Who is first pays twice: equal in the mean.
    assert.equal(line([20, 5], false).ratio?.median, 1);
    assert.equal(line([20, 6, 20, 6, 90, 90], false).isMet, true);
    assert.equal(line([20, 6, 20, 8, 90, 90], false).isMet, false);
    assert.throws(() => line([11, 12, 13], false), /3 pairs/);
    assert.equal(isPassed([line([13, 14], true), judge(count('c', 1, 1, 'requests'))]), true);
    assert.equal(isPassed([line([13, 14], false)]), false);
    assert.equal(isPassed([judge(count('c', 2, 1, 'requests'))]), false);
  });

  it('takes only the samples that the lines of a name need', () => {
    assert.deepEqual(kindsFor('10,000 Users'), ['users']);
    assert.deepEqual(kindsFor('first row'), ['firstRow']);
    assert.deepEqual(kindsFor('requests'), ['idle']);
    assert.deepEqual(kindsFor('the package'), []);
  });

  it('says what it can do when it is asked for something else', () => {
    for (const args of [
      ['--extension', '/nowhere'],
      ['--write', '--only', 'first row'],
    ])
      assert.throws(() => readOptions(args), /Usage: npm run bench/);
    const program = path.join(projectDir, 'test', 'run', 'bench.mjs');
    const { status, stderr } = spawnSync(process.execPath, [program, '--fast'], { encoding: 'utf8' });
    assert.equal(status, 1);
    assert.match(stderr, /Usage: npm run bench/);
  });
});
