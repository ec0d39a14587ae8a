import assert from 'node:assert/strict';
import { CheckedSecretStore } from '../../../src/core/base/secretStore.ts';
import { ValueVault } from '../../../src/core/issuance/valueVault.ts';
import { Secret } from '../../../src/core/base/secret.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { type FakeSecretStore, SecretDisk } from '../../support/fakeSecretStore.ts';

describe('ValueVault', () => {
  let disk: SecretDisk;
  let store: FakeSecretStore;
  let vault: ValueVault;
  beforeEach(() => {
    disk = new SecretDisk();
    store = disk.shared();
    vault = new ValueVault(new CheckedSecretStore(store, new FakeClock()));
  });

  it('keeps, reads and forgets a value, each in its own slot', async () => {
    await vault.keep('a', new Secret('VALUE-a'));
    await vault.keep('b', new Secret('VALUE-b'));
    assert.equal((await vault.read('a'))?.reveal(), 'VALUE-a');
    await vault.forget('a');
    assert.equal(await vault.read('a'), undefined);
    assert.equal((await vault.read('b'))?.reveal(), 'VALUE-b');
  });

  it('takes an empty slot for none', async () => {
    await store.store('magicbellTokens.undelivered.a', '');
    assert.equal(await vault.read('a'), undefined);
  });

  it('tries out with a slot that no issuance has', async () => {
    await vault.keep('a', new Secret('VALUE-a'));
    await vault.preflight('a');
    assert.deepEqual([...disk.slots.values()], ['VALUE-a']);
  });
});
