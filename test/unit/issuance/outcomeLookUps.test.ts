import assert from 'node:assert/strict';
import type { IssuanceService } from '../../../src/core/issuance/issuanceService.ts';
import type { PendingIssuance } from '../../../src/core/issuance/pendingIssuance.ts';
import { OutcomeLookUps } from '../../../src/core/issuance/outcomeLookUps.ts';
import { Emitter } from '../../../src/core/base/event.ts';
import { MagicBellError } from '../../../src/core/magicbell/errors.ts';
import type { MagicBellApi } from '../../../src/core/magicbell/magicBellApi.ts';
import { aToken, anIssuance } from '../../support/builders.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { FakeMagicBell } from '../../support/fakeMagicBell.ts';
import { RecordingLogger } from '../../support/recordingLogger.ts';

describe('OutcomeLookUps', () => {
  const start = new Date('2026-11-25T12:00:00Z');
  let clock: FakeClock;
  let logger: RecordingLogger;
  let changes: Emitter<void>;
  let pending: PendingIssuance[];
  let searches: string[];
  let search: () => Promise<void>;
  let api: (id: string) => Promise<MagicBellApi> | undefined;

  beforeEach(() => {
    clock = new FakeClock(start);
    logger = new RecordingLogger();
    changes = new Emitter();
    pending = [];
    searches = [];
    search = () => Promise.resolve();
    api = () => Promise.resolve(new FakeMagicBell(clock).usedBy());
  });

  const unknown = (id: string, parts: Partial<PendingIssuance> = {}): PendingIssuance => ({
    issuance: anIssuance({ id, connectionId: 'connection-1', phase: 'intended' }),
    status: 'unknown',
    isStored: false,
    ...parts,
  });

  function open(notBefore = start): OutcomeLookUps {
    const issuances: Pick<IssuanceService, 'onDidChange' | 'pending' | 'find' | 'search'> = {
      onDidChange: changes.event,
      get pending() {
        return pending;
      },
      find: (id) => pending.find(({ issuance }) => issuance.id === id),
      search: async (id) => {
        searches.push(`${id} ${(clock.now().getTime() - start.getTime()) / 1000}`);
        await search();
        return [];
      },
    };
    return new OutcomeLookUps({ issuances: issuances as IssuanceService, api, clock, logger, notBefore });
  }

  it('looks at once and a few times more, each only once', async () => {
    pending = [unknown('a')];
    open();
    changes.fire();
    await clock.advance(60 * 60_000);
    assert.deepEqual(searches, ['a 0', 'a 30', 'a 120', 'a 360']);
    assert.equal(clock.timerCount, 0);
  });

  it('looks for what becomes unknown later, and for nothing else', async () => {
    open();
    pending = [unknown('a', { status: 'undelivered' }), unknown('b', { status: 'orphaned' })];
    changes.fire();
    await clock.advance(10_000);
    pending = [unknown('c')];
    changes.fire();
    await clock.advance(1000);
    assert.deepEqual(searches, ['c 10']);
  });

  it('stops when something was found, or when it is settled', async () => {
    pending = [unknown('a'), unknown('b')];
    open();
    await clock.advance(1000);
    pending = [unknown('a', { candidates: [aToken()] as PendingIssuance['candidates'] })];
    await clock.advance(60 * 60_000);
    assert.deepEqual(searches, ['a 0', 'b 0']);
  });

  it('sends nothing in the quiet time after the start', async () => {
    pending = [unknown('a')];
    open(new Date(start.getTime() + 60_000));
    await clock.advance(59_000);
    assert.deepEqual(searches, []);
    await clock.advance(1000);
    assert.deepEqual(searches, ['a 60']);
  });

  it('goes on after a failure, and asks nobody for a connection that was removed', async () => {
    pending = [unknown('a')];
    search = () => Promise.reject(new MagicBellError('offline', 'no'));
    open();
    await clock.advance(31_000);
    assert.deepEqual(searches, ['a 0', 'a 30']);
    assert.match(logger.text, /failed \(offline\)/);
    api = () => undefined;
    pending = [unknown('b')];
    open();
    await clock.advance(1000);
    assert.equal(searches.length, 2);
  });

  it('is silent after the end', async () => {
    pending = [unknown('a')];
    open().dispose();
    await clock.advance(60_000);
    assert.deepEqual(searches, []);
  });
});
