import assert from 'node:assert/strict';
import { Leases, type Owner } from '../../../src/core/base/lease.ts';
import { lockBy } from '../../../src/core/reminders/lock.ts';
import { Records } from '../../../src/core/base/records.ts';
import { tokenId } from '../../../src/core/model/token.ts';
import { ReminderTurns, reviveTurnRecord } from '../../../src/core/reminders/reminderTurns.ts';
import type { Rotation } from '../../../src/core/reminders/rotation.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { MemoryFolder } from '../../support/memoryJournalFiles.ts';
import { RecordingLogger } from '../../support/recordingLogger.ts';

describe('ReminderTurns', () => {
  let clock: FakeClock;
  let folder: MemoryFolder;
  let dead: Set<number>;

  function open(pid: number, hostname = 'here'): ReminderTurns {
    const files = folder.openedBy();
    const owner: Owner = { windowId: `window-${pid}`, pid, hostname };
    const isProcessAlive = (each: number): boolean => !dead.has(each);
    return new ReminderTurns({
      records: new Records(files, reviveTurnRecord, new RecordingLogger()),
      lock: lockBy(new Leases(files, owner, clock, isProcessAlive)),
      owner,
      clock,
      isProcessAlive,
    });
  }

  const rotation = (parts: Partial<Rotation> = {}): Rotation => ({
    id: tokenId('old'),
    connectionId: 'acme',
    kind: 'project',
    name: 'CI deploy',
    issuanceId: 'issuance-1',
    graceMs: 0,
    revokeAt: new Date('2026-11-25T12:00:00Z'),
    ...parts,
  });

  beforeEach(() => {
    clock = new FakeClock('2026-11-25T12:00:00Z');
    folder = new MemoryFolder(clock);
    dead = new Set();
  });

  it('gives a reminder to one window, also when several ask in the same moment', async () => {
    const windows = [1, 2, 3].map((pid) => open(pid));
    const taken = await Promise.all(windows.map((window) => window.take(rotation())));
    assert.equal(taken.filter(Boolean).length, 1);
    const again = await Promise.all(windows.map(async (window) => window.take(rotation())));
    assert.ok(again.filter(Boolean).length <= 1);
    assert.ok(!folder.text.includes('CI deploy'));
  });

  it('gives it to the next window once the first is gone, or was closed', async () => {
    const [first, second] = [open(1), open(2)];
    assert.deepEqual([await first.take(rotation()), await second.take(rotation())], [true, false]);
    dead.add(1);
    assert.equal(await second.take(rotation()), true);
    await second.close();
    assert.equal(await open(3).take(rotation()), true);
  });

  it('takes a window of another computer for gone after a day', async () => {
    await open(1, 'elsewhere').take(rotation());
    assert.equal(await open(2).take(rotation()), false);
    await clock.advance(24 * 60 * 60_000 + 1);
    assert.equal(await open(2).take(rotation()), true);
  });

  it('gives anew what was put off, and each rotation by itself', async () => {
    const [first, second] = [open(1), open(2)];
    await first.take(rotation());
    assert.equal(await second.take(rotation({ revokeAt: new Date('2026-11-26T12:00:00Z') })), true);
    assert.equal(await second.take(rotation({ id: tokenId('other') })), true);
  });

  it('leaves nothing of a connection that is forgotten', async () => {
    const window = open(1);
    await window.take(rotation());
    await window.take(rotation({ id: tokenId('other'), connectionId: 'beta' }));
    await window.forget('acme');
    assert.ok(!folder.text.includes('acme'));
    await window.forget('beta');
    assert.deepEqual([...folder.files.keys()], []);
  });

  for (const json of [null, 7, {}, { id: 'due' }, { id: 'x', turns: [] }])
    it(`takes ${JSON.stringify(json)} for no record`, () => assert.equal(reviveTurnRecord(json), undefined));

  it('leaves out turns that cannot be read', () =>
    assert.deepEqual(reviveTurnRecord({ id: 'due', turns: [null, 7, { id: 'a' }] })?.turns, []));
});
