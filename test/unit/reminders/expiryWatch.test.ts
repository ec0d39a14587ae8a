import assert from 'node:assert/strict';
import type { SharedFolder } from '../../../src/core/base/sharedFolder.ts';
import { Records } from '../../../src/core/base/records.ts';
import { type RevocableToken, type Token, tokenId } from '../../../src/core/model/token.ts';
import { WallClock } from '../../../src/core/base/wallClock.ts';
import {
  ExpiryWatch,
  crossedThreshold,
  nextCrossing,
  reviveWatchRecord,
} from '../../../src/core/reminders/expiryWatch.ts';
import { aToken, aTokenWithoutId } from '../../support/builders.ts';
import { FakeClock, settle } from '../../support/fakeClock.ts';
import { MemoryFolder } from '../../support/memoryJournalFiles.ts';
import { RecordingLogger } from '../../support/recordingLogger.ts';

const now = new Date('2026-11-25T12:00:00Z');
const dayMs = 24 * 60 * 60_000;
const expiringIn = (days: number, id = `in-${days}`): RevocableToken =>
  aToken({ id: tokenId(id), expiresAt: new Date(now.getTime() + days * dayMs) });

describe('thresholds of an expiry', () => {
  const cases: [days: number | undefined, crossed: number | undefined, next: number | undefined][] = [
    [undefined, undefined, undefined],
    [30, undefined, 23],
    [7.001, undefined, 0.001],
    [7, 7, 6],
    [1.5, 7, 0.5],
    [1, 1, 1],
    [0.01, 1, 0.01],
    [0, 0, undefined],
    [-3, 0, undefined],
  ];
  for (const [days, crossed, next] of cases) {
    it(`${String(days)} days ahead: ${String(crossed)} is crossed, the next in ${String(next)} days`, () => {
      const token = { expiresAt: days === undefined ? undefined : new Date(now.getTime() + days * dayMs) };
      assert.equal(crossedThreshold(token, [7, 1], now), crossed);
      const inMs = next === undefined ? undefined : Math.round(next * dayMs);
      const crossing = nextCrossing([token], [7, 1], now)?.getTime();
      assert.equal(crossing === undefined ? undefined : Math.round(crossing - now.getTime()), inMs);
    });
  }
});

describe('nextCrossing', () => {
  it('is the first one of all tokens, wherever that token stands', () => {
    const tokens = [expiringIn(30), expiringIn(1.5), expiringIn(-3), expiringIn(9)];
    assert.equal(nextCrossing(tokens, [7, 1], now)?.getTime(), now.getTime() + 0.5 * dayMs);
    assert.equal(nextCrossing([...tokens].reverse(), [7, 1], now)?.getTime(), now.getTime() + 0.5 * dayMs);
    assert.equal(nextCrossing([], [7, 1], now), undefined);
  });
});

describe('reviveWatchRecord', () => {
  const record = { id: 'a', told: { t: 7 }, muted: ['m'] };

  it('takes a record as it was, and of its texts only texts', () => {
    assert.deepEqual(reviveWatchRecord({ ...record, more: 1 }), record);
    assert.deepEqual(reviveWatchRecord({ ...record, muted: ['m', 7, null] }), record);
  });

  for (const parts of [{ id: 7 }, { told: null }, { told: 'x' }, { told: undefined }, { muted: 'm' }, { muted: {} }])
    it(`takes ${JSON.stringify(parts)} for none`, () =>
      assert.equal(reviveWatchRecord({ ...record, ...parts }), undefined));

  for (const json of [null, undefined, 7, 'x', []])
    it(`takes ${JSON.stringify(json)} for none`, () => assert.equal(reviveWatchRecord(json), undefined));
});

describe('ExpiryWatch', () => {
  let clock: FakeClock;
  let files: SharedFolder;
  let tokens: Token[];
  let connectionId: string | undefined;
  let told: string[];

  function open(): ExpiryWatch {
    const watch = new ExpiryWatch({
      records: new Records(files, reviveWatchRecord, new RecordingLogger()),
      clock,
      wallClock: new WallClock(clock),
      seen: () => (connectionId === undefined ? [] : [{ connectionId, tokens }]),
      thresholds: () => [7, 1],
    });
    watch.onDidNotice((notices) =>
      told.push(notices.map(({ token, threshold }) => `${token.id}@${threshold}`).join(' ')),
    );
    return watch;
  }

  beforeEach(() => {
    clock = new FakeClock(now);
    files = new MemoryFolder(clock).openedBy();
    tokens = [];
    connectionId = 'connection-1';
    told = [];
  });

  it('warns of what expires soon or has expired, and of nothing else', async () => {
    tokens = [
      expiringIn(3),
      expiringIn(-2),
      expiringIn(8),
      aToken({ id: tokenId('never') }),
      aToken({ id: tokenId('revoked'), expiresAt: now, revokedAt: now }),
      aTokenWithoutId({ expiresAt: now }),
    ];
    const watch = open();
    await watch.look();
    assert.deepEqual(
      watch.warnings.map(({ token }) => token.id),
      ['in-3', 'in--2'],
    );
    assert.deepEqual(told, ['in-3@7 in--2@0']);
  });

  it('tells once for each token and threshold, as time goes by', async () => {
    tokens = [expiringIn(8)];
    await open().look();
    assert.deepEqual(told, []);
    await clock.advance(dayMs);
    assert.deepEqual(told, ['in-8@7']);
    await clock.advance(6 * dayMs);
    assert.deepEqual(told, ['in-8@7', 'in-8@1']);
    await clock.advance(dayMs);
    assert.deepEqual(told, ['in-8@7', 'in-8@1', 'in-8@0']);
    await clock.advance(30 * dayMs);
    assert.equal(told.length, 3);
    assert.equal(clock.timerCount, 0);
  });

  it('tells of each in its time, whichever comes first', async () => {
    tokens = [expiringIn(30), expiringIn(9), expiringIn(8)];
    await open().look();
    await clock.advance(2 * dayMs);
    assert.deepEqual(told, ['in-8@7', 'in-9@7']);
  });

  it('warns of nothing, and writes nothing, when signed out', async () => {
    tokens = [expiringIn(3)];
    const watch = open();
    await watch.look();
    const before = await files.read('connection-1.json');
    connectionId = undefined;
    await watch.look();
    assert.deepEqual(watch.warnings, []);
    assert.deepEqual([await files.list(), await files.read('connection-1.json')], [['connection-1.json'], before]);
  });

  it('forgets what was told of a connection', async () => {
    tokens = [expiringIn(3)];
    const watch = open();
    await watch.look();
    await watch.forget('connection-1');
    await watch.look();
    assert.deepEqual(told, ['in-3@7', 'in-3@7']);
  });

  it('is silent after the end', async () => {
    tokens = [expiringIn(8)];
    const watch = open();
    await watch.look();
    watch.dispose();
    assert.equal(clock.timerCount, 0);
    tokens = [expiringIn(3)];
    await watch.look();
    assert.deepEqual(told, []);
  });

  it('does not tell again after a restart, nor in another window', async () => {
    tokens = [expiringIn(3)];
    await open().look();
    await open().look();
    assert.deepEqual(told, ['in-3@7']);
  });

  it('keeps connections apart', async () => {
    tokens = [expiringIn(3)];
    await open().look();
    connectionId = 'connection-2';
    await open().look();
    assert.equal(told.length, 2);
  });

  it('is silent about a muted token, for good', async () => {
    tokens = [expiringIn(3)];
    const watch = open();
    await watch.look();
    await watch.mute('connection-1', { ...expiringIn(3), id: tokenId('in-3') });
    assert.deepEqual(watch.warnings, []);
    await clock.advance(5 * dayMs);
    assert.deepEqual(told, ['in-3@7']);
    const next = open();
    await next.look();
    assert.deepEqual(next.warnings, []);
  });

  it('tells once when several changes come at the same time', async () => {
    tokens = [expiringIn(3)];
    const watch = open();
    await Promise.all([watch.look(), watch.look(), watch.look()]);
    await settle();
    assert.deepEqual(told, ['in-3@7']);
  });
});
