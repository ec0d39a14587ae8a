import assert from 'node:assert/strict';
import { useHeldProduct } from '../support/heldExtension/heldProduct.ts';

describe('The value on the clipboard', () => {
  const held = useHeldProduct();
  const question = /^The clipboard still holds the value of “Only copy”\.$/;

  it('is asked about before a copy overwrites it, also after a reload of the window', async () => {
    const product = held.current;
    const { messages, clipboard } = product;
    await product.connect({ seed: 'empty' });
    await product.createProjectToken('Only copy');
    const value = clipboard.text;
    await product.stop();
    messages.clear();
    product.start();

    const { node } = await product.row('projectTokens', 'Only copy', /^in /);
    const kept = product.run('copyTokenId', node);
    (await messages.shown(question)).answer(undefined);
    await kept;
    assert.equal(clipboard.text, value);
    messages.clear();

    const overwritten = product.run('copyTokenId', node);
    await messages.press(question, 'Overwrite It');
    await overwritten;
    assert.notEqual(clipboard.text, value);
    await product.run('copyTokenId', node);
    assert.equal(messages.all.length, 0, 'nothing is lost any more');
  });

  it('is cleared on a click, also after a reload of the window', async () => {
    const product = held.current;
    const { messages, clipboard } = product;
    await product.connect({ seed: 'empty' });
    await product.createProjectToken('Only copy');
    await product.stop();
    product.start();
    await product.run('clearClipboard');
    await messages.shown(/^The clipboard is cleared\.$/);
    assert.equal(clipboard.text, '');
    await product.run('clearClipboard');
    await messages.shown(/^The clipboard does not hold a token’s value from here/);
  });
});
