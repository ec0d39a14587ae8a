import assert from 'node:assert/strict';
import { eventually } from '../support/eventually.ts';
import { filesWith } from '../support/filesWith.ts';
import { type HeldProduct, useHeldProduct } from '../support/heldExtension/heldProduct.ts';

describe('Forget API Key', () => {
  const held = useHeldProduct();

  for (const when of ['signed in', 'signed out by a changed address']) {
    it(`leaves no trace of what was done, ${when}`, async () => {
      const product = held.current;
      await product.connect({ seed: 'empty' });
      await product.createProjectToken('Traceless');
      const { node } = await product.row('projectTokens', 'Traceless', /^in /);
      product.clipboard.text = 'something else';
      const rotated = product.run('rotateToken', node);
      await product.quickInputs.pick('Rotate Traceless', 'Same lifetime as the old one');
      await product.quickInputs.pick('Rotate Traceless', 'After 24 hours');
      await rotated;
      await product.messages.shown(/^The old “Traceless” stays valid/);
      assert.ok(filesWith(product.globalStorage, 'Traceless').length >= 3);
      if (when !== 'signed in') await product.configure('apiBaseUrl', 'https://elsewhere.example/v2');

      const forgotten = product.run('forgetApiKey');
      await product.messages.press(/^Forget the API key\?$/, 'Forget API Key');
      await forgotten;
      await product.messages.shown(/^The API key is forgotten\.$/);
      assert.deepEqual(filesWith(product.globalStorage, 'Traceless'), []);
      void product.run('forgetApiKey');
      await product.messages.shown(/^There is no API key to forget\.$/);
    });
  }

  const forget = async (product: HeldProduct, isCreating = false): Promise<void> => {
    const forgotten = product.run('forgetApiKey');
    await product.messages.press(/^Forget the API key\?$/, 'Forget API Key');
    if (isCreating) await product.messages.press(/^The creation of “Traceless” is not settled yet/, 'Discard Anyway');
    await forgotten;
    await product.messages.shown(/^The API key is forgotten\.$/);
  };

  /** Goes through all that is written behind a creation, once more for another project. */
  const writeElsewhere = async (product: HeldProduct): Promise<void> => {
    product.messages.clear();
    await product.connect({ seed: 'empty' });
    await product.createProjectToken('Elsewhere');
    await eventually(() => assert.ok(filesWith(product.globalStorage, 'Elsewhere').length >= 4));
  };

  it('leaves no trace of a slow creation that is answered afterwards', async () => {
    const product = held.current;
    const api = await product.connect({ seed: 'empty' });
    const hold = api.faults.add({ operation: 'CreateProjectJwt', fault: { kind: 'hold' } });
    const created = product.createProjectToken('Traceless');
    await hold.untilHeld();
    await forget(product, true);
    hold.release();
    await product.messages.shown(/^The value is not here any more/);
    product.messages.clear();
    await created;
    await writeElsewhere(product);
    assert.deepEqual(filesWith(product.globalStorage, 'Traceless'), []);
  });

  it('leaves nothing to be signed with a box that was open meanwhile', async () => {
    const product = held.current;
    const { quickInputs, messages } = product;
    const api = await product.connect();
    const { node } = await product.row('userTokens', 'hana@example.com');
    const title = 'Sign Token for hana@example.com';
    const signed = product.run('signUserToken', node);
    await quickInputs.type(title, api.keys.apiKey);
    await forget(product);
    await quickInputs.type(title, api.keys.secretKey);
    await quickInputs.pick(title, '1 hour');
    await messages.shown(/^The connection “.*” was removed here\. Nothing was sent\.$/);
    messages.clear();
    await signed;
    assert.equal(product.clipboard.text, '');
    await writeElsewhere(product);
    assert.deepEqual(filesWith(product.globalStorage, 'hana@example.com'), []);
    assert.equal(await product.secret('signingKeys'), undefined);
  });
});
