import assert from 'node:assert/strict';
import { lockBy } from '../../../src/core/reminders/lock.ts';
import { Leases } from '../../../src/core/base/lease.ts';
import { Records } from '../../../src/core/base/records.ts';
import { WallClock } from '../../../src/core/base/wallClock.ts';
import { type RevocableToken, type Token, tokenId } from '../../../src/core/model/token.ts';
import { type WatchRecord, reviveExpiryRecord, reviveWatchRecord } from '../../../src/core/reminders/expiryRecord.ts';
import { ExpiryWatch } from '../../../src/core/reminders/expiryWatch.ts';
import { signedExpiries } from '../../../src/core/reminders/signedExpiries.ts';
import type { LedgerEntry } from '../../../src/core/ledger/ledgerEntry.ts';
import { aLedgerEntry, aToken, aTokenWithoutId } from '../../support/builders.ts';
import { FakeClock, settle } from '../../support/fakeClock.ts';
import { MemoryFolder } from '../../support/memoryJournalFiles.ts';
import { RecordingLogger } from '../../support/recordingLogger.ts';

const now = new Date('2026-11-25T12:00:00Z');
const dayMs = 24 * 60 * 60_000;
const expiringIn = (days: number, id = `in-${days}`): RevocableToken =>
  aToken({
    id: tokenId(id),
    createdAt: new Date(now.getTime() - 100 * dayMs),
    expiresAt: new Date(now.getTime() + days * dayMs),
  });

describe('ExpiryWatch', () => {
  let clock: FakeClock;
  let watchFiles: MemoryFolder;
  let expiryFiles: MemoryFolder;
  /** What each connection's lists hold; none is loaded after a restart. */
  let lists: Record<string, Token[]>;
  /** What was signed here with each connection. */
  let signed: Record<string, LedgerEntry[]>;
  /** By how much the clock of a connection's server is ahead of ours. */
  let aheadMs: Record<string, number>;
  let isWhole: boolean;
  let thresholds: number[];
  let told: string[];
  let windows: number;

  /** @param beforeItsTurn runs when the window wants to announce, before it has the lock */
  function open(beforeItsTurn = () => Promise.resolve()): ExpiryWatch {
    const logger = new RecordingLogger();
    const files = watchFiles.openedBy();
    const owner = { windowId: `window-${(windows += 1)}`, pid: windows, hostname: 'here' };
    const lock = lockBy(new Leases(files, owner, clock, () => true));
    const watch = new ExpiryWatch({
      records: new Records(files, reviveWatchRecord, logger),
      expiries: new Records(expiryFiles.openedBy(), reviveExpiryRecord, logger),
      lock: { run: async (name, work) => beforeItsTurn().then(() => lock.run(name, work)) },
      clock,
      wallClock: new WallClock(clock),
      seen: () =>
        Object.entries(lists).map(([connectionId, tokens]) => ({
          connectionId,
          tokens: tokens.map((token) => ({ token })),
          isWhole: () => isWhole,
        })),
      signed: (connectionId) => Promise.resolve(signedExpiries(signed[connectionId] ?? [], thresholds, clock.now())),
      nowOf: (id) => new Date(clock.now().getTime() + (aheadMs[id] ?? 0)),
      thresholds: () => thresholds,
    });
    watch.onDidNotice((warnings) => told.push(warnings.map(({ token }) => token.id).join(' ')));
    return watch;
  }

  const warned = ({ warnings }: ExpiryWatch): readonly string[] => warnings.map(({ token }) => token.id);

  /** What is on disk about the announcements of a connection. */
  const recordOf = (connectionId: string): WatchRecord | undefined =>
    reviveWatchRecord(JSON.parse(watchFiles.files.get(`${connectionId}.json`)?.text ?? 'null'));

  /** How often a window evaluates what is known. */
  function looksOf(watch: ExpiryWatch): { readonly count: number } {
    const looks = { count: 0 };
    watch.onDidChange(() => (looks.count += 1));
    return looks;
  }

  /** A connection that was there before. */
  async function known(...tokens: Token[]): Promise<void> {
    lists = { acme: tokens };
    clock.set(new Date(now.getTime() - dayMs));
    const before = open();
    thresholds = [];
    await before.check();
    before.dispose();
    thresholds = [7, 1];
    clock.set(now);
    lists = { acme: [] };
  }

  beforeEach(() => {
    clock = new FakeClock(now);
    watchFiles = new MemoryFolder(clock);
    expiryFiles = new MemoryFolder(clock);
    lists = { acme: [] };
    signed = {};
    aheadMs = {};
    isWhole = false;
    thresholds = [7, 1];
    told = [];
    windows = 0;
  });

  it('warns of what expires soon or has expired, the soonest first and the dead last', async () => {
    lists = {
      acme: [
        expiringIn(-2),
        expiringIn(-40),
        expiringIn(3),
        expiringIn(8),
        aToken({ id: tokenId('never') }),
        aToken({ id: tokenId('revoked'), expiresAt: now, revokedAt: now }),
        aTokenWithoutId({ expiresAt: now }),
      ],
      beta: [expiringIn(1)],
    };
    const watch = open();
    await watch.check();
    assert.deepEqual(warned(watch), ['in-1', 'in-3', 'in--2']);
    assert.deepEqual(
      watch.warnings.map(({ connectionId }) => connectionId),
      ['beta', 'acme', 'acme'],
    );
  });

  it('goes by the clock of each connection’s server', async () => {
    const hours = (count: number): number => count / 24;
    aheadMs = { beta: dayMs / 8 };
    lists = {
      acme: [expiringIn(hours(2), 'here'), expiringIn(-hours(1), 'dead here')],
      beta: [expiringIn(hours(1), 'dead there'), expiringIn(7 + hours(4), 'later there')],
    };
    const watch = open();
    await watch.check();
    // Seven days before it expires, by the other clock: in an hour.
    await clock.advance(dayMs / 24 - 1);
    assert.deepEqual(warned(watch), ['here', 'dead here', 'dead there']);
    await clock.advance(61_000);
    assert.deepEqual(warned(watch), ['here', 'later there', 'dead here', 'dead there']);
  });

  it('announces nothing on the day on which a connection was added', async () => {
    lists = { acme: [expiringIn(3)] };
    await open().check();
    assert.deepEqual(told, []);
    await clock.advance(dayMs);
    assert.deepEqual(told, ['in-3']);
  });

  it('announces what was seen in an earlier session, without anything being loaded', async () => {
    await known(expiringIn(3));
    const watch = open();
    await watch.check();
    assert.deepEqual([warned(watch), told], [['in-3'], ['in-3']]);
  });

  it('announces once a day at most, with all that is counted', async () => {
    await known(expiringIn(3), expiringIn(7.25, 'soon-too'), expiringIn(7.5, 'and-this'), expiringIn(30));
    const watch = open();
    await watch.check();
    await clock.advance(0.9 * dayMs);
    assert.deepEqual([warned(watch), told], [['in-3', 'soon-too', 'and-this'], ['in-3']]);
    await clock.advance(0.1 * dayMs);
    assert.deepEqual(told, ['in-3', 'in-3 soon-too and-this']);
    await clock.advance(0.9 * dayMs);
    assert.equal(told.length, 2);
  });

  it('is not silent for years after the clock was ahead for a while', async () => {
    for (const field of ['noticedAt', 'since']) {
      await known(expiringIn(3));
      const record = {
        ...(JSON.parse(watchFiles.files.get('acme.json')?.text ?? '') as object),
        noticedAt: undefined,
        announced: {},
      };
      watchFiles.write('acme.json', JSON.stringify({ ...record, [field]: '2036-01-01T00:00:00Z' }));
      told = [];
      await open().check();
      assert.deepEqual(told, ['in-3'], field);
    }
  });

  it('announces once for each token and threshold, and nothing once it is long dead', async () => {
    await known(expiringIn(8));
    const watch = open();
    await watch.check();
    assert.deepEqual(told, []);
    const counts: [number, number][] = [];
    // Not by advancing: the wall clock looks every minute, since computers sleep.
    for (const days of [1, 7, 8, 21.9, 22]) {
      clock.set(new Date(now.getTime() + days * dayMs));
      await watch.check();
      counts.push([told.length, watch.warnings.length]);
    }
    assert.deepEqual(counts, [
      [1, 1],
      [2, 1],
      [3, 1],
      [3, 1],
      [3, 0],
    ]);
    assert.equal(clock.timerCount, 0);
  });

  it('does not announce again after a restart, nor in another window that looks at the same moment', async () => {
    await known(expiringIn(3));
    const [one, two] = [open(), open()];
    await Promise.all([one.check(), two.check()]);
    await clock.advance(5 * 60_000);
    assert.deepEqual(told, ['in-3']);
    await open().check();
    assert.deepEqual(told, ['in-3']);
  });

  it('takes the turn of a window that went away while it announced', async () => {
    await known(expiringIn(3));
    watchFiles.write('notice.1.claim', JSON.stringify({ windowId: 'gone', pid: 99, hostname: 'elsewhere' }));
    await open().check();
    assert.deepEqual(told, []);
    await clock.advance(5 * 60_000);
    assert.deepEqual(told, ['in-3']);
    assert.deepEqual([...watchFiles.files.keys()], ['acme.json']);
  });

  it('does not count what was revoked, also while an older list still has it', async () => {
    lists = { acme: [expiringIn(3)] };
    const watch = open();
    await watch.check();
    const revoked = { ...expiringIn(3), revokedAt: now };
    await watch.note({ connectionId: 'acme', tokens: [{ token: revoked }], isWhole: () => false });
    assert.deepEqual(warned(watch), []);
    assert.deepEqual(
      (await watch.expiriesOf('acme')).map(({ id, isRevoked }) => [id, isRevoked]),
      [['in-3', true]],
    );
  });

  it('does not count what a whole list no longer has', async () => {
    await known(expiringIn(3), expiringIn(4));
    lists = { acme: [expiringIn(4)] };
    isWhole = true;
    const watch = open();
    await watch.check();
    assert.deepEqual(warned(watch), ['in-4']);
  });

  it('is silent about muted tokens for good, until that is undone', async () => {
    await known(expiringIn(3), expiringIn(5));
    const watch = open();
    await watch.check();
    const muted = watch.warnings;
    await watch.mute(muted);
    assert.deepEqual([warned(watch), watch.muted], [[], muted]);
    clock.set(new Date(now.getTime() + 3 * dayMs));
    await watch.check();
    assert.equal(told.length, 1);
    const next = open();
    await next.check();
    assert.deepEqual([warned(next), next.muted.length], [[], 2]);
    await next.unmute(next.muted.slice(0, 1));
    assert.deepEqual(warned(next), ['in-5']);
  });

  it('watches what was signed here like what is listed, with its owner, and keeps none of it', async () => {
    await known(expiringIn(5));
    const signedFor = (lifetimeDays: number, leftDays: number, id = `signed-${leftDays}`): LedgerEntry => {
      const expiresAt = new Date(now.getTime() + leftDays * dayMs);
      return aLedgerEntry(id, { madeAt: new Date(expiresAt.getTime() - lifetimeDays * dayMs), expiresAt });
    };
    signed = {
      acme: [
        signedFor(30, 3),
        signedFor(30, -2),
        signedFor(90, 60),
        // Made for less than the last threshold: counted while it lives.
        signedFor(1, 0.5),
        signedFor(1, -0.5),
        aLedgerEntry('for-ever', { expiresAt: undefined }),
      ],
    };
    const watch = open();
    await watch.check();
    assert.deepEqual(warned(watch), ['signed-0.5', 'signed-3', 'in-5', 'signed--2']);
    assert.deepEqual(
      watch.warnings.map(({ isSigned, owner, token }) => [isSigned, owner?.email, token.name]),
      [
        [true, 'hana@example.com', 'Signed here'],
        [true, 'hana@example.com', 'Signed here'],
        [undefined, undefined, 'CI deploy'],
        [true, 'hana@example.com', 'Signed here'],
      ],
    );
    assert.deepEqual(told, ['signed-0.5 signed-3 in-5 signed--2']);
    assert.ok(!expiryFiles.text.includes('signed'), 'the ledger keeps them');
    await watch.mute(watch.warnings.filter(({ token }) => token.id === 'signed-3'));
    signed = { acme: [signedFor(30, 3), signedFor(30, 7.5)] };
    clock.set(new Date(now.getTime() + dayMs));
    await watch.check();
    assert.deepEqual(warned(watch), ['in-5', 'signed-7.5']);
    // Only what is new was announced by itself: the others were before.
    assert.deepEqual(told.slice(1), ['in-5 signed-7.5']);
  });

  it('announces a signed token alone, and not one that was made for an hour', async () => {
    await known(expiringIn(300));
    const lately = { madeAt: now, expiresAt: new Date(now.getTime() + 60 * 60_000) };
    signed = { acme: [aLedgerEntry('short', lately)] };
    const watch = open();
    await watch.check();
    assert.deepEqual([warned(watch), told], [['short'], []]);
    const longAgo = { madeAt: new Date(now.getTime() - 29 * dayMs), expiresAt: new Date(now.getTime() + dayMs / 2) };
    signed = { acme: [aLedgerEntry('long', longAgo)] };
    await watch.check();
    assert.deepEqual(told, ['long']);
  });

  it('writes nothing when nothing has changed', async () => {
    await known(expiringIn(3));
    const watch = open();
    await watch.check();
    const before = [watchFiles.text, expiryFiles.text];
    for (const folder of [watchFiles, expiryFiles]) folder.failures.set('replace', { code: 'ENOSPC' });
    await watch.check();
    lists = { acme: [expiringIn(3)] };
    await watch.check();
    assert.deepEqual([watchFiles.text, expiryFiles.text], before);
  });

  it('follows what another window has written, and not what it has written itself', async () => {
    const [one, two] = [open(), open()];
    let looks = 0;
    one.onDidChange(() => (looks += 1));
    lists = { acme: [expiringIn(3)] };
    await one.check();
    await one.followFiles();
    assert.equal(looks, 1);
    lists = { acme: [] };
    await two.note({ connectionId: 'acme', tokens: [{ token: expiringIn(4) }], isWhole: () => false });
    await one.followFiles();
    assert.deepEqual([looks, warned(one)], [2, ['in-3', 'in-4']]);
  });

  it('looks on after a write that failed', async () => {
    lists = { acme: [expiringIn(3)] };
    expiryFiles.failures.set('replace', { code: 'ENOSPC' });
    const watch = open();
    await assert.rejects(watch.check(), /ENOSPC/);
    expiryFiles.failures.clear();
    await watch.check();
    assert.deepEqual(warned(watch), ['in-3']);
  });

  it('warns of nothing, and leaves what is kept, when signed out', async () => {
    await known(expiringIn(3));
    const watch = open();
    await watch.check();
    const before = [watchFiles.text, expiryFiles.text];
    lists = {};
    await watch.check();
    assert.deepEqual([warned(watch), watchFiles.text, expiryFiles.text], [[], ...before]);
  });

  it('forgets everything of a connection', async () => {
    await known(expiringIn(3));
    const watch = open();
    await watch.check();
    lists = {};
    await watch.forget('acme');
    assert.deepEqual([...watchFiles.files.keys(), ...expiryFiles.files.keys()], []);
  });

  it('is silent after the end', async () => {
    await known(expiringIn(8));
    const watch = open();
    await watch.check();
    watch.dispose();
    assert.equal(clock.timerCount, 0);
    lists = { acme: [expiringIn(3)] };
    await watch.check();
    assert.deepEqual(told, []);
  });

  it('looks once more, and not more often, for calls that come while it looks', async () => {
    lists = { acme: [expiringIn(3)] };
    const watch = open();
    let changes = 0;
    watch.onDidChange(() => (changes += 1));
    await Promise.all([watch.check(), watch.check(), watch.check()]);
    await settle();
    assert.equal(changes, 1);
  });

  it('knows nothing before it has looked, and writes nothing for a connection without tokens', async () => {
    const watch = open();
    assert.deepEqual([watch.warnings, watch.muted], [[], []]);
    await watch.check();
    assert.deepEqual([...watchFiles.files.keys(), ...expiryFiles.files.keys()], []);
    lists = { acme: [expiringIn(3)] };
    await watch.check();
    assert.deepEqual(recordOf('acme'), { id: 'acme', since: now, noticedAt: undefined, announced: {}, muted: [] });
  });

  it('does not look where no window has written anything', async () => {
    const watch = open();
    const looks = looksOf(watch);
    await watch.followFiles();
    assert.equal(looks.count, 0);
  });

  it('tells all that is known of a connection: what is kept, and what was signed here', async () => {
    await known(expiringIn(3));
    signed = { acme: [aLedgerEntry('signed')], beta: [aLedgerEntry('other')] };
    const all = async (id: string): Promise<string[]> => (await open().allOf(id)).map((each) => each.id);
    assert.deepEqual([await all('acme'), await all('beta'), await all('none')], [['in-3', 'signed'], ['other'], []]);
  });

  it('mutes and unmutes only what was chosen, in its own connection', async () => {
    lists = { acme: [expiringIn(2), expiringIn(3), expiringIn(4)], beta: [expiringIn(3), expiringIn(5)] };
    const watch = open();
    await watch.check();
    const of = (connectionId: string) => watch.warnings.filter((each) => each.connectionId === connectionId);
    await watch.mute([...of('acme'), ...of('beta').filter(({ token }) => token.id === 'in-5')]);
    assert.deepEqual(
      watch.warnings.map(({ connectionId, token }) => [connectionId, token.id]),
      [['beta', 'in-3']],
    );
    await watch.unmute(watch.muted.filter(({ token }) => token.id === 'in-2' || token.id === 'in-4'));
    assert.deepEqual([recordOf('acme')?.muted, recordOf('beta')?.muted], [['in-3'], ['in-5']]);
    assert.deepEqual(warned(watch), ['in-2', 'in-3', 'in-4']);
  });

  it('waits without looking for the day after a connection was added', async () => {
    lists = { acme: [expiringIn(5)] };
    const watch = open();
    const looks = looksOf(watch);
    await watch.check();
    await clock.advance(dayMs - 1);
    assert.deepEqual([looks.count, told], [1, []]);
    await clock.advance(1);
    assert.deepEqual([looks.count, told], [2, ['in-5']]);
    await clock.advance(dayMs);
    assert.equal(looks.count, 2, 'nothing is left to announce');
  });

  it('does not announce what another window has announced since it looked, and looks again', async () => {
    await known(expiringIn(5));
    const other = open();
    let isFirst = true;
    const watch = open(async () => {
      if (isFirst) await other.check();
      isFirst = false;
    });
    const looks = looksOf(watch);
    await watch.check();
    assert.deepEqual([told, looks.count], [['in-5'], 1]);
    await clock.advance(60_000);
    assert.deepEqual([told, looks.count], [['in-5'], 2]);
  });

  it('remembers what was announced for as long as the token is known', async () => {
    await known(expiringIn(5), expiringIn(7.5));
    const watch = open();
    await watch.check();
    assert.deepEqual(recordOf('acme')?.announced, { 'in-5': 7 });
    await clock.advance(dayMs);
    assert.deepEqual(recordOf('acme')?.announced, { 'in-5': 7, 'in-7.5': 7 });
    await clock.advance(2.5 * dayMs);
    assert.deepEqual(told, ['in-5', 'in-5 in-7.5']);
    lists = { acme: [expiringIn(7.5)] };
    isWhole = true;
    await clock.advance(3.5 * dayMs);
    assert.deepEqual(recordOf('acme')?.announced, { 'in-7.5': 1 });
  });

  it('announces for a connection that was added today tomorrow, though another one has news', async () => {
    await known(expiringIn(5));
    lists = { acme: [], beta: [expiringIn(6)] };
    const watch = open();
    await watch.check();
    assert.deepEqual(told, ['in-5 in-6']);
    assert.deepEqual([recordOf('acme')?.announced, recordOf('beta')?.announced], [{ 'in-5': 7 }, {}]);
    await clock.advance(dayMs);
    assert.equal(told.length, 2);
    assert.deepEqual([recordOf('acme')?.announced, recordOf('beta')?.announced], [{ 'in-5': 7 }, { 'in-6': 7 }]);
  });

  it('notes with each of two connections its own news only', async () => {
    await known(expiringIn(5));
    lists = { acme: [], beta: [expiringIn(6)] };
    thresholds = [];
    await open().check();
    clock.set(new Date(now.getTime() + dayMs));
    thresholds = [7, 1];
    await open().check();
    assert.deepEqual([recordOf('acme')?.announced, recordOf('beta')?.announced], [{ 'in-5': 7 }, { 'in-6': 7 }]);
  });

  it('neither counts nor awaits what was signed here and is long dead', async () => {
    const madeAt = new Date(now.getTime() - 90 * dayMs);
    signed = { acme: [aLedgerEntry('old', { madeAt, expiresAt: new Date(now.getTime() - 60 * dayMs) })] };
    const watch = open();
    await watch.check();
    assert.deepEqual([warned(watch), clock.timerCount], [[], 0]);
  });
});
