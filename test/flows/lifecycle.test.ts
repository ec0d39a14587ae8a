import assert from 'node:assert/strict';
import { commands } from 'vscode';
import { useHeldProduct } from '../support/heldExtension/heldProduct.ts';

const view = /^magicbellTokens\.(project|user)Tokens$/;
/** Not the ones that VS Code adds for each view. */
const ownCommands = async (): Promise<string[]> =>
  (await commands.getCommands(true)).filter((id) => /^magicbellTokens\.\w+$/.test(id) && !view.test(id));

describe('The extension’s life', () => {
  const held = useHeldProduct();

  it('starts without any request, also with a key', async () => {
    const product = held.current;
    // An empty project: what the watch knows does not depend on how far the first list came.
    const api = await product.connect({ seed: 'empty' });
    await product.stop();
    api.journal.clear();
    product.start();
    // Goes through everything that the start has begun.
    void product.run('showExpiring');
    await product.messages.shown(/^No token that was seen here/);
    assert.deepEqual(api.journal.find({}), []);
  });

  it('lets everything go when it ends, and starts again in the same window', async () => {
    const product = held.current;
    await product.connect();
    await product.row('projectTokens', 'CI deploy');
    const before = await ownCommands();
    assert.ok(before.includes('magicbellTokens.createProjectToken'));
    assert.notDeepEqual(product.runningTimers(), [], 'no timer is seen: this test looks for the wrong thing');

    await product.stop();
    assert.deepEqual(await ownCommands(), []);
    assert.deepEqual(product.runningTimers(), []);

    product.start();
    await product.row('projectTokens', 'CI deploy');
    assert.deepEqual(await ownCommands(), before);
  });

  it('lets go of a value that it has not delivered, so that another window can offer it at once', async () => {
    const product = held.current;
    await product.connect({ seed: 'empty' });
    product.clipboard.fails = true;
    void product.createProjectToken('Left behind');
    await product.messages.shown(/^The value of “Left behind” could not be copied/);
    await product.stop();

    product.clipboard.fails = false;
    product.start();
    await product.messages.press(/^The value of “Left behind” was not copied yet/, 'Copy');
    await product.messages.shown(/^The value of “Left behind” is copied/);
  });
});
