import assert from 'node:assert/strict';
import { MagicBellError } from '../../../src/core/magicbell/errors.ts';
import type { MagicBellApi } from '../../../src/core/magicbell/magicBellApi.ts';
import type { NextPage, ListPage } from '../../../src/core/magicbell/paging.ts';
import { type User, userId } from '../../../src/core/model/user.ts';
import { UserSearch, type UserSearchState } from '../../../src/core/tokens/userSearch.ts';
import { aUser } from '../../support/builders.ts';
import { FakeClock, settle } from '../../support/fakeClock.ts';
import { FakeMagicBell } from '../../support/fakeMagicBell.ts';

describe('UserSearch', () => {
  let clock: FakeClock;
  let asked: { query: string; signal: AbortSignal; answer: (found: ListPage<User> | Error) => void }[];
  let states: UserSearchState[];
  let search: UserSearch;
  let getApi: () => Promise<MagicBellApi>;
  const loaded = [
    aUser({ firstName: 'Hana', lastName: 'Ito' }),
    aUser({ id: userId('user-2'), email: 'joe@x', firstName: 'Joe' }),
  ];

  beforeEach(() => {
    clock = new FakeClock();
    asked = [];
    states = [];
    const api = new FakeMagicBell(clock).usedBy();
    const listUsers: MagicBellApi['users']['listUsers'] = (query = '', { limit }, { signal } = {}) =>
      new Promise((resolve, reject) => {
        assert.equal(limit, 50);
        assert.ok(signal);
        const answer = (found: ListPage<User> | Error): void =>
          found instanceof Error ? reject(found) : resolve(found);
        signal.addEventListener('abort', () => reject(new MagicBellError('cancelled', '')));
        asked.push({ query, signal, answer });
      });
    getApi = () => Promise.resolve({ ...api, users: { listUsers } });
    search = new UserSearch(
      () => getApi(),
      () => loaded,
      clock,
    );
    search.onDidChange((state) => states.push(state));
  });

  const found = (...users: User[]): ListPage<User> => ({ items: users, next: undefined });
  const last = (): UserSearchState | undefined => states.at(-1);

  it('asks when somebody has stopped typing', async () => {
    search.search('h');
    await clock.advance(200);
    search.search('ha');
    await clock.advance(249);
    assert.equal(asked.length, 0);
    assert.deepEqual([last()?.query, last()?.isSearching], ['ha', true]);
    await clock.advance(1);
    assert.deepEqual(
      asked.map(({ query }) => query),
      ['ha'],
    );
  });

  it('shows what was found, and those of its name among the loaded', async () => {
    search.search(' hana ito ');
    assert.deepEqual(last()?.loadedByName, [loaded[0]]);
    await clock.advance(250);
    asked[0]?.answer({ items: [aUser({ id: userId('far') })], next: 'more' as NextPage });
    await settle();
    assert.deepEqual(
      [last()?.query, last()?.isSearching, last()?.hasMore, last()?.found.length, last()?.loadedByName.length],
      ['hana ito', false, true, 1, 1],
    );
  });

  it('shows nobody twice', async () => {
    search.search('Hana');
    await clock.advance(250);
    asked[0]?.answer(found(aUser()));
    await settle();
    assert.deepEqual([last()?.found.length, last()?.loadedByName.length, last()?.hasMore], [1, 0, false]);
  });

  it('drops an answer to an older question, and has one request under way', async () => {
    search.search('a');
    await clock.advance(250);
    search.search('b');
    assert.equal(asked[0]?.signal.aborted, true);
    await clock.advance(250);
    asked[0].answer(found(aUser()));
    await settle();
    assert.deepEqual([last()?.query, last()?.found], ['b', []]);
    assert.deepEqual(
      asked.map(({ signal }) => signal.aborted),
      [true, false],
    );
    asked[1]?.answer(found());
    await settle();
    assert.equal(last()?.isSearching, false);
  });

  it('does not ask when the question changed while the client was loaded', async () => {
    const [api, getLater] = [getApi(), getApi];
    let load: () => void = () => undefined;
    getApi = () => new Promise((resolve) => (load = () => resolve(api)));
    search.search('a');
    await clock.advance(250);
    getApi = getLater;
    search.search('b');
    load();
    await clock.advance(250);
    assert.deepEqual(
      asked.map(({ query }) => query),
      ['b'],
    );
  });

  it('shows the loaded ones for an empty question, at once', async () => {
    search.search('a');
    search.search('  ');
    const none = { query: '', isSearching: false, loadedByName: [], hasMore: false, error: undefined };
    assert.deepEqual(last(), { ...none, found: loaded });
    await clock.advance(1000);
    assert.equal(asked.length, 0);
  });

  it('shows fifty of many that are loaded', () => {
    const many = Array.from({ length: 60 }, (_, n) => aUser({ id: userId(`u${n}`), firstName: 'Hana' }));
    const searchMany = new UserSearch(
      () => getApi(),
      () => many,
      clock,
    );
    searchMany.onDidChange((state) => states.push(state));
    searchMany.search('');
    searchMany.search('hana');
    assert.deepEqual(
      states.map((state) => [state.found.length, state.loadedByName.length, state.hasMore]),
      [
        [50, 0, false],
        [0, 50, false],
      ],
    );
  });

  for (const error of [new MagicBellError('offline', ''), new TypeError('a mistake')]) {
    it(`shows a failure as one, not as nobody (${error.name})`, async () => {
      search.search('a');
      await clock.advance(250);
      asked[0]?.answer(error);
      await settle();
      const failed = { query: 'a', isSearching: false, found: [], hasMore: false, error };
      assert.deepEqual({ ...last(), loadedByName: undefined }, { ...failed, loadedByName: undefined });
      search.search('b');
      assert.equal(last()?.error, undefined);
    });
  }

  it('neither sends nor keeps what may be a secret', async () => {
    search.search('joe');
    for (const secret of ['eyJhbGciOiJIUzI1NiJ9.e30.c2ln', 'Bearer opaque', 'pk_0123456789']) {
      search.search(secret);
      await clock.advance(1000);
      assert.equal(last()?.query, '');
    }
    assert.deepEqual(asked, []);
  });

  it('is silent after the end', async () => {
    search.search('a');
    await clock.advance(250);
    const count = states.length;
    search.dispose();
    assert.equal(asked[0]?.signal.aborted, true);
    await settle();
    search.search('b');
    await clock.advance(1000);
    assert.deepEqual([states.length, clock.timerCount, asked.length], [count, 0, 1]);
  });
});
