import assert from 'node:assert/strict';
import { findUsers } from '../../../src/core/agents/findUser.ts';
import type { MagicBellApi } from '../../../src/core/magicbell/magicBellApi.ts';
import { type User, userId } from '../../../src/core/model/user.ts';
import { TokenStore } from '../../../src/core/tokens/tokenStore.ts';
import { aUser } from '../../support/builders.ts';

const email = 'shared@example.com';
const first = aUser({ id: userId('u-1'), email, externalId: 'x-1' });
const second = aUser({ id: userId('u-2'), email, externalId: 'x-2' });

describe('The users that an agent means', () => {
  let queries: string[];
  let api: MagicBellApi;
  let store: TokenStore;

  beforeEach(() => {
    queries = [];
    const listUsers = (query: string) => {
      queries.push(query);
      return Promise.resolve({ items: [first, second], next: undefined });
    };
    api = { users: { listUsers } } as unknown as MagicBellApi;
    store = new TokenStore(
      () => Promise.resolve(api),
      () => 100,
    );
    // One of the two is known here: pinned, for example.
    store.openUser(first);
  });

  const ids = (users: readonly User[]): readonly string[] => users.map(({ id }) => id);

  it('are all that share an email, also when one of them is known here', async () => {
    assert.deepEqual(ids(await findUsers(store, api, 'Shared@example.com')), ['u-1', 'u-2']);
    assert.deepEqual(queries, ['Shared@example.com']);
  });

  it('are told by an id without a request, where that is known', async () => {
    for (const id of ['u-1', 'x-1']) assert.deepEqual(ids(await findUsers(store, api, id)), ['u-1'], id);
    assert.deepEqual(ids(await findUsers(store, api, 'x-2')), ['u-2']);
    assert.deepEqual(queries, ['x-2']);
  });

  it('are not looked for by what may be a secret', async () => {
    assert.deepEqual(await findUsers(store, api, `eyJ${'a'.repeat(60)}.b.c`), []);
    assert.deepEqual(queries, []);
  });
});
