import assert from 'node:assert/strict';
import { findById } from '../../../src/core/agents/findById.ts';
import { expiringOf } from '../../../src/core/agents/expiring.ts';
import { type ListingQuery, listingOf } from '../../../src/core/agents/listing.ts';
import { MagicBellError } from '../../../src/core/magicbell/errors.ts';
import type { MagicBellApi } from '../../../src/core/magicbell/magicBellApi.ts';
import type { NextPage, PageRequest } from '../../../src/core/magicbell/paging.ts';
import { type Token, tokenId } from '../../../src/core/model/token.ts';
import { TokenStore } from '../../../src/core/tokens/tokenStore.ts';
import { aLedgerEntry, aToken } from '../../support/builders.ts';

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
});
