import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { CheckedSecretStore } from '../../../src/core/base/secretStore.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { type FakeSecretStore, SecretDisk, type SecretStoreMode } from '../../support/fakeSecretStore.ts';

describe('CheckedSecretStore', () => {
  let clock: FakeClock;
  let store: FakeSecretStore;
  let checked: CheckedSecretStore;
  beforeEach(() => {
    clock = new FakeClock();
    store = new SecretDisk().shared();
    checked = new CheckedSecretStore(store, clock);
  });

  it('stores, reads and deletes', async () => {
    await checked.set('key', 'VALUE-1');
    assert.equal(await checked.get('key'), 'VALUE-1');
    await checked.delete('key');
    await checked.delete('key');
    assert.equal(await checked.get('key'), undefined);
    assert.equal(clock.timerCount, 0);
  });

  const cases: [SecretStoreMode, 'get' | 'set' | 'delete', string | undefined][] = [
    ['throws', 'get', 'failed'],
    ['throws', 'set', 'failed'],
    ['throws', 'delete', 'failed'],
    ['hangs', 'get', 'hangs'],
    ['hangs', 'set', 'hangs'],
    ['hangs', 'delete', 'hangs'],
    ['lies', 'get', undefined],
    ['lies', 'set', 'lies'],
    ['lies', 'delete', 'lies'],
    ['throwsOnRead', 'set', 'failed'],
    ['throwsOnRead', 'delete', 'failed'],
    ['storesLate', 'set', 'hangs'],
  ];
  for (const [mode, operation, reason] of cases) {
    it(`says of ${operation} that storage ${reason ?? 'is well'} when it ${mode}`, async () => {
      await store.store('key', 'VALUE-old');
      store.mode = mode;
      const done = operation === 'set' ? checked.set('key', 'VALUE-new') : checked[operation]('key');
      const error = done.then(
        () => undefined,
        (failure: unknown) => failure as Error & { reason?: string },
      );
      await clock.advance(20_000);
      const failure = await error;
      assert.equal(failure?.reason, reason);
      if (failure !== undefined) assert.equal(failure.name, 'SecretStorageError');
      assert.doesNotMatch(inspect(failure), /VALUE|keyring/);
    });
  }

  it('catches what is thrown before there is a promise', async () => {
    store.get = () => {
      throw new Error('VALUE-1');
    };
    await assert.rejects(checked.get('key'), { reason: 'failed', message: 'secret storage failed: get' });
  });

  it('lets one call wait for a storage that hangs, not each of many, and tries again later', async () => {
    store.mode = 'hangs';
    const first = assert.rejects(checked.get('a'), { reason: 'hangs' });
    await clock.advance(20_000);
    await first;
    for (const key of ['b', 'c', 'd']) await assert.rejects(checked.get(key), { reason: 'hangs' });
    assert.equal(clock.timerCount, 0);
    store.mode = 'ok';
    await clock.advance(20_000);
    assert.equal(await checked.get('a'), undefined);
  });

  it('waits as long as a keyring may ask for its password', async () => {
    store.mode = 'hangs';
    let ended = false;
    const getting = checked.get('key').catch(() => (ended = true));
    await clock.advance(19_999);
    assert.equal(ended, false);
    await clock.advance(1);
    await getting;
    assert.equal(ended, true);
  });
});
