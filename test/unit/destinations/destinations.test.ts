import assert from 'node:assert/strict';
import { type Place, plainClipboard } from '../../../src/core/delivery/place.ts';
import { reviveDestination } from '../../../src/core/destinations/destination.ts';
import { Destinations, maxDestinations } from '../../../src/core/destinations/destinations.ts';
import type { Issuance } from '../../../src/core/issuance/issuance.ts';
import { tokenId } from '../../../src/core/model/token.ts';
import { anIssuance } from '../../support/builders.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { MemoryFolder } from '../../support/memoryJournalFiles.ts';
import { RecordingLogger } from '../../support/recordingLogger.ts';

const env: Place = { type: 'dotenv', folder: '/w', path: '/w/.env', shown: '.env', variable: 'TOKEN', agreed: [] };
const first = tokenId('token-1');
const second = tokenId('token-2');

describe('Destinations', () => {
  let folder: MemoryFolder;
  let journal: Issuance[];
  let destinations: Destinations;
  let logger: RecordingLogger;

  const delivered = (parts: Partial<Issuance> = {}): Issuance =>
    anIssuance({
      phase: 'delivered',
      tokenId: first,
      placesDone: [env],
      finishedAt: new Date('2026-11-25T12:00:00Z'),
      ...parts,
    });

  beforeEach(() => {
    folder = new MemoryFolder(new FakeClock('2026-11-25T12:00:00Z'));
    journal = [];
    logger = new RecordingLogger();
    destinations = new Destinations({
      files: folder.openedBy(),
      readJournal: () => Promise.resolve(journal),
      logger,
    });
  });

  it('know where the value of a token went, in its own project only', async () => {
    await destinations.note(delivered());
    assert.deepEqual(await destinations.ofToken('connection-1', first), [env]);
    assert.deepEqual(await destinations.ofToken('connection-2', first), []);
    assert.deepEqual(await destinations.ofToken('connection-1', second), []);
    assert.deepEqual([...(await destinations.ofTokens('connection-1', [first, second]))], [[first, [env]]]);
  });

  it('know what was last chosen for a name', async () => {
    await destinations.note(delivered());
    const later = new Date('2026-11-26T12:00:00Z');
    await destinations.note(delivered({ id: 'b', tokenId: second, placesDone: [plainClipboard], finishedAt: later }));
    assert.deepEqual(await destinations.lastOf('connection-1', 'project', 'CI deploy'), [plainClipboard]);
    assert.deepEqual(await destinations.lastOf('connection-1', 'user', 'CI deploy'), []);
    assert.deepEqual(await destinations.lastOf('connection-1', 'project', 'Another'), []);
  });

  it('record nothing from the journal of a connection that they are not asked about', async () => {
    journal = [delivered()];
    assert.deepEqual(await destinations.ofToken('connection-2', first), []);
    journal = [];
    assert.deepEqual(await destinations.ofToken('connection-1', first), []);
  });

  it('take from the journal what a crash kept from being recorded, and keep it when the journal forgets it', async () => {
    journal = [delivered(), anIssuance({ id: 'pending', phase: 'stored', tokenId: second, placesDone: [env] })];
    assert.deepEqual(await destinations.ofToken('connection-1', first), [env]);
    // A value on its way to several places has reached some of them.
    assert.deepEqual(await destinations.ofToken('connection-1', second), [env]);
    assert.deepEqual((await destinations.byIssuance('connection-1')).get('pending'), [env]);
    assert.equal((await destinations.byIssuance('connection-2')).size, 0);
    journal = [];
    assert.deepEqual(await destinations.ofToken('connection-1', first), [env]);
    assert.deepEqual(await destinations.ofToken('connection-1', second), []);
  });

  it('record nothing of a value that reached no place', async () => {
    await destinations.note(delivered({ placesDone: [] }));
    assert.equal(folder.files.size, 0);
  });

  it('forget a connection with its key', async () => {
    await destinations.note(delivered());
    await destinations.note(delivered({ id: 'other', connectionId: 'connection-2' }));
    await destinations.forget('connection-1');
    assert.deepEqual(await destinations.ofToken('connection-1', first), []);
    assert.deepEqual(await destinations.ofToken('connection-2', first), [env]);
  });

  it('leave nothing behind of a connection that is forgotten while a delivery is being recorded', async () => {
    const noted = destinations.note(delivered());
    await destinations.forget('connection-1');
    await noted;
    assert.equal(folder.files.size, 0);
  });

  it('keep a bounded number, the newest', async () => {
    for (let at = 0; at <= maxDestinations; at++) {
      const finishedAt = new Date(Date.UTC(2026, 0, 1, 0, at));
      await destinations.note(delivered({ id: `issuance-${at}`, tokenId: tokenId(`token-${at}`), finishedAt }));
    }
    assert.equal(folder.files.size, maxDestinations);
    assert.deepEqual(await destinations.ofToken('connection-1', tokenId('token-0')), []);
    assert.deepEqual(await destinations.ofToken('connection-1', tokenId(`token-${maxDestinations}`)), [env]);
  });

  it('know the places of the tokens that are asked for only, and of none that is signed', async () => {
    await destinations.note(delivered());
    await destinations.note(delivered({ id: 'b', tokenId: second, placesDone: [plainClipboard] }));
    await destinations.note(delivered({ id: 'signed', tokenId: undefined }));
    assert.deepEqual([...(await destinations.ofTokens('connection-1', [second]))], [[second, [plainClipboard]]]);
  });

  it('pass over what the journal has of a value that went nowhere', async () => {
    journal = [delivered({ placesDone: [] }), anIssuance({ id: 'intended' }), delivered({ id: 'b', tokenId: second })];
    assert.deepEqual([...(await destinations.byIssuance('connection-1'))], [['b', [env]]]);
    assert.deepEqual([...folder.files.keys()], ['b.json']);
  });

  it('write nothing again that is recorded already', async () => {
    await destinations.note(delivered());
    journal = [delivered({ placesDone: [plainClipboard] })];
    assert.deepEqual(await destinations.ofToken('connection-1', first), [env]);
    assert.deepEqual(await destinations.ofToken('connection-1', first), [env]);
  });

  it('say in the log what could not be written, and the delivery stands', async () => {
    folder.failures.set('replace', { code: 'ENOSPC' });
    await destinations.note(delivered());
    assert.deepEqual(logger.lines, [{ level: 'warn', message: 'destinations: not written (ENOSPC)' }]);
    folder.failures.clear();
    await destinations.note(delivered());
    assert.deepEqual(await destinations.ofToken('connection-1', first), [env]);
  });

  it('read records that are no longer understood as none', async () => {
    await folder.openedBy().replace('x.json', '{"id":"x","connectionId":"connection-1","places":"none"}');
    assert.deepEqual(await destinations.lastOf('connection-1', 'project', undefined), []);
  });
});

describe('reviveDestination', () => {
  const record = {
    ...{ id: 'a', connectionId: 'connection-1', kind: 'user', name: 'CI', tokenId: 'token-1' },
    ...{ places: [env, { type: 'pigeon' }], at: '2026-11-25T12:00:00.000Z' },
  };

  it('reads what was written, without the places of a later version', () => {
    const at = new Date('2026-11-25T12:00:00Z');
    assert.deepEqual(reviveDestination(record), { ...record, tokenId: first, places: [env], at });
    assert.equal(reviveDestination({ ...record, kind: 'project' })?.kind, 'project');
  });

  it('does without a name and an id that are no text', () => {
    const read = reviveDestination({ ...record, name: 1, tokenId: 2 });
    assert.deepEqual([read?.name, read?.tokenId], [undefined, undefined]);
  });

  const broken: readonly Readonly<Record<string, unknown>>[] = [
    { id: 1 },
    { connectionId: undefined },
    { places: 'none' },
    { kind: 'team' },
    { at: 20_261_125 },
    { at: 'someday' },
    { at: undefined },
  ];
  for (const parts of broken) {
    it(`reads no record with ${JSON.stringify(parts)}`, () => {
      assert.equal(reviveDestination({ ...record, ...parts }), undefined);
    });
  }

  it('reads none from nothing', () => assert.equal(reviveDestination(null), undefined));
});
