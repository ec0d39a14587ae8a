import assert from 'node:assert/strict';
import { CheckedSecretStore } from '../../../src/core/checkedSecretStore.ts';
import { ConnectionVault } from '../../../src/core/connection/connectionVault.ts';
import type { BaseUrl } from '../../../src/core/magicbell/baseUrl.ts';
import { Secret } from '../../../src/core/secret.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { SecretDisk } from '../../support/fakeSecretStore.ts';

describe('ConnectionVault', () => {
  const baseUrl = 'https://api.magicbell.com/v2' as BaseUrl;
  let disk: SecretDisk;
  let vault: ConnectionVault;
  beforeEach(() => {
    disk = new SecretDisk();
    vault = new ConnectionVault(new CheckedSecretStore(disk.shared(), new FakeClock()));
  });

  it('keeps key and base URL together, in one slot', async () => {
    await vault.save({ id: 'a', baseUrl, key: new Secret('KEY') });
    assert.deepEqual([...disk.slots.keys()], [ConnectionVault.slot]);
    const read = await vault.read();
    assert.deepEqual([read?.id, read?.baseUrl, read?.key.reveal()], ['a', baseUrl, 'KEY']);
    await vault.clear();
    assert.equal(await vault.read(), undefined);
    assert.equal(disk.slots.size, 0);
  });

  const broken = [
    '',
    'null',
    '1',
    '{',
    '{}',
    '[null, 1, "x"]',
    '[{"id":1,"baseUrl":"https://a.b","key":"k"}]',
    '[{"id":"a","key":"k"}]',
    '[{"id":"a","baseUrl":"https://a.b"}]',
    '[{"id":"a","baseUrl":"http://not-loopback.example","key":"k"}]',
    '[{"id":"a","baseUrl":"https://user:pw@a.b","key":"k"}]',
  ];
  for (const text of broken) {
    it(`takes ${text || 'an empty slot'} for no connection`, async () => {
      disk.slots.set(ConnectionVault.slot, text);
      assert.equal(await vault.read(), undefined);
    });
  }

  it('keeps several, and reads the chosen one', async () => {
    await vault.save({ id: 'a', baseUrl, key: new Secret('KEY-a'), name: 'Shop', isProduction: true });
    await vault.save({ id: 'b', baseUrl, key: new Secret('KEY-b') });
    assert.equal((await vault.read())?.id, 'b');
    await vault.choose('a');
    assert.deepEqual([(await vault.read())?.name, (await vault.read())?.isProduction], ['Shop', true]);
    await vault.clear();
    assert.deepEqual(
      (await vault.readAll()).map(({ id }) => id),
      ['b'],
    );
    assert.equal((await vault.read())?.id, 'b');
  });

  it('replaces the one that is named, and what cannot be understood takes no other with it', async () => {
    await vault.save({ id: 'a', baseUrl, key: new Secret('KEY-a') });
    await vault.save({ id: 'b', baseUrl, key: new Secret('KEY-b') }, 'a');
    assert.deepEqual(
      (await vault.readAll()).map(({ id }) => id),
      ['b'],
    );
    const text = disk.slots.get(ConnectionVault.slot) ?? '';
    disk.slots.set(ConnectionVault.slot, text.replace('[', '[{"id":"torn"},'));
    assert.equal((await vault.read())?.key.reveal(), 'KEY-b');
  });
});
