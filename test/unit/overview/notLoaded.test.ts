import assert from 'node:assert/strict';
import { MagicBellError } from '../../../src/core/magicbell/errors.ts';
import type { MagicBellApi } from '../../../src/core/magicbell/magicBellApi.ts';
import type { NextPage, PageRequest } from '../../../src/core/magicbell/paging.ts';
import { tokenId } from '../../../src/core/model/token.ts';
import { notLoaded } from '../../../src/core/overview/notLoaded.ts';
import { TokenStore } from '../../../src/core/tokens/tokenStore.ts';
import { aToken, aTokenWithoutId, aUser } from '../../support/builders.ts';
import { now } from './known.ts';

describe('Audited tokens beside loaded ones', () => {
  const owner = aUser();
  const tokens = Array.from({ length: 25 }, (_, index) => aToken({ kind: 'user', id: tokenId(`t-${index}`) }));
  const audited = tokens.map((token) => ({ token, owner }));
  let listed: typeof tokens;
  let unreadableItems: number;
  let failure: MagicBellError | undefined;
  let store: TokenStore;

  beforeEach(() => {
    listed = tokens;
    unreadableItems = 0;
    failure = undefined;
    const fetchUserTokens = (_user: string, { limit, next }: PageRequest) => {
      if (failure !== undefined) return Promise.reject(failure);
      const start = (next as unknown as { at: number } | undefined)?.at ?? 0;
      const end = start + limit;
      const following = end < listed.length ? ({ at: end } as unknown as NextPage) : undefined;
      return Promise.resolve({ items: listed.slice(start, end), next: following, unreadableItems });
    };
    const api = { jwt: { fetchUserTokens } } as unknown as MagicBellApi;
    store = new TokenStore(
      () => Promise.resolve(api),
      () => 10,
    );
  });

  const ids = (): (string | undefined)[] => notLoaded(audited, store, new Map()).map(({ token }) => token.id);

  it('are all there until their user is opened, and those of further pages after that', async () => {
    assert.equal(ids().length, 25);
    const list = store.tokensOf(owner.id);
    assert.equal(ids().length, 25);
    await list.load();
    assert.deepEqual(
      ids(),
      tokens.slice(10).map(({ id }) => id),
    );
    await list.loadMore();
    await list.loadMore();
    assert.deepEqual(ids(), []);
  });

  it('are gone when a whole list does not have them any more', async () => {
    listed = tokens.slice(0, 5);
    await store.tokensOf(owner.id).load();
    assert.deepEqual(ids(), []);
  });

  it('stay when the list has a gap, or could not be loaded again', async () => {
    listed = tokens.slice(0, 5);
    unreadableItems = 1;
    const list = store.tokensOf(owner.id);
    await list.load();
    assert.equal(ids().length, 20);
    unreadableItems = 0;
    await list.refresh();
    assert.deepEqual(ids(), []);
    failure = new MagicBellError('offline', 'no route');
    await list.refresh();
    assert.equal(ids().length, 20);
  });

  it('stay without an id, and are marked when they were revoked from here', async () => {
    await store.tokensOf(owner.id).load();
    const all = [{ token: aTokenWithoutId({ kind: 'user' }), owner }, ...audited.slice(-1)];
    const rows = notLoaded(all, store, new Map([[tokenId('t-24'), now]]));
    assert.deepEqual(
      rows.map(({ token }) => [token.id, token.revokedAt]),
      [
        [undefined, undefined],
        ['t-24', now],
      ],
    );
  });
});
