import assert from 'node:assert/strict';
import { findById } from '../../../src/core/agents/findById.ts';
import { expiringOf } from '../../../src/core/agents/expiring.ts';
import { type ListingQuery, listingOf } from '../../../src/core/agents/listing.ts';
import { MagicBellError } from '../../../src/core/magicbell/errors.ts';
import type { MagicBellApi } from '../../../src/core/magicbell/magicBellApi.ts';
import type { NextPage, PageRequest } from '../../../src/core/magicbell/paging.ts';
import { type Token, tokenId } from '../../../src/core/model/token.ts';
import { userId } from '../../../src/core/model/user.ts';
import { TokenStore } from '../../../src/core/tokens/tokenStore.ts';
import { aLedgerEntry, aToken, aUser } from '../../support/builders.ts';

const now = new Date('2026-11-25T12:00:00Z');
const inDays = (days: number): Date => new Date(now.getTime() + days * 86_400_000);
const query: ListingQuery = { filter: 'all', page: 1, now, soonDays: 7 };

describe('What agents are told of a list', () => {
  let tokens: Token[];
  let failure: MagicBellError | undefined;
  let requests: number;
  let unreadableItems: number;
  let store: TokenStore;

  beforeEach(() => {
    tokens = Array.from({ length: 250 }, (_, index) =>
      aToken({ id: tokenId(`t-${index}`), name: `Token ${index}`, expiresAt: index % 2 === 0 ? inDays(3) : undefined }),
    );
    failure = undefined;
    requests = 0;
    unreadableItems = 0;
    const fetchProjectTokens = ({ limit, next }: PageRequest) => {
      requests += 1;
      if (failure !== undefined) return Promise.reject(failure);
      const start = (next as unknown as { at: number } | undefined)?.at ?? 0;
      const end = start + limit;
      const following = end < tokens.length ? ({ at: end } as unknown as NextPage) : undefined;
      return Promise.resolve({ items: tokens.slice(start, end), next: following, unreadableItems });
    };
    const api = { clockOffsetMs: undefined, jwt: { fetchProjectTokens } } as unknown as MagicBellApi;
    store = new TokenStore(
      () => Promise.resolve(api),
      () => 100,
    );
  });

  it('comes in pages of fifty that do not move while more is loaded', async () => {
    const first = await listingOf(store.projectTokens, query);
    assert.equal(first.rows.length, 50);
    assert.deepEqual([first.hasNextPage, first.loaded, requests], [true, 100, 1]);
    assert.equal(first.rest, '100 tokens are loaded so far; there are more.');
    const third = await listingOf(store.projectTokens, { ...query, page: 3 });
    assert.equal(third.rows[0]?.name, 'Token 100');
    assert.deepEqual(await listingOf(store.projectTokens, query).then(({ rows }) => rows), first.rows);
    const last = await listingOf(store.projectTokens, { ...query, page: 5 });
    assert.deepEqual([last.rows.length, last.hasNextPage, last.rest, requests], [50, false, '', 3]);
  });

  it('says the right reason when rows are missing and nothing more can be loaded', async () => {
    tokens = tokens.slice(0, 20);
    unreadableItems = 2;
    const { hasNextPage, rest } = await listingOf(store.projectTokens, query);
    assert.deepEqual([hasNextPage, rest], [false, 'Not everything can be listed: 2 entries cannot be read.']);
  });

  it('takes three requests at most for one call', async () => {
    tokens = Array.from({ length: 1000 }, (_, index) => aToken({ id: tokenId(`t-${index}`), name: 'Alike' }));
    const listing = await listingOf(store.projectTokens, { ...query, text: 'not there' });
    assert.deepEqual([listing.rows.length, listing.hasNextPage, listing.loaded, requests], [0, true, 300, 3]);
  });

  it('is filtered by state and by words', async () => {
    const expiring = await listingOf(store.projectTokens, { ...query, filter: 'expiring' });
    assert.ok(expiring.rows.every(({ expiresAt }) => expiresAt !== undefined));
    const { rows } = await listingOf(store.projectTokens, { ...query, text: 'token 17' });
    assert.ok(rows.some(({ name }) => name === 'Token 17') && !rows.some(({ name }) => name === 'Token 18'));
  });

  it('is never empty for a failure', async () => {
    failure = new MagicBellError('offline', 'no route');
    await assert.rejects(listingOf(store.projectTokens, query), { reason: 'offline' });
    failure = undefined;
    await listingOf(store.projectTokens, query);
    failure = new MagicBellError('rateLimited', '429');
    await assert.rejects(listingOf(store.projectTokens, { ...query, page: 3 }), { reason: 'rateLimited' });
    // What is loaded can still be told.
    assert.equal((await listingOf(store.projectTokens, query)).rows.length, 50);
  });

  it('finds a token by its id, also one that is not loaded yet', async () => {
    assert.equal((await findById(store, 't-150'))?.token.name, 'Token 150');
    assert.equal(await findById(store, 'other'), undefined);
  });

  it('has what expires soonest first, and after that what has expired', async () => {
    const ends = { soon: 1, later: 5, far: 30, gone: -1, 'long gone': -10 };
    tokens = Object.entries(ends).map(([name, days]) => aToken({ id: tokenId(name), name, expiresAt: inDays(days) }));
    tokens.push(aToken({ id: tokenId('revoked'), name: 'revoked', expiresAt: inDays(2), revokedAt: now }));
    tokens.push(aToken({ id: tokenId('never'), name: 'never' }));
    await store.projectTokens.load();
    const signed = [aLedgerEntry('signed', { expiresAt: inDays(3) }), aLedgerEntry('long', { expiresAt: inDays(8) })];
    const found = expiringOf(store, signed, now, 7);
    assert.deepEqual(
      found.shown.map(({ token, user }) => [token.name, user?.email]),
      [
        ['soon', undefined],
        ['Signed here', 'hana@example.com'],
        ['later', undefined],
        ['gone', undefined],
        ['long gone', undefined],
      ],
    );
    assert.equal(found.count, 5);
  });

  it('has the tokens of users as well, with whose they are', async () => {
    const hana = aUser();
    const stranger = userId('user-9');
    const expiring = (id: string, days: number): Token =>
      aToken({ id: tokenId(id), kind: 'user', expiresAt: inDays(days) });
    const byUser: Record<string, Token[]> = { 'user-1': [expiring('u-1', 2)], 'user-9': [expiring('u-9', 1)] };
    const api = {
      clockOffsetMs: undefined,
      jwt: { fetchUserTokens: (id: string) => Promise.resolve({ items: byUser[id] ?? [], next: undefined }) },
      users: { listUsers: () => Promise.resolve({ items: [hana], next: undefined }) },
    } as unknown as MagicBellApi;
    const users = new TokenStore(
      () => Promise.resolve(api),
      () => 100,
    );
    await users.users.load();
    for (const id of [hana.id, stranger]) await users.tokensOf(id).load();
    const { shown } = expiringOf(users, [], now, 7);
    assert.deepEqual(
      shown.map(({ token, user }) => [token.id, user?.email, user?.id]),
      [
        ['u-9', undefined, 'user-9'],
        ['u-1', 'hana@example.com', 'user-1'],
      ],
    );
    assert.equal((await findById(users, 'u-1'))?.user, hana);
  });

  it('shows at most a page of what expires, and says how much there is; what is over comes last', async () => {
    const over = [1, 2].map((days) => aToken({ id: tokenId(`over-${days}`), expiresAt: inDays(-days) }));
    tokens = [
      ...over.reverse(),
      ...Array.from({ length: 60 }, (_, at) => aToken({ id: tokenId(`t-${at}`), expiresAt: inDays(3) })),
    ];
    await store.projectTokens.load();
    const { count, shown } = expiringOf(store, [], now, 7);
    assert.deepEqual([count, shown.length], [62, 50]);
    tokens = over;
    await store.projectTokens.refresh();
    assert.deepEqual(
      expiringOf(store, [], now, 7).shown.map(({ token }) => token.id),
      ['over-1', 'over-2'],
    );
  });

  it('asks for nothing to find what is loaded', async () => {
    await store.projectTokens.load();
    requests = 0;
    assert.equal((await findById(store, 't-7'))?.token.id, 't-7');
    assert.equal(requests, 0);
  });
});
