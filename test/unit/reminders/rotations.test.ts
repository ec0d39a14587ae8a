import assert from 'node:assert/strict';
import type { Issuance } from '../../../src/core/issuance/issuance.ts';
import type { SharedFolder } from '../../../src/core/base/sharedFolder.ts';
import { Records } from '../../../src/core/base/records.ts';
import { type Rotation, reviveRotation } from '../../../src/core/reminders/rotation.ts';
import { Rotations } from '../../../src/core/reminders/rotations.ts';
import { tokenId } from '../../../src/core/model/token.ts';
import { WallClock } from '../../../src/core/base/wallClock.ts';
import { anIssuance } from '../../support/builders.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { MemoryFolder } from '../../support/memoryJournalFiles.ts';
import { RecordingLogger } from '../../support/recordingLogger.ts';

const hourMs = 60 * 60_000;
const old = tokenId('old');

describe('Rotations', () => {
  let clock: FakeClock;
  let files: SharedFolder;
  let journal: Map<string, Issuance>;
  let due: string[];

  /** A window: everything but the files and the journal is its own. */
  function open(): Rotations {
    const records = new Records(files, reviveRotation, new RecordingLogger());
    const service = new Rotations(records, (id) => Promise.resolve(journal.get(id)), clock, new WallClock(clock));
    service.onDidBecomeDue(({ id }) => due.push(id));
    return service;
  }

  const aRotation = (graceMs: number | undefined = 24 * hourMs): Rotation => ({
    id: old,
    connectionId: 'connection-1',
    kind: 'project',
    name: 'CI deploy',
    issuanceId: 'issuance-1',
    graceMs,
  });

  const deliver = (): void => {
    journal.set('issuance-1', anIssuance({ phase: 'delivered', finishedAt: clock.now() }));
  };

  beforeEach(() => {
    clock = new FakeClock('2026-11-25T12:00:00Z');
    files = new MemoryFolder(clock).openedBy();
    journal = new Map([['issuance-1', anIssuance({ phase: 'stored' })]]);
    due = [];
  });

  it('waits for the delivery of the new token before the grace period begins', async () => {
    const rotations = open();
    await rotations.start(aRotation());
    assert.equal(rotations.find(old, 'connection-1')?.revokeAt, undefined);
    await clock.advance(48 * hourMs);
    assert.deepEqual(due, []);
    deliver();
    await rotations.scan();
    assert.deepEqual(rotations.find(old, 'connection-1')?.revokeAt, new Date('2026-11-28T12:00:00Z'));
  });

  it('waits for a delivery until there is one', async () => {
    const rotations = open();
    assert.equal(rotations.isWaitingForDelivery, false);
    await rotations.start(aRotation());
    assert.equal(rotations.isWaitingForDelivery, true);
    deliver();
    await rotations.scan();
    assert.equal(rotations.isWaitingForDelivery, false);
  });

  it('knows what was read last, however long an earlier reading takes', async () => {
    const folder = files;
    let goOn = (): void => undefined;
    const held = new Promise<void>((resolve) => (goOn = resolve));
    let readings = 0;
    files = {
      ...folder,
      list: async () => {
        readings += 1;
        const isFirst = readings === 1;
        const names = await folder.list();
        if (isFirst) await held;
        return names;
      },
    };
    const rotations = open();
    const slow = rotations.scan();
    const started = rotations.start(aRotation());
    // Time enough for a second reading, if there is one.
    for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
    goOn();
    await Promise.all([slow, started]);
    assert.notEqual(rotations.find(old, 'connection-1'), undefined);
  });

  it('says once that the old token is due', async () => {
    const rotations = open();
    await rotations.start(aRotation());
    deliver();
    await rotations.scan();
    await clock.advance(24 * hourMs - 1);
    assert.deepEqual(due, []);
    await clock.advance(60_000);
    await rotations.scan();
    await clock.advance(60_000);
    assert.deepEqual(due, ['old']);
  });

  it('says at the start what became due while VS Code was closed', async () => {
    const before = open();
    await before.start(aRotation());
    deliver();
    await before.scan();
    before.dispose();
    clock.set('2026-12-24T12:00:00Z');
    const after = open();
    await after.scan();
    await clock.advance(0);
    assert.deepEqual(due, ['old']);
    assert.equal(after.of('connection-1').length, 1);
    assert.equal(after.of('connection-2').length, 0);
  });

  it('goes on after a crash between the delivery and its own note of it', async () => {
    await open().start(aRotation(hourMs));
    deliver();
    clock.set('2026-11-25T12:30:00Z');
    const after = open();
    await after.scan();
    assert.deepEqual(after.find(old, 'connection-1')?.revokeAt, new Date('2026-11-25T13:00:00Z'));
  });

  it('keeps its due time when the tombstone of the delivery is gone', async () => {
    const rotations = open();
    await rotations.start(aRotation());
    deliver();
    await rotations.scan();
    journal.clear();
    await rotations.scan();
    assert.deepEqual(rotations.find(old, 'connection-1')?.revokeAt, new Date('2026-11-26T12:00:00Z'));
  });

  for (const [what, issuance] of [
    ['was revoked or discarded before it was copied', anIssuance({ phase: 'resolved', resolution: 'revoked' })],
    ['left no trace', undefined],
  ] as const) {
    it(`ends when the new token ${what}: the old one is still the only one`, async () => {
      const rotations = open();
      await rotations.start(aRotation());
      if (issuance === undefined) journal.clear();
      else journal.set('issuance-1', issuance);
      await rotations.scan();
      assert.equal(rotations.find(old, 'connection-1'), undefined);
      assert.deepEqual(await files.list(), []);
    });
  }

  it('ends with the delivery when the old token is left alone', async () => {
    const rotations = open();
    await rotations.start({ ...aRotation(), graceMs: undefined });
    assert.notEqual(rotations.find(old, 'connection-1'), undefined);
    deliver();
    await rotations.scan();
    assert.equal(rotations.find(old, 'connection-1'), undefined);
  });

  it('lists the earliest due first, and last what is not delivered yet', async () => {
    const rotations = open();
    const ids = ['a', 'b', 'c', 'd'];
    for (const [at, id] of ids.entries()) {
      const revokeAt = [3, undefined, 1, 2][at];
      const due = revokeAt === undefined ? undefined : new Date(clock.now().getTime() + revokeAt * hourMs);
      await rotations.start({ ...aRotation(), id: tokenId(id), revokeAt: due });
    }
    assert.deepEqual(
      rotations.of('connection-1').map(({ id }) => id),
      ['c', 'd', 'a', 'b'],
    );
  });

  it('is silent after the end', async () => {
    const rotations = open();
    await rotations.start({ ...aRotation(), revokeAt: new Date(clock.now().getTime() + hourMs) });
    rotations.dispose();
    await clock.advance(2 * hourMs);
    assert.deepEqual([due, clock.timerCount], [[], 0]);
  });

  it('reminds again after it was postponed', async () => {
    const rotations = open();
    await rotations.start(aRotation(hourMs));
    deliver();
    await rotations.scan();
    await clock.advance(hourMs);
    assert.deepEqual(due, ['old']);
    const rotation = rotations.find(old, 'connection-1');
    assert.ok(rotation);
    await rotations.postpone(rotation, 24 * hourMs);
    await clock.advance(24 * hourMs - 60_001);
    assert.deepEqual(due, ['old']);
    await clock.advance(120_000);
    assert.deepEqual(due, ['old', 'old']);
  });

  it('is gone for every window once it has ended', async () => {
    const first = open();
    const second = open();
    await first.start(aRotation(hourMs));
    deliver();
    await second.scan();
    await first.end(old);
    await second.scan();
    assert.equal(second.find(old, 'connection-1'), undefined);
    await clock.advance(48 * hourMs);
    assert.deepEqual(due, []);
  });

  it('ends where the old token is gone: in its own connection, and not without a rotation', async () => {
    const rotations = open();
    await rotations.start(aRotation());
    deliver();
    await rotations.scan();
    await rotations.endRevoked('connection-2', [old]);
    await rotations.endRevoked('connection-1', [tokenId('another')]);
    assert.equal(rotations.of('connection-1').length, 1);
    await rotations.endRevoked('connection-1', [tokenId('another'), old]);
    assert.deepEqual(rotations.of('connection-1'), []);
    await clock.advance(48 * hourMs);
    assert.deepEqual(due, []);
  });

  it('forgets the rotations of one connection only', async () => {
    const rotations = open();
    await rotations.start(aRotation());
    await rotations.start({ ...aRotation(), id: tokenId('other'), connectionId: 'connection-2' });
    await rotations.forget('connection-1');
    assert.equal(rotations.find(old, 'connection-1'), undefined);
    assert.notEqual(rotations.find(tokenId('other'), 'connection-2'), undefined);
  });
});
