import assert from 'node:assert/strict';
import { Secret } from '../../../src/core/base/secret.ts';
import { CheckedSecretStore } from '../../../src/core/base/secretStore.ts';
import { Fingerprints } from '../../../src/core/ledger/fingerprints.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { SecretDisk } from '../../support/fakeSecretStore.ts';

describe('Fingerprints', () => {
  const value = new Secret('eyJ.a.value');
  const on = (disk: SecretDisk): Fingerprints =>
    new Fingerprints(new CheckedSecretStore(disk.shared(), new FakeClock()));

  it('are the same for a value in every window, and others in every installation', async () => {
    const disk = new SecretDisk();
    const fingerprint = await on(disk).of(value);
    assert.equal(await on(disk).of(value), fingerprint);
    assert.notEqual(await on(disk).of(new Secret('eyJ.b.value')), fingerprint);
    assert.notEqual(await on(new SecretDisk()).of(value), fingerprint);
    assert.match(fingerprint, /^[\w-]{43}$/);
    assert.equal([...disk.slots.keys()].join(), 'magicbellTokens.fingerprintKey');
    assert.notEqual([...disk.slots.values()].join(), fingerprint);
  });

  it('fail with the storage, and work again once it does', async () => {
    const store = new SecretDisk().shared();
    const fingerprints = new Fingerprints(new CheckedSecretStore(store, new FakeClock()));
    store.mode = 'throws';
    await assert.rejects(fingerprints.of(value), { name: 'SecretStorageError' });
    store.mode = 'ok';
    assert.match(await fingerprints.of(value), /^[\w-]{43}$/);
  });
});
