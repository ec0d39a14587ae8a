import assert from 'node:assert/strict';
import { statusAsBearer } from '../support/bearer.ts';
import { issueElsewhere } from '../support/issuing.ts';
import { projectTokens, useProduct } from '../support/productWindow.ts';
import { ScriptedAgent } from '../support/scriptedAgent.ts';

describe('An agent in a window', () => {
  const agent = new ScriptedAgent();
  const product = useProduct({
    moreExtensions: [agent.folder],
    settings: { 'magicbellTokens.agents': 'change' },
  });

  it('changes nothing on Cancel, and what was confirmed on a click', async () => {
    const { window, api } = await product.connected({ seed: 'empty' });
    const old = await issueElsewhere(api, 'project', { name: 'In use' });
    await window.viewAction(projectTokens, 'Refresh');
    await window.row('In use', projectTokens).waitFor();
    const listing = await agent.call(window, 'list_tokens', {});
    const { data } = await listing.answer();
    const [token] = data['tokens'] as { id: string; name: string }[];
    assert.equal(token?.name, 'In use');

    const cancelled = await agent.call(window, 'revoke_token', { id: token.id });
    await window.modal.wait(/^Revoke “In use” of .+ for an agent\?$/);
    assert.match(await window.modal.detail(), /cannot be undone/);
    await window.modal.cancel();
    assert.match((await cancelled.answer()).says, /^Nothing was changed: the person declined\./);
    assert.equal(await statusAsBearer(api, 'project', old), 200);

    const issued = await agent.call(window, 'issue_token', { kind: 'project', name: 'Of an agent' });
    await window.modal.wait('Create the project token “Of an agent” for an agent?');
    assert.match(await window.modal.detail(), /^Project: /);
    assert.deepEqual(await window.modal.buttons(), [
      'Copy to Clipboard',
      'Write to .env…',
      'Give to Command…',
      'Cancel',
    ]);
    await window.modal.press('Copy to Clipboard');
    await window.toast(/^The value of “Of an agent” is copied/);
    const { says, text } = await issued.answer();
    assert.match(says, /^The token was created/);
    const value = await window.readClipboard();
    assert.equal(await statusAsBearer(api, 'project', value), 200);
    for (const part of value.split('.')) assert.ok(!text.includes(part));

    const revoked = await agent.call(window, 'revoke_token', { id: token.id });
    await window.modal.wait(/^Revoke “In use” of .+ for an agent\?$/);
    await window.modal.press('Revoke');
    assert.match((await revoked.answer()).says, /^The token was revoked\./);
    assert.equal(await statusAsBearer(api, 'project', old), 401);
    await window.toast(/^“In use” was revoked/);
  });
});
