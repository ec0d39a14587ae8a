import assert from 'node:assert/strict';
import { MagicBellError } from '../../../src/core/magicbell/errors.ts';
import { TokenStore } from '../../../src/core/tokens/tokenStore.ts';
import { tokenId } from '../../../src/core/model/token.ts';
import { userId } from '../../../src/core/model/user.ts';
import { aToken, aTokenWithoutId, aUser } from '../../support/builders.ts';
import { FakeClock, settle } from '../../support/fakeClock.ts';
import { FakeMagicBell } from '../../support/fakeMagicBell.ts';

describe('TokenStore', () => {
  let magicBell: FakeMagicBell;
  let store: TokenStore;
  let changes: string[];
  const hana = userId('user-1');
  const joe = userId('user-2');
  const hers = aToken({ kind: 'user', id: tokenId('hers') });
  const revokedAt = new Date('2026-11-25T13:00:00Z');

  beforeEach(() => {
    magicBell = new FakeMagicBell(new FakeClock());
    magicBell.users = [aUser()];
    magicBell.others = [{ token: aToken() }, { token: hers, owner: hana }];
    const api = magicBell.usedBy();
    store = new TokenStore(
      () => Promise.resolve(api),
      () => 100,
    );
    changes = [];
    store.onDidChange((change) => changes.push('user' in change ? `${change.list} ${change.user}` : change.list));
  });

  it('loads when asked, and tells which list changed', async () => {
    store.tokensOf(hana);
    await settle();
    assert.deepEqual([changes, store.loadedUserTokens], [[], []]);
    await store.projectTokens.load();
    await store.users.load();
    await store.tokensOf(hana).load();
    assert.deepEqual(new Set(changes), new Set(['projectTokens', 'users', 'userTokens user-1']));
    assert.deepEqual(store.projectTokens.items, [aToken()]);
    assert.deepEqual(
      store.loadedUserTokens.map(([user, list]) => [user, list.items]),
      [[hana, [hers]]],
    );
    assert.equal(store.tokensOf(hana), store.tokensOf(hana));
  });

  it('shows a failure beside the list', async () => {
    const failing = new TokenStore(
      () => Promise.reject(new MagicBellError('unauthorized', '')),
      () => 100,
    );
    await failing.projectTokens.load();
    assert.equal(failing.projectTokens.error?.reason, 'unauthorized');
  });

  it('shows a new token where its list is loaded, and only there', async () => {
    const made = aToken({ id: tokenId('made') });
    store.addToken(made, undefined);
    assert.equal(store.projectTokens.items.length, 0);
    await store.projectTokens.load();
    store.addToken(made, undefined);
    store.addToken(aTokenWithoutId(), undefined);
    assert.equal(store.projectTokens.items.length, 3);
    await store.tokensOf(hana).load();
    store.addToken(aToken({ kind: 'user', id: tokenId('made') }), hana);
    store.addToken(aToken({ kind: 'user', id: tokenId('lost') }), undefined);
    store.addToken(aToken({ kind: 'user', id: tokenId('his') }), joe);
    assert.deepEqual(
      store.tokensOf(hana).items.map(({ id }) => id),
      ['hers', 'made'],
    );
    assert.equal(store.tokensOf(joe).isLoaded, false);
  });

  it('shows a revocation where the token is', async () => {
    await store.projectTokens.load();
    await store.tokensOf(hana).load();
    store.markRevoked(aToken(), revokedAt);
    store.markRevoked(hers, revokedAt);
    store.markRevoked(aToken({ id: tokenId('unknown') }), revokedAt);
    assert.equal(store.projectTokens.items[0]?.revokedAt, revokedAt);
    assert.equal(store.tokensOf(hana).items[0]?.revokedAt, revokedAt);
    assert.equal(store.projectTokens.items.length, 1);
  });

  it('tells the views at once of what was created and revoked here, and asks MagicBell nothing', async () => {
    await store.projectTokens.load();
    await store.tokensOf(hana).load();
    magicBell.failure = new MagicBellError('offline', '');
    changes.length = 0;
    store.addToken(aToken({ id: tokenId('made') }), undefined);
    store.addToken(aToken({ kind: 'user', id: tokenId('made') }), hana);
    assert.deepEqual(changes, ['projectTokens', 'userTokens user-1']);
    store.markRevoked(aToken(), revokedAt);
    store.markRevoked(hers, revokedAt);
    assert.deepEqual(changes.slice(2), ['projectTokens', 'userTokens user-1']);
    await settle();
    assert.deepEqual([store.projectTokens.error, store.tokensOf(hana).error], [undefined, undefined]);
  });

  it('finds a token with its user, and keeps the kinds apart', async () => {
    await store.projectTokens.load();
    await store.tokensOf(hana).load();
    assert.equal(store.find(aToken())?.list, store.projectTokens);
    assert.equal(store.find(hers)?.user, hana);
    assert.equal(store.find({ kind: 'project', id: tokenId('hers') }), undefined);
    assert.equal(store.find({ kind: 'user', id: tokenId('token-1') }), undefined);
  });

  it('shows users who were opened, once, and first', async () => {
    const far = aUser({ id: joe, email: 'joe@x' });
    store.openUser(far);
    store.openUser(aUser());
    assert.deepEqual(changes, ['users', 'users']);
    await store.users.load();
    assert.deepEqual(
      store.shownUsers.map(({ id }) => id),
      [joe, hana],
    );
  });

  it('shows the pinned users first, by what is known of them, and nobody twice', async () => {
    const pinned = [aUser({ id: joe, email: 'joe@old' }), aUser({ id: userId('user-9'), email: 'far@x' })];
    const api = magicBell.usedBy();
    const withPinned = new TokenStore(
      () => Promise.resolve(api),
      () => 100,
      () => pinned,
    );
    magicBell.users = [aUser(), aUser({ id: joe, email: 'joe@new' })];
    withPinned.openUser(aUser({ id: userId('user-5'), email: 'opened@x' }));
    withPinned.openUser(aUser({ id: userId('user-9'), email: 'far@opened' }));
    const shown = () => withPinned.shownUsers.map(({ email }) => email);
    assert.deepEqual(shown(), ['joe@old', 'far@opened', 'opened@x']);
    await withPinned.users.load();
    assert.deepEqual(shown(), ['joe@new', 'far@opened', 'opened@x', 'hana@example.com']);
    const known = [hana, joe, userId('user-5'), userId('user-9'), userId('nobody')];
    assert.deepEqual(
      known.map((id) => withPinned.user(id)?.email),
      ['hana@example.com', 'joe@new', 'opened@x', 'far@opened', undefined],
    );
    withPinned.reset();
    assert.equal(withPinned.user(userId('user-9'))?.email, 'far@x');
  });

  it('has seen what is loaded, of the project and of users', async () => {
    await store.projectTokens.load();
    assert.deepEqual(store.seenTokens, [aToken()]);
    await store.tokensOf(hana).load();
    assert.deepEqual(store.seenTokens, [aToken(), hers]);
  });

  it('forgets everything of another key', async () => {
    await store.projectTokens.load();
    await store.tokensOf(hana).load();
    store.openUser(aUser({ id: joe }));
    store.reset();
    assert.deepEqual([store.projectTokens.items, store.shownUsers, store.loadedUserTokens], [[], [], []]);
    store.addToken(aToken(), undefined);
    assert.equal(store.projectTokens.items.length, 0);
    await store.tokensOf(hana).load();
    assert.equal(store.tokensOf(hana).items.length, 1);
  });

  it('drops everything of another key at once: no list is left, and one event goes to each view', async () => {
    await store.projectTokens.load();
    await store.users.load();
    await store.tokensOf(hana).load();
    store.tokensOf(joe);
    changes = [];
    store.reset();
    assert.deepEqual(changes, ['projectTokens', 'users']);
    assert.deepEqual([store.projectTokens.items, store.users.items, store.shownUsers], [[], [], []]);
    assert.deepEqual([store.openedTokens(hana), store.openedTokens(joe)], [undefined, undefined]);
  });

  it('has no list of tokens for a user who is only shown', async () => {
    magicBell.users = [aUser(), aUser({ id: joe })];
    await store.users.load();
    assert.equal(store.shownUsers.length, 2);
    assert.deepEqual([store.openedTokens(hana), store.openedTokens(joe)], [undefined, undefined]);
  });

  it('loads all of one view without the other', async () => {
    const all = { signal: new AbortController().signal, onProgress: () => undefined };
    await store.projectTokens.loadAll(all);
    await settle();
    assert.deepEqual([store.projectTokens.isLoaded, store.users.isLoaded], [true, false]);
    store.reset();
    await store.users.loadAll(all);
    await settle();
    assert.deepEqual([store.projectTokens.isLoaded, store.users.isLoaded], [false, true]);
  });

  it('knows which tokens its lists have shown, in this session or before', async () => {
    const listed = { id: tokenId('listed-before') };
    assert.equal(store.hasListed(listed), false);
    store.noteListed(listed);
    await store.tokensOf(hana).load();
    assert.deepEqual([store.hasListed(listed), store.hasListed({ id: tokenId('hers') })], [true, true]);
    store.reset();
    assert.deepEqual([store.hasListed(listed), store.hasListed({ id: tokenId('hers') })], [false, false]);
  });

  it('tells of changes again after a reset', async () => {
    store.reset();
    changes = [];
    await store.projectTokens.load();
    assert.ok(changes.includes('projectTokens'));
  });

  it('is silent after the end', async () => {
    const list = store.tokensOf(hana);
    store.dispose();
    await list.load();
    assert.deepEqual(changes, []);
  });
});
