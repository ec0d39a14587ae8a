import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { useHeldProduct } from '../support/heldExtension/heldProduct.ts';

/** The files below a folder that hold a text. */
function filesWith(folder: string, text: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => {
    const file = path.join(folder, name);
    return statSync(file).isFile() && readFileSync(file, 'utf8').includes(text);
  });
}

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
});
