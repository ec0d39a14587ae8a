import assert from 'node:assert/strict';
import { CheckedSecretStore } from '../../../src/core/base/secretStore.ts';
import { ConnectionVault } from '../../../src/core/connections/vault.ts';
import type { BaseUrl } from '../../../src/core/magicbell/baseUrl.ts';
import { Secret } from '../../../src/core/base/secret.ts';
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
    '[{"id":"a","baseUrl":1,"key":"k"}]',
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

  for (const torn of ['null', '1', '"x"', '{"id":"c","baseUrl":1,"key":"k"}']) {
    it(`reads the others beside ${torn}`, async () => {
      disk.slots.set(ConnectionVault.slot, `[${torn},{"id":"a","baseUrl":"${baseUrl}","key":"KEY-a"}]`);
      assert.deepEqual(
        (await vault.readAll()).map(({ id }) => id),
        ['a'],
      );
    });
  }

  it('holds one connection once, however often it is saved', async () => {
    await vault.save({ id: 'a', baseUrl, key: new Secret('KEY-a') });
    await vault.save({ id: 'b', baseUrl, key: new Secret('KEY-b') });
    await vault.save({ id: 'b', baseUrl, key: new Secret('KEY-c') }, 'a');
    assert.deepEqual(
      (await vault.readAll()).map(({ id, key }) => `${id} ${key.reveal()}`),
      ['b KEY-c'],
    );
  });

  it('reads back what a connection is, and no more than that', async () => {
    const whole = { id: 'a', baseUrl, key: new Secret('k'), name: 'Shop', isProduction: true, hasOwnUrl: true };
    await vault.save(whole);
    const other = { id: 'b', baseUrl, key: 'k', name: 7, isProduction: 'yes', hasOwnUrl: 1, more: 1 };
    const text = disk.slots.get(ConnectionVault.slot) ?? '';
    disk.slots.set(ConnectionVault.slot, text.replace(/]$/, `,${JSON.stringify(other)}]`));
    const plain = { id: 'b', baseUrl, key: new Secret('k'), name: undefined };
    assert.deepEqual(await vault.readAll(), [whole, { ...plain, isProduction: undefined, hasOwnUrl: undefined }]);
  });

  it('has nothing to forget when it is empty', async () => {
    await vault.clear();
    assert.equal(disk.slots.size, 0);
  });

  it('forgets the one that is named', async () => {
    for (const id of ['a', 'b']) await vault.save({ id, baseUrl, key: new Secret(`KEY-${id}`) });
    await vault.clear('a');
    assert.deepEqual(
      (await vault.readAll()).map(({ id }) => id),
      ['b'],
    );
  });
});
