import assert from 'node:assert/strict';
import { RememberedUsers } from '../../../src/core/tokens/rememberedUsers.ts';
import { type User, userId } from '../../../src/core/model/user.ts';
import { aUser } from '../../support/builders.ts';

const user = (id: string): User => aUser({ id: userId(id), email: `${id}@example.com` });
const ids = (users: readonly User[]) => users.map(({ id }) => id);

describe('RememberedUsers', () => {
  let state: Map<string, unknown>;
  let users: RememberedUsers;
  const open = (connection = 'a') =>
    new RememberedUsers(
      {
        get: (key) => state.get(key),
        update: (key, value) => {
          // As VS Code keeps it: as JSON.
          if (value === undefined) state.delete(key);
          else state.set(key, JSON.parse(JSON.stringify(value)));
          return Promise.resolve();
        },
      },
      connection,
    );

  beforeEach(() => {
    state = new Map();
    users = open();
  });

  it('keeps pinned users in their order, each once, over a restart', async () => {
    await users.pin(user('1'));
    await users.pin(user('2'));
    await users.pin(user('1'));
    assert.deepEqual(ids(open().pinned), ['2', '1']);
    assert.ok(users.isPinned(userId('1')));
    await users.unpin(userId('1'));
    assert.deepEqual(ids(users.pinned), ['2']);
    assert.ok(!users.isPinned(userId('1')));
  });

  it('offers the latest first, at most ten, without those that are pinned', async () => {
    for (let number = 1; number <= 12; number++) await users.used(user(String(number)));
    await users.used(user('5'));
    assert.deepEqual(ids(users.recent), ['5', '12', '11', '10', '9', '8', '7', '6', '4', '3']);
    await users.pin(user('12'));
    assert.deepEqual(ids(users.recent).slice(0, 2), ['5', '11']);
  });

  it('keeps connections apart', async () => {
    await users.pin(user('1'));
    const others = open('b');
    assert.deepEqual(others.pinned, []);
    await others.pin(user('2'));
    assert.deepEqual(ids(users.pinned), ['1']);
  });

  it('forgets a connection whole, and leaves nothing behind after the last', async () => {
    await users.pin(user('1'));
    const others = open('b');
    await others.used(user('2'));
    await users.forget();
    assert.deepEqual(ids(others.recent), ['2']);
    assert.ok(!JSON.stringify([...state]).includes('1@example.com'));
    await others.forget();
    assert.equal(state.size, 0);
  });
});
