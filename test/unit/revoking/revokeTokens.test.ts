import assert from 'node:assert/strict';
import {
  asMagicBellError,
  MagicBellError,
  type ErrorReason,
  type MagicBellErrorDetails,
} from '../../../src/core/magicbell/errors.ts';
import type { MagicBellApi } from '../../../src/core/magicbell/magicBellApi.ts';
import type { NextPage } from '../../../src/core/magicbell/paging.ts';
import { type RevocableToken, tokenId } from '../../../src/core/model/token.ts';
import { userId } from '../../../src/core/model/user.ts';
import { type RevocationOutcome, isGone, revokeTokens } from '../../../src/core/revoking/revokeTokens.ts';
import { TokenStore } from '../../../src/core/tokens/tokenStore.ts';
import { aToken } from '../../support/builders.ts';
import { FakeClock, settle } from '../../support/fakeClock.ts';

const now = new Date('2026-11-25T12:00:00Z');
const earlier = new Date('2026-11-25T11:59:00Z');
const second = 'after=second' as NextPage;
const named = (id: string): RevocableToken => ({ ...aToken({ id: tokenId(id), name: id }), id: tokenId(id) });

describe('revokeTokens', () => {
  let listed: RevocableToken[];
  let failures: Map<string, Error>;
  /** What the list says of a token after its revocation was asked for. */
  let after: (id: string) => void;
  let sent: string[];
  let running: number;
  let mostAtOnce: number;
  let api: MagicBellApi;
  let store: TokenStore;

  beforeEach(() => {
    listed = [];
    failures = new Map();
    after = () => undefined;
    sent = [];
    running = 0;
    mostAtOnce = 0;
    const discard = async (id: string) => {
      sent.push(id);
      running += 1;
      mostAtOnce = Math.max(mostAtOnce, running);
      await Promise.resolve();
      running -= 1;
      after(id);
      const failure = failures.get(id);
      if (failure !== undefined) throw failure;
      return { id: tokenId(id), revokedAt: now };
    };
    const page = () => Promise.resolve({ items: listed, next: undefined });
    api = {
      clockOffsetMs: undefined,
      jwt: {
        fetchProjectTokens: page,
        fetchUserTokens: page,
        discardProjectJwt: discard,
        discardUserJwt: discard,
        createProjectJwt: () => Promise.reject(new Error('not here')),
        createUserJwt: () => Promise.reject(new Error('not here')),
      },
      users: { listUsers: () => Promise.resolve({ items: [], next: undefined }) },
    };
    store = new TokenStore(
      () => Promise.resolve(api),
      () => 100,
    );
  });

  const fails = (id: string, reason: ErrorReason, status?: number, details: MagicBellErrorDetails = {}): void => {
    failures.set(id, new MagicBellError(reason, 'failed', { status, ...details }));
  };

  function run(tokens: readonly RevocableToken[], signal = new AbortController().signal, told: string[] = []) {
    return revokeTokens({
      api,
      store,
      tokens,
      clock: new FakeClock(now),
      signal,
      onProgress: ({ token, what }) => told.push(`${token.id} ${what}`),
    });
  }

  const said = (outcomes: readonly RevocationOutcome[]): string[] =>
    outcomes.map(({ token, what }) => `${token.id} ${what}`);

  async function list(...tokens: RevocableToken[]): Promise<void> {
    listed = tokens;
    await store.projectTokens.load();
  }

  it('says what came of each, in the order given, and marks what is gone', async () => {
    await list(named('a'), named('b'), named('c'));
    fails('b', 'forbidden', 403);
    const told: string[] = [];
    const outcomes = await run([named('a'), named('b'), named('c')], undefined, told);
    assert.deepEqual(said(outcomes), ['a revoked', 'b failed', 'c revoked']);
    assert.deepEqual(told.sort(), ['a revoked', 'b failed', 'c revoked']);
    assert.deepEqual(
      store.projectTokens.items.map(({ revokedAt }) => revokedAt),
      [now, undefined, now],
    );
    assert.deepEqual(outcomes.map(isGone), [true, false, true]);
  });

  it('keeps the order and gives each failure its own reason, though the first answer comes last', async () => {
    fails('a', 'forbidden', 403);
    fails('b', 'rateLimited', 429);
    const { jwt } = api;
    const discardProjectJwt: typeof jwt.discardProjectJwt = async (id) => {
      if (id === tokenId('a')) await settle();
      return jwt.discardProjectJwt(id);
    };
    api = { ...api, jwt: { ...jwt, discardProjectJwt } };
    const told: string[] = [];
    const outcomes = await run(['a', 'b', 'c'].map(named), undefined, told);
    assert.deepEqual(told.at(-1), 'a failed');
    assert.deepEqual(said(outcomes), ['a failed', 'b failed', 'c revoked']);
    assert.deepEqual(
      outcomes.map(({ error }) => asMagicBellError(error)?.reason),
      ['forbidden', 'rateLimited', undefined],
    );
  });

  it('sends four at once at most, each once', async () => {
    const many = Array.from({ length: 12 }, (_, at) => named(`t${at}`));
    await run(many);
    assert.deepEqual([mostAtOnce, sent.length, new Set(sent).size], [4, 12, 12]);
  });

  for (const [reason, status, ...serverMessages] of [
    ['notFound', 404],
    ['notFound', 410],
    ['invalidInput', 400, 'uuid: incorrect UUID length 8 in string "01234567"'],
    ['invalidInput', 400, 'invalid token for the project with id: projectID[1] tokenID[2]'],
    ['invalidInput', 400, 'Invalid token id'],
  ] as const) {
    it(`takes ${status} ${serverMessages.join('')} for gone only where this project has listed the token`, async () => {
      await list(named('a'));
      fails('a', reason, status, { serverMessages });
      fails('other', reason, status, { serverMessages });
      assert.deepEqual(said(await run([named('a'), named('other')])), ['a gone', 'other notKnown']);
      assert.deepEqual(store.projectTokens.items[0]?.revokedAt, now);
    });
  }

  for (const messages of [undefined, [], ['The project is suspended'], ['invalid header: request header too large']])
    it(`looks up what a 400 means that names no id: ${messages?.join('') ?? 'nothing'}`, async () => {
      await list(named('a'), named('b'));
      for (const id of ['a', 'b']) fails(id, 'invalidInput', 400, { serverMessages: messages });
      after = () => {
        listed = [named('a')];
      };
      assert.deepEqual(said(await run([named('a'), named('b')])), ['a failed', 'b gone']);
    });

  it('looks up what an earlier attempt may have done, whatever the last one was told', async () => {
    await list(named('a'), named('b'));
    fails('a', 'rateLimited', 429, { wasPerhapsDone: true });
    fails('b', 'unauthorized', 401, { wasPerhapsDone: true });
    after = () => {
      listed = [named('a')];
    };
    assert.deepEqual(said(await run([named('a'), named('b')])), ['a failed', 'b gone']);
  });

  it('takes 404 for gone where the token was issued here, though no list has shown it', async () => {
    store.addToken(named('made'), undefined);
    fails('made', 'notFound', 404);
    assert.deepEqual(said(await run([named('made')])), ['made gone']);
  });

  it('does not take another refusal for gone, nor a 410 without MagicBell’s words unless the list says so', async () => {
    await list(named('a'), named('b'), named('c'));
    fails('a', 'invalidInput', 422);
    fails('b', 'notOffered', 410);
    fails('c', 'notOffered', 410);
    after = () => {
      listed = [named('a'), named('b')];
    };
    assert.deepEqual(said(await run([named('a'), named('b'), named('c')])), ['a failed', 'b failed', 'c gone']);
  });

  it('notes the time of what is gone by the server’s clock', async () => {
    await list(named('a'));
    fails('a', 'notFound', 404);
    api = { ...api, clockOffsetMs: 3 * 3_600_000 };
    const [outcome] = await run([named('a')]);
    assert.deepEqual([outcome?.what, outcome && isGone(outcome)], ['gone', true]);
    assert.deepEqual(store.projectTokens.items[0]?.revokedAt, new Date('2026-11-25T15:00:00Z'));
  });

  it('revokes each token by the operation of its kind', async () => {
    const hers: RevocableToken = { ...named('hers'), kind: 'user' };
    const asked: string[] = [];
    for (const operation of ['discardProjectJwt', 'discardUserJwt'] as const) {
      api.jwt[operation] = (id) => {
        asked.push(`${operation} ${id}`);
        return Promise.resolve({ id, revokedAt: now });
      };
    }
    await run([named('ours'), hers]);
    assert.deepEqual(asked, ['discardProjectJwt ours', 'discardUserJwt hers']);
  });

  it('knows nothing of a user’s token whose user is not known, unless the caller says whose it is', async () => {
    const hers: RevocableToken = { ...named('hers'), kind: 'user' };
    fails('hers', 'timeout');
    listed = [{ ...hers, revokedAt: now }];
    assert.deepEqual(said(await run([hers])), ['hers unknown']);
    const outcomes = await revokeTokens({
      ...{ api, store, tokens: [hers], clock: new FakeClock(now) },
      signal: new AbortController().signal,
      onProgress: () => undefined,
      userOf: () => userId('hana'),
    });
    assert.deepEqual(said(outcomes), ['hers revoked']);
  });

  for (const reason of ['timeout', 'connectionLost', 'serverError', 'unexpectedResponse'] as const) {
    it(`looks up what became of a token after ${reason}`, async () => {
      await list(named('a'), named('b'), named('c'));
      for (const id of ['a', 'b', 'c']) fails(id, reason);
      after = () => {
        listed = [named('a'), { ...named('b'), revokedAt: now }];
      };
      assert.deepEqual(said(await run([named('a'), named('b'), named('c')])), ['a failed', 'b revoked', 'c gone']);
    });
  }

  it('proves nothing by a list that ends early, has an unreadable row, or cannot be asked', async () => {
    await list(named('a'));
    fails('a', 'timeout');
    after = () => {
      api.jwt.fetchProjectTokens = () => Promise.resolve({ items: [], next: undefined, cutShort: 'repeats' });
    };
    assert.deepEqual(said(await run([named('a')])), ['a unknown']);
    after = () => {
      api.jwt.fetchProjectTokens = () => Promise.resolve({ items: [], next: undefined, unreadableItems: 1 });
    };
    assert.deepEqual(said(await run([named('a')])), ['a unknown']);
    after = () => {
      api.jwt.fetchProjectTokens = () => Promise.reject(new MagicBellError('offline', ''));
    };
    const [outcome] = await run([named('a')]);
    assert.deepEqual([outcome?.what, (outcome?.error as MagicBellError).reason], ['unknown', 'timeout']);
  });

  it('asks the list of the user whose token it is, to its last page', async () => {
    const hers: RevocableToken = { ...named('hers'), kind: 'user' };
    listed = [hers];
    await store.tokensOf(userId('hana')).load();
    const asked: unknown[] = [];
    api.jwt.fetchUserTokens = (id, { limit, next }) => {
      asked.push([id, limit, next]);
      const items = next === undefined ? [named('other')] : [{ ...hers, revokedAt: now }];
      return Promise.resolve({ items, next: next === undefined ? second : undefined });
    };
    fails('hers', 'timeout');
    assert.deepEqual(said(await run([hers])), ['hers revoked']);
    assert.deepEqual(asked, [
      ['hana', 100, undefined],
      ['hana', 100, second],
    ]);
    assert.deepEqual(said(await run([{ ...hers, id: tokenId('nobody’s') }])), ['nobody’s revoked']);
  });

  it('asks the project’s list for a project token, whoever is said to own it, to its last page', async () => {
    const asked: unknown[] = [];
    api.jwt.fetchUserTokens = () => assert.fail('not a user’s token');
    api.jwt.fetchProjectTokens = (page) => {
      asked.push(page);
      return Promise.resolve(
        page.next === undefined
          ? { items: [named('z')], next: second }
          : { items: [{ ...named('a'), revokedAt: earlier }], next: undefined },
      );
    };
    fails('a', 'timeout');
    const tokens = [named('a')];
    const outcomes = await revokeTokens({
      ...{ api, store, tokens, clock: new FakeClock(now) },
      signal: new AbortController().signal,
      onProgress: () => undefined,
      userOf: () => userId('hana'),
    });
    assert.deepEqual(said(outcomes), ['a revoked']);
    assert.deepEqual(asked, [
      { limit: 100, next: undefined },
      { limit: 100, next: second },
    ]);
  });

  it('marks with the time that the list names, and without one with now', async () => {
    await list(named('a'), named('b'));
    for (const id of ['a', 'b']) fails(id, 'timeout');
    after = () => {
      listed = [{ ...named('a'), revokedAt: earlier }];
    };
    assert.deepEqual(said(await run([named('a'), named('b')])), ['a revoked', 'b gone']);
    assert.deepEqual(
      store.projectTokens.items.map(({ revokedAt }) => revokedAt),
      [earlier, now],
    );
  });

  it('does not look up what MagicBell refused, nor what failed before MagicBell', async () => {
    await list(named('a'), named('b'));
    fails('a', 'forbidden', 403);
    let lookUps = 0;
    after = () => {
      api.jwt.fetchProjectTokens = () => {
        lookUps += 1;
        return Promise.resolve({ items: [], next: undefined });
      };
    };
    failures.set('b', new TypeError('not ours'));
    const outcomes = await run([named('a'), named('b')]);
    assert.deepEqual([said(outcomes), lookUps], [['a failed', 'b failed'], 0]);
    assert.ok(outcomes[1]?.error instanceof TypeError);
  });

  it('does not take a 400 for gone that is not MagicBell’s', async () => {
    await list(named('a'));
    fails('a', 'unexpectedResponse', 400);
    assert.deepEqual(said(await run([named('a')])), ['a failed']);
    assert.equal(store.projectTokens.items[0]?.revokedAt, undefined);
  });

  it('does not look up what was never sent', async () => {
    await list(named('a'));
    failures.set('a', new MagicBellError('timeout', '', { notSent: true }));
    after = () => {
      listed = [];
    };
    assert.deepEqual(said(await run([named('a')])), ['a failed']);
  });

  it('sends nothing more after a stop, and says so', async () => {
    const aborter = new AbortController();
    const many = Array.from({ length: 8 }, (_, at) => named(`t${at}`));
    after = () => aborter.abort();
    const outcomes = await run(many, aborter.signal);
    assert.equal(outcomes.filter(({ what }) => what === 'revoked').length, 4);
    assert.equal(outcomes.filter(({ what }) => what === 'notTried').length, 4);
  });
});
