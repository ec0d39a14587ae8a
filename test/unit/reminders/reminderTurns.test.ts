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

  const turns = (): readonly { id: string; window: Owner }[] =>
    (JSON.parse(folder.files.get('due.json')?.text ?? '{"turns":[]}') as { turns: { id: string; window: Owner }[] })
      .turns;

  it('stays with the window that has it, as long as that is open', async () => {
    const [first, second] = [open(1), open(2)];
    await first.take(rotation());
    assert.deepEqual([await first.take(rotation()), await second.take(rotation())], [true, false]);
    await second.close();
    await second.forget('beta');
    assert.equal(await second.take(rotation()), false);
    assert.equal(turns().length, 1, 'one turn for each rotation');
  });

  it('keeps the turns of others, and drops those of windows that are gone', async () => {
    const [first, second, third] = [open(1), open(2), open(3)];
    await first.take(rotation({ id: tokenId('a') }));
    await second.take(rotation({ id: tokenId('b') }));
    assert.deepEqual(
      turns().map(({ id, window }) => [id, window.pid]),
      [
        ['a', 1],
        ['b', 2],
      ],
    );
    dead.add(1);
    await third.take(rotation({ id: tokenId('c') }));
    assert.deepEqual(
      turns().map(({ id }) => id),
      ['b', 'c'],
    );
    await third.close();
    assert.deepEqual(
      turns().map(({ id }) => id),
      ['b'],
    );
  });

  it('of a rotation without an end is one as well', async () => {
    const [first, second] = [open(1), open(2)];
    assert.equal(await first.take(rotation({ revokeAt: undefined })), true);
    assert.equal(await second.take(rotation({ revokeAt: undefined })), false);
  });

  it('counts as held elsewhere for a whole day', async () => {
    await open(1, 'elsewhere').take(rotation());
    await clock.advance(24 * 60 * 60_000);
    assert.equal(await open(2).take(rotation()), false);
  });

  it('writes nothing when there is nothing to remove', async () => {
    const window = open(1);
    await window.take(rotation());
    await clock.advance(1000);
    const before = folder.files.get('due.json')?.modifiedAt;
    await window.forget('beta');
    await open(2).close();
    assert.equal(folder.files.get('due.json')?.modifiedAt, before);
  });

  for (const json of [null, 7, {}, { id: 'due' }, { id: 'x', turns: [] }])
    it(`takes ${JSON.stringify(json)} for no record`, () => assert.equal(reviveTurnRecord(json), undefined));

  it('leaves out turns that cannot be read', () =>
    assert.deepEqual(reviveTurnRecord({ id: 'due', turns: [null, 7, { id: 'a' }] })?.turns, []));

  it('reads the turns that are whole', () => {
    const window = { windowId: 'w', pid: 1, hostname: 'here' };
    const turn = { id: 'a', connectionId: 'acme', dueAt: 1, takenAt: 2, window };
    const broken = [
      ...['id', 'connectionId', 'dueAt', 'takenAt', 'window'].map((field) => ({ ...turn, [field]: undefined })),
      ...['windowId', 'pid', 'hostname'].map((field) => ({ ...turn, window: { ...window, [field]: null } })),
      { ...turn, dueAt: '1' },
      { ...turn, id: 7 },
    ];
    for (const each of broken)
      assert.deepEqual(reviveTurnRecord({ id: 'due', turns: [each, turn] })?.turns, [turn], JSON.stringify(each));
  });
});
