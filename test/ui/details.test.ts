import assert from 'node:assert/strict';
import { shortName } from '../../src/core/tokens/tokenPresentation.ts';
import { eventually } from '../support/eventually.ts';
import { createProjectToken } from '../support/issuing.ts';
import { projectTokens, useProduct, userTokens, showTokensOf } from '../support/productWindow.ts';
import type { Workbench } from '../support/vscode/workbench.ts';

const hostile = '[link](command:workbench.action.quit) $(key) </b>';
const shownHostile = '[link] (command:workbench.action.quit) $ (key) </b>';

async function pageText(window: Workbench, expected: RegExp): Promise<string> {
  return eventually(async () => {
    const lines = await window.page.locator('.editor-instance .view-line').allInnerTexts();
    const text = lines.join('\n').replaceAll('\u00A0', ' ');
    assert.match(text, expected);
    return text;
  });
}

/** Pastes a text, waits until the list holds one row, and picks that: rows that are exchanged take no Enter. */
async function pickOnly({ quickInput }: Workbench, text: string, label: string): Promise<void> {
  await quickInput.paste(text);
  await eventually(async () => assert.deepEqual(await quickInput.labels(), [label]));
  await quickInput.pick(label);
}

describe('Token details', () => {
  const product = useProduct({ settings: { 'editor.minimap.enabled': false } });

  it('shows what is known of a row’s token, and follows what is done to it', async () => {
    const { window, api } = await product.connected();
    const token = api.state.projectTokens().find(({ name }) => name === 'CI deploy');
    await window.contextMenu(window.row('CI deploy', projectTokens), 'Show Token Details');
    const text = await pageText(window, /^State: expires in 12 days$/m);
    assert.match(text, /^CI deploy\n/);
    assert.match(text, new RegExp(`^ID: ${token?.id ?? ''}$`, 'm'));
    const utc = token?.createdAt.toISOString().slice(0, 19).replace('T', ' ') ?? '';
    assert.match(text, new RegExp(`^Created: .*\\(${utc} UTC\\)$`, 'm'));
    assert.match(text, /^Issued: elsewhere/m);
    assert.match(text, /^MagicBell: Revoke Token…$/m);

    await window.contextMenu(window.row('CI deploy', projectTokens), 'Revoke Token…');
    await window.modal.press('Revoke');
    const after = await pageText(window, /^State: revoked$/m);
    assert.match(after, /: Revoked \(/);
    assert.doesNotMatch(after, /MagicBell: Revoke Token…/);
  });

  it('cannot be edited', async () => {
    const { window } = await product.connected();
    await window.contextMenu(window.row('CI deploy', projectTokens), 'Show Token Details');
    await pageText(window, /^State: /m);
    await window.page.locator('.editor-instance .view-line').first().click();
    await window.page.keyboard.type('x');
    await pageText(window, /^CI deploy\n/);
  });

  it('shows a user token’s user, by keyboard from the palette, and what was issued here', async () => {
    const { window } = await product.connected();
    await showTokensOf(window, 'hana@example.com');
    await window.row('Web inbox', userTokens).waitFor();
    await window.palette('MagicBell: Show Token Details');
    await window.quickInput.waitForTitle(/^Show Token Details/);
    await pickOnly(window, 'hana web', 'Web inbox');
    assert.match(
      await pageText(window, /^Kind: user token/m),
      /^User: hana@example\.com, Hana Sato, external ID usr_9f2c41, ID /m,
    );

    // The new token's row is selected: the palette's command is about that.
    await createProjectToken(window, 'Made here');
    await window.toast(/is copied/);
    await window.palette('MagicBell: Show Token Details');
    const text = await pageText(window, /^Made here\n/);
    assert.match(text, /^Issued: from VS Code on this computer$/m);
    assert.match(text, /: Value delivered \([\s\S]*: Issued \(/);
    // The focus is in the page: it can be read by keyboard at once.
    assert.equal((await window.focused()).role, 'textbox');
  });

  it('shows a hostile name as plain text, in the page and on its tab', async () => {
    const { window, api } = await product.connected({ seed: 'empty' });
    api.state.addProjectToken({ name: hostile, createdAt: new Date(), expiresAt: null });
    await window.viewAction(projectTokens, 'Refresh');
    await window.contextMenu(window.row(shortName(shownHostile), projectTokens), 'Show Token Details');
    const text = await pageText(window, /^State: never expires$/m);
    assert.ok(text.startsWith(`${shownHostile}\n`), text);
    const tab = window.page.locator('.tabs-container .tab.active');
    assert.ok((await tab.innerText()).includes('[link] (command:workbench.action.quit) $ (key) < b>'));
    assert.equal(await tab.locator('.codicon-key').count(), 0);
    assert.equal(await window.page.locator('.editor-instance a[href]').count(), 0);
  });

  it('says so when its connection was removed', async () => {
    const { window } = await product.connected();
    await window.contextMenu(window.row('CI deploy', projectTokens), 'Show Token Details');
    await pageText(window, /^State: /m);
    await window.palette('MagicBell: Forget API Key…');
    await window.modal.press('Forget API Key');
    await pageText(window, /^The connection of this page was removed here\.$/m);
  });
});
