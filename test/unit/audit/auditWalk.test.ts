import assert from 'node:assert/strict';
import { AuditBook } from '../../../src/core/audit/auditBook.ts';
import { AuditPace } from '../../../src/core/audit/auditPace.ts';
import type { AuditRecord } from '../../../src/core/audit/auditRecord.ts';
import { AuditWalk } from '../../../src/core/audit/auditWalk.ts';
import { type ErrorReason, MagicBellError } from '../../../src/core/magicbell/errors.ts';
import type { CallOptions, MagicBellApi } from '../../../src/core/magicbell/magicBellApi.ts';
import type { ListPage, NextPage, PageRequest } from '../../../src/core/magicbell/paging.ts';
import { tokenId, type Token } from '../../../src/core/model/token.ts';
import { type User, type UserId, userId } from '../../../src/core/model/user.ts';
import { aToken, aUser } from '../../support/builders.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { MemoryFolder } from '../../support/memoryJournalFiles.ts';
import { RecordingLogger } from '../../support/recordingLogger.ts';

const sharePerMinute = 6000;
const pageSize = 3;

const error = (reason: ErrorReason): MagicBellError => new MagicBellError(reason, reason);
const tokenOf = (user: string): Token => ({ ...aToken({ id: tokenId(`token of ${user}`) }), kind: 'user' });

const begun = (parts: Partial<AuditRecord> = {}): AuditRecord => ({
  ...{ id: 'c-1', startedAt: new Date('2026-11-25T12:00:00Z'), phase: 'listing', scope: 'everything' },
  ...{ isCutShort: false, pageCount: 0, userCount: 0, readCount: 0, tokenCount: 0, failedCount: 0, looks: 0 },
  ...parts,
});

describe('AuditWalk', () => {
  let clock: FakeClock;
  let book: AuditBook;
  let folder: MemoryFolder;
  let pace: AuditPace;
  let aborter: AbortController;
  let users: string[];
  let lists: number;
  /** Of which users the tokens were asked for, in order. */
  let asked: string[];
  let phases: string[];
  let onList: (page: PageRequest, options: CallOptions) => Partial<ListPage<User>> | undefined;
  let onTokens: (user: string, page: PageRequest, options: CallOptions) => ListPage<Token> | undefined;

  beforeEach(() => {
    clock = new FakeClock();
    folder = new MemoryFolder(clock);
    book = new AuditBook(folder.openedBy(), new RecordingLogger());
    pace = new AuditPace(sharePerMinute, clock);
    aborter = new AbortController();
    users = ['u-1', 'u-2', 'u-3', 'u-4'];
    [lists, asked, phases] = [0, [], []];
    [onList, onTokens] = [() => undefined, () => undefined];
  });

  const answer = async <T>(work: () => T): Promise<T> => {
    await Promise.resolve();
    return work();
  };
  const api = {
    users: {
      listUsers: (_query: undefined, page: PageRequest, options: CallOptions) =>
        answer(() => {
          const at = Number(page.next ?? 0);
          if (at === 0) lists += 1;
          const odd = onList(page, options);
          const items = users.slice(at, at + page.limit).map((id) => aUser({ id: userId(id) }));
          const isLast = at + page.limit >= users.length;
          return { items, next: isLast ? undefined : (String(at + page.limit) as NextPage), ...odd };
        }),
    },
    jwt: {
      fetchUserTokens: (user: UserId, page: PageRequest, options: CallOptions) =>
        answer(() => {
          asked.push(user);
          return onTokens(user, page, options) ?? { items: [tokenOf(user)], next: undefined };
        }),
    },
  } as unknown as MagicBellApi;

  async function walk(record = begun()): Promise<AuditRecord> {
    const onProgress = ({ phase }: AuditRecord): void => {
      if (phases.at(-1) !== phase) phases.push(phase);
    };
    const made = new AuditWalk(record, aborter.signal, { api, book, pace, clock, pageSize, onProgress });
    let isOver = false as boolean;
    const run = made.run().finally(() => (isOver = true));
    run.catch(() => undefined);
    for (let second = 0; !isOver && second < 60; second += 1) await clock.advance(1000);
    return run;
  }
  const failing = (reason: ErrorReason, ...names: readonly string[]): void => {
    onTokens = (user) => {
      if (names.includes(user)) throw error(reason);
      return undefined;
    };
  };
  const timesAsked = (user: string): number => asked.filter((each) => each === user).length;

  it('lists the users, reads their tokens, and looks once more for others', async () => {
    const record = await walk();
    assert.deepEqual(record, {
      ...begun({ phase: 'done', pageCount: 2, userCount: 4, readCount: 4, tokenCount: 4, looks: 2 }),
      finishedAt: record.finishedAt,
    });
    assert.deepEqual(phases, ['listing', 'reading', 'closing', 'done']);
    assert.deepEqual(await book.read('c-1'), record);
    assert.deepEqual([lists, asked.length], [2, 4]);
  });

  it('asks for pages of its size, in the background, with its signal', async () => {
    const seen: unknown[] = [];
    const note = ({ limit }: PageRequest, { priority, signal }: CallOptions): undefined => {
      seen.push([limit, priority, signal === aborter.signal]);
      return undefined;
    };
    onList = note;
    onTokens = (_user, page, options) => note(page, options);
    await walk();
    assert.deepEqual(
      seen,
      seen.map(() => [pageSize, 'background', true]),
    );
    assert.equal(seen.length, 8);
  });

  it('reads all pages of a user’s tokens', async () => {
    onTokens = (user, { next }) =>
      next === undefined
        ? { items: [tokenOf(`${user} a`)], next: 'more' as NextPage }
        : { items: [tokenOf(`${user} b`), tokenOf(`${user} c`)], next: undefined };
    const record = await walk();
    assert.deepEqual([record.tokenCount, record.failedCount], [12, 0]);
    assert.equal(asked.length, 8);
  });

  it('reads again, once, whose tokens could not be read, and nobody else’s', async () => {
    failing('serverError', 'u-2');
    onList = () => {
      if (lists === 2) onTokens = () => undefined;
      return undefined;
    };
    const record = await walk();
    assert.deepEqual([record.failedCount, record.readCount, record.tokenCount, record.looks], [0, 4, 4, 3]);
    assert.deepEqual(users.map(timesAsked), [1, 2, 1, 1]);
  });

  for (const reason of ['serverError', 'timeout', 'connectionLost', 'unexpectedResponse'] as const) {
    it(`goes on after ${reason}, and says of whom the tokens are not known`, async () => {
      failing(reason, 'u-2');
      const record = await walk();
      assert.deepEqual([record.phase, record.failedCount, record.readCount], ['done', 1, 4]);
      assert.deepEqual(users.map(timesAsked), [1, 2, 1, 1]);
      const page = await book.page('c-1', 0);
      assert.deepEqual(
        page.map(({ user, tokens, problem }) => [user.id, tokens?.length, problem]),
        [
          ['u-1', 1, undefined],
          ['u-2', undefined, 'failed'],
          ['u-3', 1, undefined],
        ],
      );
    });
  }

  for (const reason of ['notFound', 'invalidInput'] as const) {
    it(`takes a user for gone after ${reason}, and does not ask again`, async () => {
      failing(reason, 'u-2');
      const record = await walk();
      assert.deepEqual([record.phase, record.failedCount, record.readCount, record.tokenCount], ['done', 0, 4, 3]);
      assert.equal(timesAsked('u-2'), 1);
      assert.equal((await book.page('c-1', 0))[1]?.problem, 'gone');
    });
  }

  it('stops when everybody’s tokens cannot be read, and not for failures here and there', async () => {
    users = Array.from({ length: 14 }, (_, at) => `u-${at}`);
    failing('serverError', ...users.filter((_, at) => at % 2 === 0));
    const record = await walk();
    assert.deepEqual([record.phase, record.failedCount], ['done', 7]);

    asked = [];
    failing('serverError', ...users);
    await assert.rejects(walk(), { reason: 'serverError' });
    assert.ok(asked.length >= 8 && asked.length <= 8 + 3, `${asked.length} were asked for`);
  });

  for (const reason of ['unauthorized', 'offline', 'rateLimited'] as const) {
    it(`stops at once for ${reason}, with what it has read on disk`, async () => {
      failing(reason, 'u-4');
      await assert.rejects(walk(), { reason });
      const record = await book.read('c-1');
      assert.deepEqual([record?.phase, record?.readCount, record?.tokenCount], ['reading', 3, 3]);
      failing('offline');
      asked = [];
      assert.equal((await walk(record)).readCount, 4);
      assert.deepEqual(asked, ['u-4']);
    });
  }

  it('passes on what is no error of MagicBell’s', async () => {
    onTokens = () => {
      throw new RangeError('a fault');
    };
    await assert.rejects(walk(), new RangeError('a fault'));
  });

  it('covers only project tokens where users cannot be listed', async () => {
    onList = () => {
      throw error('notOffered');
    };
    const record = await walk();
    assert.deepEqual([record.phase, record.scope, record.looks], ['done', 'noUsers', 1]);
    assert.deepEqual(phases, ['listing', 'reading', 'done']);
    assert.deepEqual([lists, asked], [1, []]);
    assert.deepEqual((await book.read('c-1'))?.finishedAt, record.finishedAt);
  });

  it('stops when the users cannot be listed for any other reason', async () => {
    onList = () => {
      throw error('forbidden');
    };
    await assert.rejects(walk(), { reason: 'forbidden' });
    assert.equal((await book.read('c-1'))?.phase, 'listing');
    onList = () => {
      throw new RangeError('a fault');
    };
    await assert.rejects(walk(), new RangeError('a fault'));
  });

  it('covers only project tokens where those of users are not offered, and looks for no more users', async () => {
    failing('notOffered', ...users);
    const record = await walk();
    assert.deepEqual([record.phase, record.scope, record.readCount], ['done', 'noUserTokens', 0]);
    assert.equal(lists, 1);
    assert.ok(!asked.includes('u-4'), 'the next page is not asked for');
  });

  it('takes “not offered” for one user’s failure once others’ tokens were read', async () => {
    failing('notOffered', 'u-4');
    const record = await walk();
    assert.deepEqual([record.phase, record.scope, record.failedCount], ['done', 'everything', 1]);
    assert.deepEqual((await book.page('c-1', 1))[0], {
      user: aUser({ id: userId('u-4') }),
      tokens: undefined,
      problem: 'failed',
    });
  });

  it('looks for users at most four times, though there are always new ones', async () => {
    onList = ({ next }) => {
      if (next === undefined) users.push(`late-${lists}`);
      return undefined;
    };
    const record = await walk();
    assert.deepEqual([lists, record.looks, record.userCount, record.readCount], [4, 4, 8, 8]);
    assert.equal(record.phase, 'done');
  });

  it('begins an unfinished list anew', async () => {
    await book.writePage('c-1', 0, [{ user: aUser({ id: userId('old') }) }]);
    const counts = { pageCount: 3, userCount: 9, readCount: 1, tokenCount: 1, failedCount: 1 };
    const record = await walk(begun(counts));
    assert.deepEqual([record.pageCount, record.userCount, record.readCount, record.failedCount], [2, 4, 4, 0]);
    assert.ok(!folder.text.includes('"old"'), 'the old page is gone');
  });

  it('finds the users of a lost page again', async () => {
    const record = await walk(begun({ phase: 'reading', pageCount: 1, userCount: 3, looks: 1 }));
    assert.equal(record.phase, 'done');
    assert.deepEqual([...asked].sort(), users);
    assert.deepEqual([record.pageCount, record.readCount], [3, 4]);
  });

  it('says that a list has rows which nobody can read', async () => {
    onList = () => ({ unreadableItems: 1 });
    assert.equal((await walk()).isCutShort, true);
    onList = () => undefined;
    assert.equal((await walk()).isCutShort, false);
  });

  const waits = [
    ['serverBusy', sharePerMinute / 2],
    ['retry', sharePerMinute / 2],
    ['budget', sharePerMinute],
  ] as const;
  for (const [reason, perMinute] of waits) {
    it(`has a pace of ${perMinute} after a wait for ${reason}`, async () => {
      onTokens = (user, _page, { onWait }) => {
        if (user === 'u-2') onWait?.(clock.now(), reason);
        return undefined;
      };
      const run = await walk();
      assert.equal(run.phase, 'done');
      assert.equal(pace.perMinute, perMinute);
    });
  }

  it('slows down when it is refused, and not for other failures', async () => {
    failing('timeout', 'u-2');
    await walk();
    assert.equal(pace.perMinute, sharePerMinute);
    failing('rateLimited', 'u-2');
    await assert.rejects(walk(), { reason: 'rateLimited' });
    assert.equal(pace.perMinute, sharePerMinute / 2);
    onTokens = () => {
      throw new RangeError('a fault');
    };
    await assert.rejects(walk(), RangeError);
  });
});
