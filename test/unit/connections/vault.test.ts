import assert from 'node:assert/strict';
import { CheckedSecretStore } from '../../../src/core/base/secretStore.ts';
import { type ConnectionRecord, ConnectionVault, isSameRecord } from '../../../src/core/connections/vault.ts';
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
    const [read] = await vault.readAll();
    assert.deepEqual([read?.id, read?.baseUrl, read?.key.reveal()], ['a', baseUrl, 'KEY']);
    await vault.remove('a');
    assert.deepEqual(await vault.readAll(), []);
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
      assert.deepEqual(await vault.readAll(), []);
    });
  }

  it('keeps several in their order, each once and in its place', async () => {
    await vault.save({ id: 'a', baseUrl, key: new Secret('KEY-a'), name: 'Shop', isProduction: true });
    await vault.save({ id: 'b', baseUrl, key: new Secret('KEY-b') });
    await vault.save({ id: 'a', baseUrl, key: new Secret('KEY-c') });
    assert.deepEqual(
      (await vault.readAll()).map((record) => `${record.id} ${record.key.reveal()}`),
      ['a KEY-c', 'b KEY-b'],
    );
  });

  it('takes a blank name for none, and only a yes for the mark of production', async () => {
    const entry = { id: 'a', baseUrl, key: 'k' };
    const of = async (parts: object): Promise<readonly unknown[]> => {
      disk.slots.set(ConnectionVault.slot, JSON.stringify([{ ...entry, ...parts }]));
      return (await vault.readAll()).flatMap(({ name, isProduction }) => [name, isProduction]);
    };
    assert.deepEqual(await of({ name: ' ', isProduction: 'yes' }), [undefined, undefined]);
    assert.deepEqual(await of({ name: '', isProduction: false }), [undefined, undefined]);
    assert.deepEqual(await of({ name: 7, isProduction: 1 }), [undefined, undefined]);
    assert.deepEqual(await of({ name: 'Shop', isProduction: true }), ['Shop', true]);
  });

  it('loses none to what cannot be understood', async () => {
    await vault.save({ id: 'b', baseUrl, key: new Secret('KEY-b') });
    const text = disk.slots.get(ConnectionVault.slot) ?? '';
    disk.slots.set(ConnectionVault.slot, text.replace('[', '[{"id":"torn"},'));
    assert.deepEqual(
      (await vault.readAll()).map((record) => record.key.reveal()),
      ['KEY-b'],
    );
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

  it('reads back what a connection is, and no more than that', async () => {
    const whole = { id: 'a', baseUrl, key: new Secret('k'), name: 'Shop', isProduction: true };
    await vault.save(whole);
    const other = { id: 'b', baseUrl, key: 'k', name: 7, isProduction: 'yes', more: 1 };
    const text = disk.slots.get(ConnectionVault.slot) ?? '';
    disk.slots.set(ConnectionVault.slot, text.replace(/]$/, `,${JSON.stringify(other)}]`));
    const plain = { id: 'b', baseUrl, key: new Secret('k'), name: undefined };
    assert.deepEqual(await vault.readAll(), [whole, { ...plain, isProduction: undefined }]);
  });

  it('has nothing to remove when it is empty', async () => {
    await vault.remove('a');
    assert.equal(disk.slots.size, 0);
  });

  it('removes the one that is named', async () => {
    for (const id of ['a', 'b']) await vault.save({ id, baseUrl, key: new Secret(`KEY-${id}`) });
    await vault.remove('a');
    assert.deepEqual(
      (await vault.readAll()).map(({ id }) => id),
      ['b'],
    );
  });
});

describe('isSameRecord', () => {
  const record: ConnectionRecord = {
    ...{ id: 'a', baseUrl: 'https://api.magicbell.com/v2' as BaseUrl, key: new Secret('KEY'), name: 'Shop' },
    isProduction: true,
  };
  const others: readonly Partial<ConnectionRecord>[] = [
    { id: 'b' },
    { baseUrl: 'https://elsewhere.example' as BaseUrl },
    { key: new Secret('OTHER') },
    { name: undefined },
    { isProduction: undefined },
    { isProduction: false },
  ];
  for (const parts of others) {
    it(`tells apart what differs by ${Object.keys(parts).join()}`, () => {
      assert.equal(isSameRecord(record, { ...record, ...parts }), false);
      assert.equal(isSameRecord({ ...record, ...parts }, record), false);
    });
  }

  it('takes for equal what says the same', () => {
    assert.equal(isSameRecord(record, { ...record, key: new Secret('KEY') }), true);
    assert.equal(isSameRecord({ ...record, isProduction: false }, { ...record, isProduction: undefined }), true);
  });
});
