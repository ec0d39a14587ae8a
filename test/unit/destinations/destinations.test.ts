import assert from 'node:assert/strict';
import { type Place, plainClipboard } from '../../../src/core/delivery/place.ts';
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
    destinations = new Destinations({
      files: folder.openedBy(),
      readJournal: () => Promise.resolve(journal),
      logger: new RecordingLogger(),
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

  it('read records that are no longer understood as none', async () => {
    await folder.openedBy().replace('x.json', '{"id":"x","connectionId":"connection-1","places":"none"}');
    assert.deepEqual(await destinations.lastOf('connection-1', 'project', undefined), []);
  });
});
