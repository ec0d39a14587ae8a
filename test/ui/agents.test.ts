import assert from 'node:assert/strict';
import { statusAsBearer } from '../support/bearer.ts';
import { projectTokens, useProduct } from '../support/productWindow.ts';

describe('An agent that asks for a change', () => {
  const product = useProduct();
  const allowed = { settings: { 'magicbellTokens.agents': 'change' } };

  it('gets a token made, or revoked, by a click in our own dialogue only', async () => {
    const { window, api } = await product.connected({ seed: 'empty' }, allowed);
    const { modal } = window;
    const changes = (): number => api.journal.count({ method: 'POST' }) + api.journal.count({ method: 'DELETE' });
    const issue = { kind: 'project', name: 'Of an agent', expires: '7d' };
    const asksToCreate = 'Create the project token “Of an agent” for an agent?';
    const declined = /^Nothing was changed: the person declined\./;

    const refused = product.callTool('issue_token', issue);
    await modal.wait(asksToCreate);
    assert.match(
      await modal.detail(),
      /^Project: .+\nIt can do everything in this project\.\nIt expires .+\n\nThe agent does not get the value\./,
    );
    assert.deepEqual((await modal.buttons()).sort(), [
      'Cancel',
      'Copy to Clipboard',
      'Give to Command…',
      'Write to .env…',
    ]);
    await modal.press('Cancel');
    assert.match((await refused).says, declined);
    const left = product.callTool('issue_token', issue);
    await modal.wait(asksToCreate);
    await modal.cancel();
    assert.match((await left).says, declined);
    assert.equal(changes(), 0);

    const created = product.callTool('issue_token', issue);
    await modal.wait(asksToCreate);
    await modal.press('Copy to Clipboard');
    await window.toast(/^The value of “Of an agent” is copied/);
    const { says, text } = await created;
    assert.match(says, /^The token was created/);
    const value = await window.readClipboard();
    assert.equal(await statusAsBearer(api, 'project', value), 200);
    for (const part of value.split('.')) assert.ok(!text.includes(part), 'a part of the value is in the answer');

    const { data } = await product.callTool('list_tokens', { text: 'Of an agent' });
    const [{ id } = { id: '' }] = data['tokens'] as { id: string }[];
    const asksToRevoke = /^Revoke “Of an agent” of .+ for an agent\?$/;
    const kept = product.callTool('revoke_token', { id });
    await modal.wait(asksToRevoke);
    await modal.press('Cancel');
    assert.match((await kept).says, declined);
    assert.equal(await statusAsBearer(api, 'project', value), 200);
    const revoked = product.callTool('revoke_token', { id });
    await modal.wait(asksToRevoke);
    await modal.press('Revoke');
    assert.match((await revoked).says, /^The token was revoked\./);
    assert.equal(await statusAsBearer(api, 'project', value), 401);
    await window.row('Of an agent', projectTokens).filter({ hasText: 'revoked' }).waitFor();
    assert.equal(changes(), 2);
  });
});
