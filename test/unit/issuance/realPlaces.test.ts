import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock } from '../../../src/core/base/clock.ts';
import type { DeliveryOutcome } from '../../../src/core/delivery/clipboard.ts';
import { runCommand } from '../../../src/core/delivery/commandRun.ts';
import { DotenvWriter } from '../../../src/core/delivery/dotenvFile.ts';
import type { CommandPlace, DotenvPlace } from '../../../src/core/delivery/place.ts';
import { openPlaces } from '../../../src/core/issuance/places.ts';
import { type IssuanceWindow, Machine } from '../../support/issuanceWindow.ts';

const never = new AbortController().signal;

describe('A value for a file and two programs', function () {
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

  /** Delivers to the next place that is left. */
  async function deliverNext(machine: Machine, window: IssuanceWindow): Promise<DeliveryOutcome | undefined> {
    const [pending] = window.service.pending;
    const place = pending === undefined ? undefined : openPlaces(pending.issuance)[0];
    if (pending === undefined || place === undefined) return undefined;
    return window.service.deliver(
      pending.issuance.id,
      async (value) => {
        if (place.type === 'command')
          return (await runCommand({ ...place, timeoutMs: 30_000 }, value, systemClock, never)).outcome;
        assert.ok(place.type === 'dotenv');
        const writer = new DotenvWriter(machine.folder.openedBy(window.life));
        return (await writer.write(place.path, place.variable, value)).ok ? 'confirmed' : 'failed';
      },
      place,
    );
  }

  it('is in each of them once, when VS Code is killed between every two deliveries', async () => {
    const file = path.join(folder, '.env');
    writeFileSync(file, '# kept\n');
    const env: DotenvPlace = {
      ...{ type: 'dotenv', folder, path: file },
      ...{ shown: '.env', variable: 'TOKEN', agreed: [] },
    };
    const machine = new Machine();
    let window = machine.open();
    await window.issue({ places: [env, program('gh'), program('vercel')] });
    const seen: number[] = [];
    for (;;) {
      seen.push(window.service.pending.flatMap(({ issuance }) => openPlaces(issuance)).length);
      if ((await deliverNext(machine, window)) === undefined) break;
      window.life.kill();
      window = machine.open();
      await window.service.scan();
    }
    assert.deepEqual(seen, [3, 2, 1, 0]);
    const [value = ''] = linesOf('gh.stdin');
    assert.match(value, /^VALUE-/);
    assert.equal(readFileSync(file, 'utf8'), `# kept\nTOKEN=${value}\n`);
    for (const name of ['gh', 'vercel']) {
      assert.deepEqual(linesOf(`${name}.stdin`), [value]);
      assert.deepEqual(linesOf(`${name}.args`), ['set TOKEN']);
    }
    assert.ok(!machine.folder.text.includes(value));
    assert.deepEqual(machine.keptValues, []);
  });
});
