import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { FrameLocator } from 'playwright-core';
import { eventually } from '../support/eventually.ts';
import { frontPage, reloadWithPage } from '../support/frontPage.ts';
import { projectTokens, useProduct } from '../support/productWindow.ts';
import { temporaryFolder } from '../support/vscode/temporaryFolder.ts';
import type { Workbench } from '../support/vscode/workbench.ts';

async function showOverview(window: Workbench): Promise<FrameLocator> {
  await window.palette('MagicBell: Show Overview');
  const frame = frontPage(window);
  await frame.locator('.row.body').first().waitFor();
  return frame;
}

describe('The Overview', () => {
  const product = useProduct({ settings: { 'files.simpleDialog.enable': true } });

  it('shows what is loaded, acts by the views’ own commands, and follows what is done @smoke', async () => {
    const { window, api } = await product.connected();
    await window.row('CI deploy', projectTokens).waitFor();
    const frame = await showOverview(window);
    const count = (await window.rows(projectTokens)).length;
    await frame
      .getByRole('status')
      .filter({ hasText: `${count} of ${count} tokens` })
      .waitFor();
    assert.match(await frame.locator('.findings').innerText(), /expire within \d+ days/);

    await frame.locator('.row.body', { hasText: 'CI deploy' }).click();
    await frame.getByRole('button', { name: 'Revoke…' }).click();
    await window.modal.press('Revoke');
    await frame.locator('.row.body.revoked', { hasText: 'CI deploy' }).waitFor();
    assert.equal(api.journal.count({ operation: 'DiscardProjectJwt' }), 1);
  });

  it('exports what its search shows', async () => {
    const { window } = await product.connected();
    await window.row('CI deploy', projectTokens).waitFor();
    const frame = await showOverview(window);
    await frame.getByRole('searchbox').fill('deploy');
    await frame.locator('.row.body').nth(1).waitFor({ state: 'detached' });
    await frame.getByRole('button', { name: 'Export…' }).click();
    await window.quickInput.waitForTitle('Export Tokens');
    await window.quickInput.pick('iCalendar');
    const target = path.join(temporaryFolder('export'), 'tokens.ics');
    await eventually(async () => assert.match(await window.quickInput.value(), /magicbell-tokens\.ics$/));
    await window.quickInput.paste(target);
    await eventually(async () => assert.deepEqual(await window.quickInput.labels(), ['..']));
    await window.quickInput.accept();
    await window.toast('Exported 1 token to “tokens.ics”.');
    assert.match(readFileSync(target, 'utf8'), /SUMMARY:MagicBell token “CI deploy” expires/);
  });

  it('is there again after a reload, with its rows', async () => {
    const { window } = await product.connected();
    await window.row('CI deploy', projectTokens).waitFor();
    await showOverview(window);
    await reloadWithPage(window, 'MagicBell Overview');
    await window.openContainer('MagicBell');
    const frame = frontPage(window);
    await frame.locator('.row.body', { hasText: 'CI deploy' }).waitFor();
    assert.match(await frame.getByRole('status').innerText(), /^(\d+) of \1 tokens$/);
  });

  it('audits every user’s tokens from the palette, and shows what it finds', async () => {
    const { window, api } = await product.connected();
    await window.palette('MagicBell: Audit Users’ Tokens');
    const frame = frontPage(window);
    const users = api.state.users().length;
    await window.toast(new RegExp(`^Audited .*: ${users} users, \\d+ tokens\\.$`));
    assert.equal(
      new Set(api.journal.entries.filter(({ operation }) => operation === 'FetchUserTokens').map(({ path: at }) => at))
        .size,
      users,
    );
    await frame.locator('.row.body .owner', { hasText: 'hana@example.com' }).first().waitFor();
  });

  it('leads a newcomer to the API key', async () => {
    const api = await product.api();
    const window = await product.open(api);
    await window.palette('MagicBell: Show Overview');
    await frontPage(window).getByRole('button', { name: 'Set API Key…' }).click();
    await window.quickInput.waitForTitle('Set API Key');
  });
});
