import assert from 'node:assert/strict';
import { Leases, isProcessAlive, leaseMs } from '../../../src/core/base/lease.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { MemoryFolder, fileError } from '../../support/memoryJournalFiles.ts';

describe('Leases', () => {
  let clock: FakeClock;
  let folder: MemoryFolder;
  let dead: Set<number>;
  let first: Leases;
  let second: Leases;
  const open = (pid: number, hostname = 'here'): Leases =>
    new Leases(folder.openedBy(), { windowId: `w${pid}`, pid, hostname }, clock, (other) => !dead.has(other));
  const later = (ms: number): void => clock.set(new Date(clock.now().getTime() + ms));

  beforeEach(() => {
    clock = new FakeClock();
    folder = new MemoryFolder(clock);
    dead = new Set();
    first = open(1);
    second = open(2);
  });

  it('holds for whom takes it first, and for nobody else', async () => {
    assert.equal(await first.take('a'), true);
    assert.equal(await second.take('a'), false);
    assert.equal(await first.take('a'), true);
    assert.deepEqual([await first.holds('a'), await second.holds('a')], [true, false]);
    assert.deepEqual([await first.renew('a'), await second.renew('a')], [true, false]);
  });

  it('is one claim for each issuance', async () => {
    await first.take('a');
    await first.take('a.1');
    assert.equal(await second.take('b'), true);
    assert.equal(await first.holds('b'), false);
  });

  it('goes to one of two that take it at once', async () => {
    await first.take('a');
    dead.add(1);
    const third = open(3);
    const taken = await Promise.all([second.take('a'), third.take('a')]);
    assert.deepEqual(taken.sort(), [false, true]);
  });

  it('goes on at once when the holder’s process is gone', async () => {
    await first.take('a');
    dead.add(1);
    assert.equal(await second.take('a'), true);
    assert.deepEqual([await first.holds('a'), await second.holds('a')], [false, true]);
    assert.equal(await first.renew('a'), false);
  });

  it('goes on at once when it was given up', async () => {
    await first.take('a');
    await second.abandon('a');
    assert.equal(await second.take('a'), false, 'who does not hold it cannot give it up');
    await first.abandon('a');
    assert.equal(await second.take('a'), true);
  });

  it('goes on when the lease is over and stays so', async () => {
    await first.take('a');
    later(leaseMs);
    assert.equal(await second.take('a'), false);
    later(1);
    assert.equal(await second.take('a'), false, 'seen for the first time');
    later(leaseMs / 2 - 1);
    assert.equal(await second.take('a'), false);
    later(1);
    assert.equal(await second.take('a'), true);
  });

  it('does not go on when the holder renews between two looks', async () => {
    await first.take('a');
    later(8 * 3600_000);
    assert.equal(await second.take('a'), false);
    await first.renew('a');
    later(leaseMs / 2);
    assert.equal(await second.take('a'), false);
    later(leaseMs);
    assert.equal(await second.take('a'), false, 'an older look counts for nothing');
  });

  it('does not go on at once when the clock was set back', async () => {
    await first.take('a');
    later(-3600_000);
    assert.equal(await second.take('a'), false);
    await first.renew('a');
    later(leaseMs / 2);
    assert.equal(await second.take('a'), false);
  });

  it('goes on in the end when the clock was set back and the holder is gone', async () => {
    await first.take('a');
    later(-3600_000);
    await second.take('a');
    later(-60_000);
    assert.equal(await second.take('a'), false);
    later(leaseMs / 2);
    assert.equal(await second.take('a'), true);
  });

  it('believes nothing of a process on another machine but its lease', async () => {
    const elsewhere = open(9, 'there');
    await elsewhere.take('a');
    dead.add(9);
    assert.equal(await first.take('a'), false);
  });

  for (const content of ['', 'null', '{"windowId":']) {
    it(`leaves a claim that holds ${content || 'nothing'} to its lease`, async () => {
      folder.write('a.1.claim', content);
      assert.equal(await second.take('a'), false);
      later(leaseMs + 1);
      await second.take('a');
      later(leaseMs);
      assert.equal(await second.take('a'), true);
    });
  }

  it('has the highest generation as its holder, with ten or more of them', async () => {
    let pid = 10;
    for (let generation = 1; generation <= 11; generation++) {
      assert.equal(await open((pid += 1)).take('a'), true);
      dead.add(pid);
    }
    assert.ok(folder.files.has('a.11.claim'));
    assert.equal(await second.take('a'), true);
  });

  it('removes all generations of one issuance and no others', async () => {
    await first.take('a');
    dead.add(1);
    await second.take('a');
    await second.take('ab');
    folder.write('a.json', '{}');
    folder.write('a.x.claim', '{}');
    await second.remove('a');
    assert.deepEqual([...folder.files.keys()].sort(), ['a.json', 'a.x.claim', 'ab.1.claim']);
  });

  it('renews nothing that is not there', async () => {
    assert.equal(await first.renew('a'), false);
    assert.equal(await first.holds('a'), false);
    await first.abandon('a');
    assert.equal(folder.files.size, 0);
  });
});

describe('isProcessAlive', () => {
  it('knows this process, and one that never was', () => {
    assert.equal(isProcessAlive(process.pid), true);
    assert.equal(isProcessAlive(2 ** 22 + 1), false);
  });

  it('counts one of another user as running', () => {
    const kill = process.kill.bind(process);
    process.kill = () => {
      throw fileError('EPERM');
    };
    try {
      assert.equal(isProcessAlive(1), true);
    } finally {
      process.kill = kill;
    }
  });
});
