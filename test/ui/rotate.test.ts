import assert from 'node:assert/strict';
import { statusAsBearer } from '../support/bearer.ts';
import { eventually } from '../support/eventually.ts';
import { projectTokens, useProduct } from '../support/productWindow.ts';
import { letADayPass } from '../support/watchFiles.ts';
import type { LocalApi } from '../server/localApi.ts';

describe('Rotating a token', () => {
  const product = useProduct();

  it('delivers a new token of the same name, and reminds of the old one on its row', async () => {
    const { window, api } = await product.connected();
    const old = api.state.projectTokens().find(({ name }) => name === 'CI deploy');
    assert.ok(old);
    await window.contextMenu(window.row('CI deploy'), 'Rotate Token…');
    await window.quickInput.waitForTitle('Rotate CI deploy (1/2)');
    await window.quickInput.accept();
    await window.quickInput.waitForTitle('Rotate CI deploy (2/2)');
    await window.quickInput.accept();
    await window.toast('The value of “CI deploy” is copied. It cannot be shown again.');
    await window.toast(/The old “CI deploy” stays valid\. You are reminded/);

    const value = await window.readClipboard();
    assert.equal(await statusAsBearer(api, 'project', value), 200);
    assert.equal(api.journal.count({ method: 'POST' }), 1);
    assert.equal(api.journal.count({ method: 'DELETE' }), 0);
    await eventually(async () => {
      const rows = (await window.rows(projectTokens)).filter(({ label }) => label === 'CI deploy');
      assert.equal(rows.length, 2);
      assert.ok(rows.some(({ description }) => description.startsWith('rotated, revoke tomorrow · ')));
    });

    // It survives a restart, and is finished from the old token's row.
    await product.restart(window);
    const rotated = window.row('CI deploy').filter({ hasText: 'rotated' });
    await rotated.waitFor();
    await window.contextMenu(rotated, 'Finish Rotation…');
    await window.quickInput.waitForTitle('Rotation of CI deploy');
    await window.quickInput.pick('Revoke the Old Token…');
    await window.modal.wait('Revoke the old “CI deploy”?');
    await window.modal.press('Revoke');
    await eventually(() => assert.notEqual(api.state.token(old.id)?.discardedAt, null));
    assert.equal(await statusAsBearer(api, 'project', value), 200);
    await eventually(async () => {
      const rows = (await window.rows(projectTokens)).map(({ description }) => description);
      assert.ok(!rows.some((description) => description.includes('rotated')));
    });
  });

  it('says that the old token is due at once when that was chosen, and keeps it when revoking fails', async () => {
    const { window, api } = await product.connected();
    await window.contextMenu(window.row('Terraform'), 'Rotate Token…');
    await window.quickInput.waitForTitle('Rotate Terraform (1/2)');
    await window.quickInput.accept();
    await window.quickInput.waitForTitle('Rotate Terraform (2/2)');
    await window.quickInput.pick('Now');
    const due = await window.toast(/The old “Terraform” .* is due to be revoked/);
    api.faults.add({ operation: 'DiscardProjectJwt', times: 'always', fault: { kind: 'status', status: 403 } });
    await due.press('Revoke…');
    await window.modal.wait('Revoke the old “Terraform”?');
    await window.modal.press('Revoke');
    await window.toast(/“Terraform” was not revoked/);
    api.faults.clear();
    await window.palette('MagicBell: Finish Rotation…');
    await window.quickInput.waitForTitle('Rotation of Terraform');
    await window.quickInput.pick('Revoke the Old Token…');
    await window.modal.wait('Revoke the old “Terraform”?');
    await window.modal.press('Revoke');
    await eventually(() => assert.equal(api.journal.find({ method: 'DELETE' }).at(-1)?.status, 200));
    await window.palette('MagicBell: Finish Rotation…');
    await window.toast('No rotation is pending.');
  });

  it('leaves everything as it was when the new token cannot be created, and when somebody leaves', async () => {
    const { window, api } = await product.connected();
    await window.row('CI deploy').waitFor();
    api.journal.clear();
    await window.contextMenu(window.row('CI deploy'), 'Rotate Token…');
    await window.quickInput.waitForTitle('Rotate CI deploy (1/2)');
    await window.quickInput.accept();
    await window.quickInput.waitForTitle('Rotate CI deploy (2/2)');
    await window.quickInput.cancel();
    assert.equal(api.journal.count({ method: 'POST' }), 0);
    api.faults.add({ operation: 'CreateProjectJwt', fault: { kind: 'forbidden' } });
    await window.contextMenu(window.row('CI deploy'), 'Rotate Token…');
    await window.quickInput.waitForTitle('Rotate CI deploy (1/2)');
    await window.quickInput.accept();
    await window.quickInput.waitForTitle('Rotate CI deploy (2/2)');
    await window.quickInput.accept();
    await window.toast(/Only administrators may create tokens/);
    await window.palette('MagicBell: Finish Rotation…');
    await window.toast('No rotation is pending.');
  });

  it('takes the new token as the API key when it rotates the extension’s own', async () => {
    const { window, api } = await product.connected({ seed: 'empty', listAdminToken: true });
    await window.contextMenu(window.row('Local administrator'), 'Rotate Token…');
    await window.quickInput.waitForTitle(/\(1\/2\)/);
    await window.quickInput.accept();
    await window.quickInput.waitForTitle(/\(2\/2\)/);
    await window.quickInput.accept();
    await window.modal.wait('This token is the API key of this extension.');
    await window.modal.press('Use the New One');
    await window.toast(/The new token is the API key now/);
    const value = await window.readClipboard();
    assert.notEqual(value, api.token);
    api.journal.clear();
    await window.palette('MagicBell: Refresh');
    await eventually(() => assert.ok(api.journal.find({ operation: 'FetchProjectTokens' }).length > 0));
    assert.ok(api.journal.entries.every(({ bearer }) => bearer === value));
  });
});

describe('Watching expiries', () => {
  const product = useProduct();

  it('counts at once, and announces it after a restart a day later, once', async () => {
    const { window, api } = await product.connected({ seed: 'empty' });
    addExpiring(api, 'Nearly over', 2);
    await window.palette('MagicBell: Refresh');
    const status = window.statusItem('magicbell-tokens.magicbell-tokens.status');
    await status.filter({ hasText: '1 expiring' }).waitFor();
    // Beside the message that says what was connected, nothing is announced.
    assert.ok(!(await window.toasts()).some((text) => text.includes('expires in')));

    letADayPass(product.globalStorage);
    await product.restart(window);
    const notice = await window.toast(/“Nearly over” expires in 2 days/);
    await status.filter({ hasText: '1 expiring' }).waitFor();
    await notice.press('Rotate…'); // 1
    await window.quickInput.waitForTitle('Rotate Nearly over (1/2)');
    await window.quickInput.accept(); // 2
    await window.quickInput.waitForTitle('Rotate Nearly over (2/2)');
    await window.quickInput.accept(); // 3
    await window.toast('The value of “Nearly over” is copied. It cannot be shown again.');
    assert.equal(await statusAsBearer(api, 'project', await window.readClipboard()), 200);

    letADayPass(product.globalStorage);
    await product.restart(window);
    await status.filter({ hasText: '1 expiring' }).waitFor();
    assert.ok(!(await window.toasts()).some((text) => text.includes('expires in')));
  });

  it('draws a row anew when its token expires, without any click', async () => {
    const { window, api } = await product.connected({ seed: 'empty' });
    api.state.addProjectToken({ name: 'Brief', createdAt: new Date(), expiresAt: new Date(Date.now() + 7000) });
    await window.palette('MagicBell: Refresh');
    await window.row('Brief').filter({ hasText: 'in less than a minute' }).waitFor();
    api.journal.clear();
    await window.row('Brief').filter({ hasText: 'just now' }).waitFor();
    const row = (await window.rows(projectTokens)).find(({ label }) => label === 'Brief');
    assert.equal(row?.accessibleName, 'Brief, project token, expired just now');
    assert.deepEqual(api.journal.entries, []);
  });

  it('lists the soonest first with owner and project; one is shown in its list, all are muted, and that is undone', async () => {
    const { window, api } = await product.connected({ seed: 'empty' });
    addExpiring(api, 'Later', 5);
    addExpiring(api, 'Dead', -1);
    addExpiring(api, 'Sooner', 2);
    await window.palette('MagicBell: Refresh');
    const status = window.statusItem('magicbell-tokens.magicbell-tokens.status');
    await status.filter({ hasText: '3 expiring' }).waitFor();

    await window.palette('MagicBell: Show Expiring Tokens…');
    const { quickInput } = window;
    await quickInput.waitForTitle('Expiring Tokens');
    assert.deepEqual((await quickInput.labels()).slice(0, 4), ['Sooner', 'Later', 'Dead', 'Mute All 3']);
    await quickInput.pick('Later');
    await quickInput.waitForTitle('Later');
    await quickInput.pressButton(/^Back/);
    await quickInput.waitForTitle('Expiring Tokens');
    await quickInput.pick('Later');
    await quickInput.waitForTitle('Later');
    await quickInput.pick('Show in List');
    await eventually(async () =>
      assert.deepEqual(
        await window.tree(projectTokens).locator('.monaco-list-row.selected .label-name').allInnerTexts(),
        ['Later'],
      ),
    );

    await window.palette('MagicBell: Show Expiring Tokens…');
    await quickInput.waitForTitle('Expiring Tokens');
    await quickInput.pick('Mute All 3');
    await status.filter({ hasText: 'expiring' }).waitFor({ state: 'hidden' });
    await (await window.toast('3 tokens are no longer counted or announced.')).press('Undo');
    await status.filter({ hasText: '3 expiring' }).waitFor();
  });
});

function addExpiring(api: LocalApi, name: string, days: number): void {
  const dayMs = 24 * 60 * 60_000;
  api.state.addProjectToken({
    name,
    createdAt: new Date(Date.now() - 90 * dayMs),
    expiresAt: new Date(Date.now() + days * dayMs + 60_000),
  });
}
