import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { CommandPlace, DotenvPlace } from '../../../src/core/delivery/place.ts';
import { reviveRotation } from '../../../src/core/reminders/rotation.ts';

const rotating = path.join(import.meta.dirname, '../../support/rotatingProcess.ts');

describe('A rotation to a file and two programs', function () {
  this.timeout(60_000);
  let folder: string;
  beforeEach(() => (folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'mbt-places-')))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** A program that adds a line to what it was called with, and one to what it was given. */
  function program(name: string): CommandPlace {
    const file = path.join(folder, name);
    writeFileSync(file, '#!/bin/sh\necho "$@" >> "$0.args"\ncat >> "$0.stdin"\necho >> "$0.stdin"\n');
    chmodSync(file, 0o755);
    return { type: 'command', label: name, steps: [[file, 'set', 'TOKEN']], folder, opensStdin: false };
  }

  const linesOf = (name: string): readonly string[] => {
    const file = path.join(folder, name);
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  };
  const textOf = (below: string): string =>
    readdirSync(path.join(folder, below))
      .map((name) => readFileSync(path.join(folder, below, name), 'utf8'))
      .join('\n');

  for (const cutAt of ['after a delivery', 'before the journal knows']) {
    it(`is in each of them once, and the rest is offered, when its process is killed ${cutAt}, each time`, () => {
      const file = path.join(folder, '.env');
      writeFileSync(file, '# kept\n');
      const env: DotenvPlace = {
        ...{ type: 'dotenv', folder, path: file },
        ...{ shown: '.env', variable: 'TOKEN', agreed: [] },
      };
      const places = JSON.stringify([env, program('gh'), program('vercel')]);
      const left: number[] = [];
      for (;;) {
        const args = ['--import', 'tsx', rotating, folder, left.length > 4 ? 'never' : cutAt, places];
        const { stdout, stderr, status, signal } = spawnSync(process.execPath, args, { encoding: 'utf8' });
        left.push(Number(stdout));
        if (signal === 'SIGKILL') continue;
        assert.equal(status, 0, stderr);
        break;
      }
      assert.deepEqual(left, cutAt === 'after a delivery' ? [3, 2, 1, 0] : [3, 3, 2, 1]);

      const [value = ''] = linesOf('gh.stdin');
      assert.match(value, /^VALUE-/);
      assert.equal(readFileSync(file, 'utf8'), `# kept\nTOKEN=${value}\n`);
      for (const name of ['gh', 'vercel']) {
        assert.deepEqual(linesOf(`${name}.stdin`), [value]);
        assert.deepEqual(linesOf(`${name}.args`), ['set TOKEN']);
      }
      // It is over: the old token is due a minute after the last delivery, and the value is nowhere else.
      const rotation = reviveRotation(JSON.parse(textOf('rotations')));
      assert.ok(rotation?.revokeAt !== undefined && rotation.revokeAt.getTime() <= Date.now() + 60_000);
      for (const text of [textOf('issuances'), linesOf('slots.json').join('\n')]) assert.ok(!text.includes(value));
    });
  }
});
