import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eventually } from '../support/eventually.ts';
import { useHeldProduct } from '../support/heldExtension/heldProduct.ts';

describe('What is not loaded', () => {
  const held = useHeldProduct();

  it('is not said to be empty when it cannot be reached: the failure is told, once', async () => {
    const product = held.current;
    const { quickInputs, messages } = product;
    const api = await product.connect({ seed: 'empty' });
    await product.stop();
    messages.clear();
    await api.close();
    product.start();
    for (const command of ['revokeMatching', 'revokeToken', 'rotateToken', 'copyTokenId']) {
      const run = product.run(command);
      const title = 'Revoke Expired, Never Expiring or Older Tokens';
      if (command === 'revokeMatching') await quickInputs.pick(title, 'Expired');
      (await messages.shown(/^No connection to /)).answer(undefined);
      await run;
      assert.equal(messages.all.length, 1, JSON.stringify(messages.all.map(({ text }) => text)));
      messages.clear();
    }
  });

  it('is told of when the rest is exported', async () => {
    const product = held.current;
    const { quickInputs, messages } = product;
    const api = await product.connect({ seed: 'empty' });
    for (let count = 0; count < 130; count++)
      api.state.addProjectToken({ name: `Token ${count}`, createdAt: new Date() });
    await product.run('refresh');
    await eventually(async () => assert.ok((await product.rows('projectTokens')).length > 100));
    const file = path.join(tmpdir(), `mbt-partial-${process.pid}.json`);
    product.saveAs(file);
    void product.run('exportTokens');
    await quickInputs.pick('Export Tokens', 'JSON');
    await messages.shown(/^Exported 100 tokens to “.*\.json”\. Not everything is loaded: there are more\.$/);
    assert.equal((JSON.parse(readFileSync(file, 'utf8')) as unknown[]).length, 100);
    messages.clear();
    await product.run('loadAll');
    void product.run('exportTokens');
    await quickInputs.pick('Export Tokens', 'JSON');
    await messages.shown(/^Exported 130 tokens to “.*\.json”\.$/);
  });
});
