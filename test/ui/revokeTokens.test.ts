import assert from 'node:assert/strict';
import type { LocalApi } from '../server/localApi.ts';
import { statusAsBearer } from '../support/bearer.ts';
import { eventually } from '../support/eventually.ts';
import { issueElsewhere } from '../support/issuing.ts';
import { projectTokens, useProduct, userTokens, showTokensOf } from '../support/productWindow.ts';
import type { Workbench } from '../support/vscode/workbench.ts';

function projectToken(api: LocalApi, name: string) {
  const found = api.state.projectTokens().find((token) => token.name === name);
  assert.ok(found, name);
  return found;
}

async function descriptionOf(window: Workbench, view: string, label: string): Promise<string | undefined> {
  return (await window.rows(view)).find((row) => row.label === label)?.description;
}

const isRevoked = (window: Workbench, view: string, label: string) =>
  eventually(async () => assert.equal(await descriptionOf(window, view, label), 'revoked'));

describe('Revoking', () => {
  const product = useProduct();

  it('revokes one token by right-click, and its value is dead @smoke', async () => {
    const { window, api } = await product.connected({ seed: 'empty' });
    const value = await issueElsewhere(api, 'project', { name: 'Leaked', expiry: 3600 });
    await window.viewAction(projectTokens, 'Refresh');
    const row = window.row('Leaked', projectTokens);
    await row.waitFor();
    assert.equal(await statusAsBearer(api, 'project', value), 200);
    // The refresh of users comes after that of tokens.
    await eventually(() =>
      assert.ok(api.journal.count({ operation: 'ListUsers' }) >= 2, 'users are not asked for again'),
    );
    api.journal.clear();

    await window.contextMenu(row, 'Revoke Token…');
    await window.modal.wait('Revoke “Leaked”?');
    const tail = projectToken(api, 'Leaked').id.slice(-6);
    assert.deepEqual((await window.modal.detail()).split('\n').filter(Boolean), [
      `Leaked: project token, expires in 59 minutes, ID …${tail}`,
      'This takes effect at once, ends active sessions, and cannot be undone.',
    ]);
    await window.modal.cancel();
    assert.deepEqual(
      api.journal.entries.map(({ method, path }) => `${method} ${path}`),
      [],
    );
    assert.equal(await statusAsBearer(api, 'project', value), 200);

    await window.contextMenu(row, 'Revoke Token…');
    await window.modal.press('Revoke');
    await isRevoked(window, projectTokens, 'Leaked');
    assert.equal(await statusAsBearer(api, 'project', value), 401);
    assert.equal(api.journal.count({ method: 'DELETE' }), 1);
    assert.equal(api.journal.find({ method: 'GET' }).filter(({ bearer }) => bearer === api.token).length, 0);
    // What is revoked cannot be revoked again.
    assert.ok(!(await window.contextMenuItems(row)).includes('Revoke Token…'));
  });

  it('acts on the selection when the clicked row is part of it, else on the clicked row alone', async () => {
    const { window, api } = await product.connected();
    await window.row('CI deploy').waitFor();
    await window.row('Terraform').click();
    await window.row('CI deploy').click({ modifiers: ['ControlOrMeta'] });
    await window.row('Billing service').click({ modifiers: ['ControlOrMeta'] });
    await window.contextMenu(window.row('Demo stand'), 'Revoke Token…');
    await window.modal.wait('Revoke “Demo stand”?');
    await window.modal.cancel();

    await window.contextMenu(window.row('CI deploy'), 'Revoke Token…');
    await window.modal.wait('Revoke 3 tokens?');
    const detail = await window.modal.detail();
    for (const name of ['Terraform', 'CI deploy', 'Billing service'])
      assert.match(detail, new RegExp(`^${name}: `, 'm'));
    await window.modal.press('Revoke 3 Tokens');
    for (const name of ['Terraform', 'CI deploy', 'Billing service']) await isRevoked(window, projectTokens, name);
    assert.equal(api.journal.count({ operation: 'DiscardProjectJwt' }), 3);
    assert.ok(projectToken(api, 'Demo stand').discardedAt === null);
  });

  it('revokes by the Delete key what is selected, a user’s token too', async () => {
    const { window, api } = await product.connected();
    await showTokensOf(window, 'hana@example.com');
    await window.row('Web inbox', userTokens).click();
    await window.page.keyboard.press('Delete');
    await window.modal.wait('Revoke “Web inbox”?');
    assert.match(await window.modal.detail(), /^Web inbox: user token, expires in 10 days/);
    await window.page.keyboard.press('Escape');
    await window.modal.waitUntilClosed();
    assert.equal(api.journal.count({ method: 'DELETE' }), 0);
    await window.row('Web inbox', userTokens).click();
    await window.page.keyboard.press('Delete');
    await window.modal.wait('Revoke “Web inbox”?');
    await window.modal.press('Revoke');
    await isRevoked(window, userTokens, 'Web inbox');
    assert.equal(api.journal.count({ operation: 'DiscardUserJwt' }), 1);
  });

  it('acts by the Delete key on the row in focus, not on another that is still selected', async () => {
    const { window } = await product.connected();
    await window.row('Terraform', projectTokens).click();
    await window.moveFocus('ArrowDown', /^Terraform/, /^Staging webhook/);
    await window.page.keyboard.press('Delete');
    await window.modal.wait('Revoke “Staging webhook”?');
    await window.modal.cancel();
  });

  it('lets one pick from the palette when nothing is selected', async () => {
    const { window, api } = await product.connected();
    await window.row('CI deploy').waitFor();
    await window.palette('MagicBell: Revoke Token…');
    await window.quickInput.waitForTitle('Revoke Tokens');
    await window.quickInput.type('Staging');
    await window.quickInput.toggle('Staging webhook');
    await window.quickInput.accept();
    await window.modal.wait('Revoke “Staging webhook”?');
    await window.modal.press('Revoke');
    await isRevoked(window, projectTokens, 'Staging webhook');
    assert.equal(api.journal.count({ method: 'DELETE' }), 1);
  });

  it('names what could not be revoked and keeps it; what is gone already counts as revoked', async () => {
    const { window, api } = await product.connected();
    await window.row('CI deploy').waitFor();
    projectToken(api, 'Terraform').discardedAt = api.now();
    const failing = projectToken(api, 'CI deploy').id;
    api.faults.add({
      path: `/v2/jwt/project/${failing}`,
      times: 'always',
      fault: { kind: 'status', status: 500 },
    });
    await window.row('Terraform').click();
    await window.row('CI deploy').click({ modifiers: ['ControlOrMeta'] });
    await window.row('Billing service').click({ modifiers: ['ControlOrMeta'] });
    await window.contextMenu(window.row('CI deploy'), 'Revoke Token…');
    await window.modal.wait('Revoke 3 tokens?');
    await window.modal.press('Revoke 3 Tokens');
    const toast = await window.toast(/^1 of 3 tokens was not revoked: “CI deploy”\. MagicBell has an internal problem/);
    await isRevoked(window, projectTokens, 'Terraform');
    await isRevoked(window, projectTokens, 'Billing service');
    assert.equal(await descriptionOf(window, projectTokens, 'CI deploy'), 'in 12 days');
    api.faults.clear();
    await toast.press('Try Again');
    await isRevoked(window, projectTokens, 'CI deploy');
  });

  it('asks twice before revoking the key that the extension uses', async () => {
    const { window, api } = await product.connected({ seed: 'empty', listAdminToken: true });
    const row = window.row('Local administrator', projectTokens);
    assert.match((await descriptionOf(window, projectTokens, 'Local administrator')) ?? '', / · your API key$/);
    await window.contextMenu(row, 'Revoke Token…');
    await window.modal.wait('Revoke “Local administrator”?');
    await window.modal.press('Revoke');
    await window.modal.wait('“Local administrator” is the API key of this extension.');
    await window.modal.cancel();
    assert.equal(api.journal.count({ method: 'DELETE' }), 0);
    await window.contextMenu(row, 'Revoke Token…');
    await window.modal.wait('Revoke “Local administrator”?');
    await window.modal.press('Revoke');
    await window.modal.wait('“Local administrator” is the API key of this extension.');
    await window.modal.press('Revoke My API Key');
    await eventually(() => assert.equal(api.journal.count({ method: 'DELETE' }), 1));
    assert.equal(await statusAsBearer(api, 'project', api.token), 401);
  });

  it('names at most ten of many', async () => {
    const { window } = await product.connected({ seed: 'large' });
    await window.row('Service 10000', projectTokens).click();
    for (let row = 0; row < 11; row++) await window.page.keyboard.press('Shift+ArrowDown');
    await window.page.keyboard.press('Delete');
    await window.modal.wait('Revoke 12 tokens?');
    const lines = (await window.modal.detail()).split('\n').filter(Boolean);
    assert.equal(lines.length, 13);
    assert.equal(lines[10], 'and 2 more');
    await window.modal.cancel();
  });
});
