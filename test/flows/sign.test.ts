import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { jwtVerify } from 'jose';
import type { LocalApi } from '../server/localApi.ts';
import { statusAsBearer } from '../support/bearer.ts';
import { eventually } from '../support/eventually.ts';
import { type HeldProduct, type Row, useHeldProduct } from '../support/heldExtension/heldProduct.ts';

describe('Tokens that were signed here', () => {
  const held = useHeldProduct();
  const title = 'Sign Token for hana@example.com';

  const hana = async (product: HeldProduct): Promise<unknown> =>
    (await product.row('userTokens', 'hana@example.com')).node;

  const sign = async (product: HeldProduct, api: LocalApi): Promise<void> => {
    const signed = product.run('signUserToken', await hana(product));
    await product.quickInputs.type(title, api.keys.apiKey);
    await product.quickInputs.type(title, api.keys.secretKey);
    await product.quickInputs.pick(title, '1 day');
    await signed;
  };

  const signedRows = async (product: HeldProduct): Promise<readonly Row[]> =>
    (await product.rows('userTokens', await hana(product))).filter(({ label }) => label === 'Signed here');

  const ledger = ({ globalStorage }: HeldProduct): string[] => readdirSync(path.join(globalStorage, 'ledger'));

  it('stand under their user over a restart, are signed again, and say what rolling the Secret Key ends', async () => {
    const product = held.current;
    const api = await product.connect();
    const { quickInputs } = product;
    await sign(product, api);
    await eventually(async () => assert.equal((await signedRows(product)).length, 1));

    await product.stop();
    product.start();
    product.clipboard.text = 'something else';
    const [row] = await signedRows(product);
    assert.equal(row?.description, 'tomorrow');
    const again = product.run('signAgain', row.node);
    // The project API key is known by now, and the lifetime is that of the old one.
    await quickInputs.type(title, '');
    await quickInputs.type(title, api.keys.secretKey);
    await quickInputs.acceptAsItIs(title);
    await again;
    assert.equal(await statusAsBearer(api, 'user', product.clipboard.text), 200);
    assert.deepEqual(
      (await signedRows(product)).map(({ description }) => description),
      ['tomorrow', 'tomorrow'],
    );

    const shown = product.run('showSignedTokens');
    const labels = await quickInputs.labels('Signed Tokens');
    assert.deepEqual(labels, [
      '$(info) Rolling the Secret Key ends 2 tokens that were signed here.',
      '$(link-external) Open User Auth',
      'Signed here',
      'hana@example.com',
      'hana@example.com',
    ]);
    await quickInputs.leave('Signed Tokens');
    await shown;

    // They are watched like any other.
    const expiring = product.run('showExpiring');
    const watched = (await quickInputs.labels('Expiring Tokens')).filter((label) => label === 'Signed here');
    assert.equal(watched.length, 2);
    await quickInputs.pick('Expiring Tokens', 'Signed here', /^expires tomorrow · user token of hana@example\.com$/);
    await quickInputs.pick('Signed here', '$(sync) Sign Again…');
    await quickInputs.leave(title);
    await expiring;
  });

  it('name one user of several who share an e-mail, who is picked before anything is signed', async () => {
    const product = held.current;
    const api = await product.connect({ seed: 'empty' });
    const { quickInputs } = product;
    const email = 'team@example.com';
    for (const externalId of ['north', 'south', undefined])
      api.state.addUser({ email, externalId: externalId ?? null, createdAt: api.now() });
    const row = `$(account) ${email}`;
    const toPick = async (): Promise<{ readonly done: Promise<unknown> }> => {
      const done = product.run('signUserToken');
      await quickInputs.search('Sign for a User', email);
      await quickInputs.pick('Sign for a User', `$(mail) Use “${email}” as email`);
      await eventually(async () => assert.deepEqual(await quickInputs.labels('Sign for a User'), [row, row, row]));
      return { done };
    };
    const nobody = await toPick();
    await quickInputs.pick('Sign for a User', row, /^(?!.*(north|south))/);
    (await product.messages.shown(/^Give the user an external ID first: others share the e-mail\.$/)).answer(undefined);
    await nobody.done;

    const signed = await toPick();
    await quickInputs.pick('Sign for a User', row, /south/);
    await quickInputs.type('Sign for a User', api.keys.apiKey);
    await quickInputs.type('Sign for a User', api.keys.secretKey);
    await quickInputs.pick('Sign for a User', '1 hour');
    await signed.done;
    const { payload } = await jwtVerify(product.clipboard.text, Buffer.from(api.keys.secretKey));
    assert.deepEqual([payload['user_external_id'], payload['user_email']], ['south', undefined]);
    assert.equal(await statusAsBearer(api, 'user', product.clipboard.text), 200);
    assert.equal(api.journal.count({ method: 'POST' }), 0);
  });

  it('are known before their value is delivered, and not any more when it is discarded', async () => {
    const product = held.current;
    const api = await product.connect();
    product.clipboard.fails = true;
    const signing = sign(product, api);
    await product.messages.shown(/was not copied|could not be copied/);
    assert.equal(ledger(product).length, 1);
    product.messages.clear();
    await signing;

    await product.stop();
    product.start();
    const { node } = await product.row('userTokens', 'hana@example.com', /Copy$/);
    assert.deepEqual(await signedRows(product), []);
    product.clipboard.fails = false;
    const resolved = product.run('resolveUndelivered', node);
    await product.quickInputs.pick('hana@example.com', '$(close) Discard');
    await product.messages.press(/^Discard the value/, 'Discard Value');
    await resolved;
    await eventually(() => assert.deepEqual(ledger(product), []));
  });
});
