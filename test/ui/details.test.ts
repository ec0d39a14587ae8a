import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { shortName } from '../../src/core/tokens/tokenPresentation.ts';
import { eventually } from '../support/eventually.ts';
import { frontPage, reloadWithPage } from '../support/frontPage.ts';
import { createProjectToken } from '../support/issuing.ts';
import { projectTokens, useProduct, userTokens, showTokensOf } from '../support/productWindow.ts';
import type { Workbench } from '../support/vscode/workbench.ts';

const hostile = '[link](command:workbench.action.quit) $(key) </b>';
const shownHostile = '[link] (command:workbench.action.quit) $ (key) </b>';

/** The text of the page in front, as soon as it says what is expected. */
async function pageText(window: Workbench, expected: RegExp): Promise<string> {
  return eventually(async () => {
    const text = (await frontPage(window).locator('main').innerText()).replaceAll(/[\u00A0\u202F]/g, ' ');
    assert.match(text, expected);
    return text;
  });
}

const button = (window: Workbench, name: string): Locator => frontPage(window).getByRole('button', { name });

/** Pastes a text, waits until the list holds one row, and picks that: rows that are exchanged take no Enter. */
async function pickOnly({ quickInput }: Workbench, text: string, label: string): Promise<void> {
  await quickInput.paste(text);
  await eventually(async () => assert.deepEqual(await quickInput.labels(), [label]));
  await quickInput.pick(label);
}

describe('Token details', () => {
  const product = useProduct();

  it('shows what is known of a row’s token, acts as its row does, and follows what is done to it @smoke', async () => {
    const { window, api } = await product.connected();
    const token = api.state.projectTokens().find(({ name }) => name === 'CI deploy');
    await window.contextMenu(window.row('CI deploy', projectTokens), 'Show Token Details');
    const text = await pageText(window, /Expires in 12 days/);
    assert.match(text, /^CI deploy\n/);
    assert.ok(text.includes(token?.id ?? 'none'), text);
    const utc = token?.createdAt.toISOString().slice(0, 19).replace('T', ' ') ?? '';
    assert.ok(text.includes(`${utc} UTC`), text);
    assert.match(text, /^elsewhere, or not recorded here$/m);
    // The focus is in the page: it can be read by keyboard at once.
    assert.equal((await window.focused()).role, 'Iframe');

    await button(window, 'Copy ID').click();
    await eventually(async () => assert.equal(await window.readClipboard(), token?.id));
    await window.row('Terraform', projectTokens).click();
    await button(window, 'Show in List').click();
    const selected = window.tree(projectTokens).locator('.monaco-list-row.selected .label-name');
    await eventually(async () => assert.deepEqual(await selected.allInnerTexts(), ['CI deploy']));
    await button(window, 'Rotate…').click();
    await window.quickInput.waitForTitle(/^Rotate CI deploy/);
    await window.quickInput.cancel();

    await button(window, 'Revoke…').click();
    await window.modal.press('Revoke');
    const after = await pageText(window, /^⊘Revoked$/m);
    assert.match(after, /^Revoked\n/m);
    assert.equal(await button(window, 'Revoke…').count(), 0);
    assert.equal(api.journal.count({ operation: 'DiscardProjectJwt' }), 1);
  });

  it('shows a user token’s user, by keyboard from the palette, and what was issued here, over a reload', async () => {
    const { window } = await product.connected();
    await showTokensOf(window, 'hana@example.com');
    await window.row('Web inbox', userTokens).waitFor();
    await window.palette('MagicBell: Show Token Details');
    await window.quickInput.waitForTitle(/^Show Token Details/);
    await pickOnly(window, 'hana web', 'Web inbox');
    assert.match(
      await pageText(window, /^User token · /m),
      /^hana@example\.com\s+Hana Sato, external ID usr_9f2c41, ID /m,
    );

    // The new token's row is selected: the palette's command is about that.
    await createProjectToken(window, 'Made here');
    await window.toast(/is copied/);
    await window.row('Made here', projectTokens).and(window.page.locator('.selected')).waitFor();
    const value = await window.readClipboard();
    const check = async (): Promise<void> => {
      const text = await pageText(window, /^Made here\n/);
      assert.match(text, /^from VS Code on this computer$/m);
      assert.match(text, /^Value delivered \(to the clipboard\)$[^]*^Issued$/m);
      assert.ok(!text.includes(value));
    };
    await window.palette('MagicBell: Show Token Details');
    await check();
    await reloadWithPage(window, 'Made here');
    await check();
  });

  it('shows a hostile name as plain text, in the page and on its tab; a page of a removed connection says so', async () => {
    const { window, api } = await product.connected({ seed: 'empty' });
    api.state.addProjectToken({ name: hostile, createdAt: new Date(), expiresAt: null });
    await window.viewAction(projectTokens, 'Refresh');
    await window.contextMenu(window.row(shortName(shownHostile), projectTokens), 'Show Token Details');
    const text = await pageText(window, /Never expires/);
    assert.ok(text.startsWith(`${shownHostile}\n`), text);
    const tab = window.page.locator('.tabs-container .tab.active');
    assert.ok((await tab.innerText()).includes(shownHostile));
    assert.equal(await tab.locator('.codicon-key').count(), 0);
    assert.equal(await frontPage(window).locator('a').count(), 0);

    await window.palette('MagicBell: Forget API Key…');
    await window.modal.press('Forget API Key');
    await pageText(window, /^The connection of this page was removed here\.$/m);
  });
});
