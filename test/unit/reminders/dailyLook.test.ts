import assert from 'node:assert/strict';
import { Leases } from '../../../src/core/base/lease.ts';
import { lockBy } from '../../../src/core/reminders/lock.ts';
import { Records } from '../../../src/core/base/records.ts';
import { WallClock } from '../../../src/core/base/wallClock.ts';
import { MagicBellError } from '../../../src/core/magicbell/errors.ts';
import type { MagicBellApi } from '../../../src/core/magicbell/magicBellApi.ts';
import { tokenId } from '../../../src/core/model/token.ts';
import { type User, userId } from '../../../src/core/model/user.ts';
import { DailyLook, reviveLookRecord } from '../../../src/core/reminders/dailyLook.ts';
import type { SeenTokens } from '../../../src/core/reminders/knownExpiries.ts';
import { aToken, aUser } from '../../support/builders.ts';
import { FakeClock, settle } from '../../support/fakeClock.ts';
import { FakeMagicBell } from '../../support/fakeMagicBell.ts';
import { MemoryFolder } from '../../support/memoryJournalFiles.ts';
import { RecordingLogger } from '../../support/recordingLogger.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const start = new Date('2026-11-25T12:00:00Z');

describe('DailyLook', () => {
  let clock: FakeClock;
  let folder: MemoryFolder;
  let magicBell: FakeMagicBell;
  let isOn: boolean;
  let isOnline: boolean;
  let pinned: User[];
  let missing: string[];
  let ids: string[];
  let requests: string[];
  let noted: SeenTokens[];
  let windows: number;
  let logger: RecordingLogger;
  let apiFailure: Error | undefined;
  let noteFailure: Error | undefined;
  let removed: string[];
  /** Called with each request. */
  let onRequest: () => void;

  /** What is asked, with the options of each call. */
  function counted(api: MagicBellApi): MagicBellApi {
    const count = (what: string, isOnce: boolean | undefined): void => {
      requests.push(isOnce === true ? what : `${what}, and again`);
      onRequest();
    };
    return {
      ...api,
      jwt: {
        ...api.jwt,
        fetchProjectTokens: (page, options) => {
          count('project', options?.isOnce);
          return api.jwt.fetchProjectTokens(page, options);
        },
        fetchUserTokens: (id, page, options) => {
          count(id, options?.isOnce);
          return api.jwt.fetchUserTokens(id, page, options);
        },
      },
    };
  }

  function open(startedAt = clock.now()): DailyLook {
    const files = folder.openedBy();
    const owner = { windowId: `window-${(windows += 1)}`, pid: windows, hostname: 'here' };
    const look = new DailyLook({
      records: new Records(files, reviveLookRecord, new RecordingLogger()),
      lock: lockBy(new Leases(files, owner, clock, () => true)),
      clock,
      wallClock: new WallClock(clock),
      logger,
      startedAt,
      isOn: () => isOn,
      isOnline: () => isOnline,
      random: () => 0.5,
      connections: () =>
        ids.map((id) => ({
          id,
          label: id,
          host: 'api.magicbell.com',
          get isRemoved() {
            return removed.includes(id);
          },
          isMissing: (operation) => missing.includes(operation),
          api: () =>
            apiFailure === undefined ? Promise.resolve(counted(magicBell.usedBy())) : Promise.reject(apiFailure),
          users: { pinned } as never,
        })),
      note: (seen) => {
        noted.push(seen);
        return noteFailure === undefined ? Promise.resolve() : Promise.reject(noteFailure);
      },
    });
    void look.schedule();
    return look;
  }

  /** As of a connection that was looked at yesterday. */
  const dueSince = (at: Date, id = 'acme', users = 0): void =>
    folder.write(`${id}.look.json`, JSON.stringify({ id: `${id}.look`, nextAt: at, users }));

  const nextAt = (id = 'acme'): Date =>
    new Date((JSON.parse(folder.files.get(`${id}.look.json`)?.text ?? '') as { nextAt: string }).nextAt);

  beforeEach(() => {
    clock = new FakeClock(start);
    folder = new MemoryFolder(clock);
    magicBell = new FakeMagicBell(clock);
    magicBell.others = [{ token: aToken() }];
    isOn = true;
    isOnline = true;
    pinned = [];
    missing = [];
    ids = ['acme'];
    requests = [];
    noted = [];
    windows = 0;
    logger = new RecordingLogger();
    [apiFailure, noteFailure, removed] = [undefined, undefined, []];
    onRequest = () => undefined;
  });

  it('does not wait for years after the clock was ahead for a while', async () => {
    dueSince(new Date('2036-01-01T00:00:00Z'), 'acme', 7);
    open();
    await clock.advance(dayMs + 3 * 60 * minuteMs);
    assert.deepEqual(requests, ['project']);
    assert.ok(nextAt() < new Date('2026-12-01T00:00:00Z'), nextAt().toISOString());
  });

  it('asks nothing of a connection that was added just now, before a day has passed', async () => {
    open();
    await settle();
    assert.equal(nextAt().getTime(), start.getTime() + dayMs + 60 * minuteMs);
    await clock.advance(10 * minuteMs);
    assert.deepEqual(requests, []);
  });

  it('never asks in the first minutes, and then once, with a time of its own for tomorrow', async () => {
    dueSince(start);
    open();
    await clock.advance(2.9 * minuteMs);
    assert.deepEqual(requests, []);
    await clock.advance(0.2 * minuteMs);
    assert.deepEqual(requests, ['project']);
    await clock.advance(60 * minuteMs);
    assert.deepEqual(requests, ['project']);
    assert.equal(nextAt().getTime(), start.getTime() + 3 * minuteMs + dayMs + 60 * minuteMs);
    assert.deepEqual(
      noted.map(({ connectionId, tokens, isWhole }) => [connectionId, tokens.length, isWhole('project', undefined)]),
      [['acme', 1, true]],
    );
  });

  it('asks at most five times: one page, the pinned users, then more pages', async () => {
    magicBell.pageSize = 1;
    magicBell.others = Array.from({ length: 9 }, (_, index) => ({ token: aToken({ id: tokenId(`t${index}`) }) }));
    pinned = [aUser({ id: userId('u1') }), aUser({ id: userId('u2') })];
    dueSince(start);
    open();
    await clock.advance(4 * minuteMs);
    assert.deepEqual(requests, ['project', 'u1', 'u2', 'project', 'project']);
    assert.equal(noted[0]?.isWhole('project', undefined), false);
    assert.deepEqual(
      ['u1', 'u3'].map((id) => noted.map(({ isWhole }) => isWhole('user', userId(id)))),
      [[true], [false]],
    );
  });

  it('goes on where the last look stopped, when many users are pinned', async () => {
    pinned = ['u0', 'u1', 'u2', 'u3', 'u4', 'u5'].map((id) => aUser({ id: userId(id) }));
    dueSince(start, 'acme', 4);
    open();
    await clock.advance(4 * minuteMs);
    assert.deepEqual(requests, ['project', 'u4', 'u5', 'u0', 'u1']);
  });

  it('looks with one window only', async () => {
    dueSince(start);
    open();
    open();
    await clock.advance(30 * minuteMs);
    assert.deepEqual(requests, ['project']);
    assert.deepEqual([...folder.files.keys()], ['acme.look.json']);
  });

  it('asks nothing while the setting is off, and follows it', async () => {
    dueSince(start);
    isOn = false;
    const look = open();
    await clock.advance(10 * minuteMs);
    assert.deepEqual([requests, clock.timerCount], [[], 0]);
    isOn = true;
    await look.schedule();
    await clock.advance(minuteMs);
    assert.deepEqual(requests, ['project']);
  });

  it('asks nothing without a network, and tries again an hour later', async () => {
    dueSince(start);
    isOnline = false;
    open();
    await clock.advance(4 * minuteMs);
    assert.deepEqual(requests, []);
    isOnline = true;
    await clock.advance(58 * minuteMs);
    assert.deepEqual(requests, []);
    await clock.advance(2 * minuteMs);
    assert.deepEqual(requests, ['project']);
  });

  it('tries again an hour later when MagicBell could not be reached, and else not before tomorrow', async () => {
    for (const [reason, minutes] of [
      ['offline', 60],
      ['dns', 60],
      ['unauthorized', 25 * 60],
      ['rateLimited', 25 * 60],
      ['serverError', 25 * 60],
    ] as const) {
      magicBell.failure = new MagicBellError(reason, '');
      pinned = [aUser()];
      requests = [];
      dueSince(clock.now());
      const look = open(new Date(0));
      await settle();
      await clock.advance(1000);
      assert.deepEqual(requests, ['project'], reason);
      assert.equal(nextAt().getTime() - clock.now().getTime(), minutes * minuteMs, reason);
      look.dispose();
    }
  });

  it('does not ask for what the API does not offer, and goes on after a user who is gone', async () => {
    missing = ['fetchProjectTokens'];
    pinned = [aUser({ id: userId('gone') }), aUser({ id: userId('u2') })];
    magicBell.failure = new MagicBellError('notFound', '', { status: 404 });
    dueSince(start);
    open();
    await clock.advance(4 * minuteMs);
    assert.deepEqual(requests, ['gone', 'u2']);
    missing = ['fetchProjectTokens', 'fetchUserTokens'];
    requests = [];
    clock.set(new Date(start.getTime() + 2 * dayMs));
    await clock.advance(2 * minuteMs);
    assert.deepEqual(requests, []);
  });

  it('looks at each connection, and stops with the last', async () => {
    ids = ['acme', 'beta'];
    dueSince(start);
    dueSince(start, 'beta');
    const look = open();
    await clock.advance(4 * minuteMs);
    assert.deepEqual(
      noted.map(({ connectionId }) => connectionId),
      ['acme', 'beta'],
    );
    ids = [];
    await look.schedule();
    await look.forget('acme');
    assert.equal(clock.timerCount, 0);
    assert.deepEqual([...folder.files.keys()], ['beta.look.json']);
  });

  it('says in the log how many requests it took, and what came of them', async () => {
    pinned = [aUser()];
    dueSince(start);
    open(new Date(0));
    await clock.advance(2000);
    assert.deepEqual(logger.lines, [{ level: 'info', message: 'daily check of acme: 2 requests, 1 tokens' }]);
    pinned = [];
    magicBell.failure = new MagicBellError('unauthorized', '');
    clock.set(nextAt());
    await clock.advance(minuteMs);
    assert.equal(logger.lines.at(-1)?.message, 'daily check of acme: 1 request, unauthorized');
  });

  for (const [failure, said] of [
    [new MagicBellError('connectionRemoved', 'x'), 'connectionRemoved'],
    [new Error('no client'), 'no client'],
  ] as const) {
    it(`says that it could not begin: ${said}, and tries again tomorrow`, async () => {
      apiFailure = failure;
      dueSince(start);
      open(new Date(0));
      await clock.advance(2000);
      assert.deepEqual(logger.lines, [{ level: 'warn', message: `daily check: ${said}` }]);
      assert.ok(nextAt().getTime() > start.getTime() + dayMs);
      assert.deepEqual([requests, noted, clock.timerCount], [[], [], 1]);
    });
  }

  it('says when what was seen could not be kept, and goes on when it is asked to', async () => {
    noteFailure = new Error('the disk is full');
    dueSince(start);
    const look = open(new Date(0));
    await clock.advance(2000);
    assert.equal(logger.lines.at(-1)?.message, 'daily check: the disk is full');
    noteFailure = undefined;
    await look.schedule();
    clock.set(nextAt());
    await clock.advance(minuteMs);
    assert.equal(noted.length, 2);
  });

  it('counts the users that it came to, so that the next look goes on there', async () => {
    pinned = ['u0', 'u1', 'u2', 'u3', 'u4', 'u5'].map((id) => aUser({ id: userId(id) }));
    dueSince(start, 'acme', 4);
    open(new Date(0));
    await clock.advance(2000);
    requests = [];
    clock.set(nextAt());
    await clock.advance(minuteMs);
    assert.deepEqual(requests, ['project', 'u2', 'u3', 'u4', 'u5']);
  });

  it('notes nothing of a connection that was removed meanwhile, and asks nothing of one', async () => {
    pinned = [aUser()];
    dueSince(start);
    onRequest = () => removed.push('acme');
    open(new Date(0));
    await clock.advance(2000);
    assert.deepEqual([requests, noted], [['project'], []]);
    requests = [];
    clock.set(nextAt());
    await clock.advance(minuteMs);
    assert.deepEqual(requests, []);
  });

  it('stops when the setting is switched off while it looks', async () => {
    [pinned, ids] = [[aUser()], ['acme', 'beta']];
    dueSince(start);
    dueSince(start, 'beta');
    onRequest = () => (isOn = false);
    open(new Date(0));
    await clock.advance(2000);
    assert.deepEqual(requests, ['project']);
    assert.deepEqual(nextAt('beta'), start, 'the others’ turn is still to come');
    assert.equal(clock.timerCount, 0);
  });

  it('stops when another window has taken over', async () => {
    pinned = [aUser()];
    dueSince(start);
    onRequest = () => {
      const claim = [...folder.files.keys()].find((name) => name.endsWith('.claim')) ?? '';
      const other = { windowId: 'other', pid: 99, hostname: 'here' };
      folder.write(claim, JSON.stringify(other));
    };
    open(new Date(0));
    await clock.advance(2000);
    assert.deepEqual(requests, ['project']);
  });

  it('looks ten minutes later when another window is looking', async () => {
    dueSince(start);
    folder.write('look.1.claim', JSON.stringify({ windowId: 'other', pid: 99, hostname: 'here' }));
    open(new Date(0));
    await clock.advance(2000);
    assert.deepEqual(requests, []);
    folder.files.delete('look.1.claim');
    await clock.advance(9 * minuteMs);
    assert.deepEqual(requests, []);
    await clock.advance(2 * minuteMs);
    assert.deepEqual(requests, ['project']);
  });

  it('looks at the connection that is due first when that is due', async () => {
    ids = ['acme', 'beta'];
    dueSince(new Date(start.getTime() + 600 * minuteMs));
    dueSince(new Date(start.getTime() + 60 * minuteMs), 'beta');
    open(new Date(0));
    await clock.advance(61 * minuteMs);
    assert.deepEqual(
      noted.map(({ connectionId }) => connectionId),
      ['beta'],
    );
  });

  it('believes a time up to the latest that it writes itself', async () => {
    const latest = new Date(start.getTime() + dayMs + 120 * minuteMs);
    dueSince(latest);
    open();
    await settle();
    assert.deepEqual(nextAt(), latest);
  });

  it('ends with its window', async () => {
    dueSince(start);
    const look = open(new Date(0));
    await settle();
    look.dispose();
    assert.equal(clock.timerCount, 0);
    await clock.advance(5 * minuteMs);
    assert.deepEqual(requests, []);
  });

  for (const json of [
    null,
    7,
    {},
    { id: 'a' },
    { id: 'a', nextAt: 'x' },
    { id: 'a', nextAt: 7 },
    { nextAt: '2026-11-25T12:00:00Z' },
  ])
    it(`takes ${JSON.stringify(json)} for no record`, () => assert.equal(reviveLookRecord(json), undefined));

  it('takes only a count of users for one', () => {
    const record = { id: 'a', nextAt: '2026-11-25T12:00:00.000Z' };
    const of = (users: unknown): number | undefined => reviveLookRecord({ ...record, users })?.users;
    assert.deepEqual([0, 7, -1, 1.5, '7', null, undefined].map(of), [0, 7, 0, 0, 0, 0, 0]);
    assert.deepEqual(reviveLookRecord({ ...record, users: 7 }), { id: 'a', nextAt: start, users: 7 });
  });
});
