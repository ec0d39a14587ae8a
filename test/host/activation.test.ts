import assert from 'node:assert/strict';
import { extensions } from 'vscode';

describe('The extension in a real extension host', () => {
  it('activates from the built bundle @smoke', async () => {
    const extension = extensions.getExtension('magicbell-tokens.magicbell-tokens');
    assert.ok(extension);
    await extension.activate();
    assert.equal(extension.isActive, true);
  });
});
