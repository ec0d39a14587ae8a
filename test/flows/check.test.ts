import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { eventually } from '../support/eventually.ts';
import { type HeldProduct, useHeldProduct } from '../support/heldExtension/heldProduct.ts';

describe('Check Token', () => {
  const held = useHeldProduct();

  /** What is said of a value on the clipboard. */
  const saidOf = async (product: HeldProduct, value: string): Promise<readonly string[]> => {
    product.clipboard.text = value;
    void product.run('checkToken');
    const { quickInputs } = product;
    await quickInputs.pick('Check Token', '$(clippy) On the Clipboard');
    const labels = await eventually(async () => {
      const found = await quickInputs.labels('Check Token');
      assert.match(found.join(), /This /);
      return found;
    });
    await quickInputs.leave('Check Token');
    return labels;
  };

  const ledger = ({ globalStorage }: HeldProduct): string[] => readdirSync(path.join(globalStorage, 'ledger'));

  it('recognises what was issued and signed here, over a restart, until the key is forgotten', async () => {
    const product = held.current;
    const api = await product.connect();
    await product.createProjectToken('Known here');
    const issued = product.clipboard.text;
    const signed = await product.signFor('hana@example.com', api);
    assert.equal(ledger(product).length, 2);

    await product.stop();
    product.start();
    await product.row('projectTokens', 'Known here', /^in /);
    api.journal.clear();
    assert.equal((await saidOf(product, issued))[0], 'This is “Known here”.');
    assert.equal((await saidOf(product, signed))[0], 'This token was signed here for hana@example.com.');
    // A token of the same claims that was not made here is not taken for it.
    const [header = '', claims = ''] = signed.split('.');
    const another = `${header}.${claims}.${'A'.repeat(43)}`;
    assert.doesNotMatch((await saidOf(product, another)).join(), /signed here/);
    assert.deepEqual(api.journal.find({}), []);

    const forgotten = product.run('forgetApiKey');
    await product.messages.press(/^Forget the API key\?$/, 'Forget API Key');
    await forgotten;
    assert.deepEqual(ledger(product), []);
    assert.doesNotMatch((await saidOf(product, signed)).join(), /signed here/);
  });
});
