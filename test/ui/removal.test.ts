import assert from 'node:assert/strict';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { eventually } from '../support/eventually.ts';
import { createProjectToken } from '../support/issuing.ts';
import { projectTokens, useProduct } from '../support/productWindow.ts';
import { assertNowhere, filesBelow, madeUpSecret, textsOf } from '../support/secretSearch.ts';
import type { Workbench } from '../support/vscode/workbench.ts';

const planted = madeUpSecret();

/** Uninstalls the extension as a person does, from the list of what is installed. */
async function uninstall(window: Workbench): Promise<void> {
  await window.openContainer('Extensions');
  const entry = window.page.locator('.extension-list-item').filter({ hasText: 'MagicBell Tokens' });
  await window.contextMenu(entry, 'Uninstall');
}

describe('Removing the extension', () => {
  const product = useProduct({ packaged: true, ownServer: true });

  it('leaves nothing in the window, and on the disk only empty folders that the README names', async () => {
    const { window, api } = await product.connected();
    await window.row('CI deploy', projectTokens).waitFor();
    await createProjectToken(window, 'Made before the removal');
    await window.toast('The value of “Made before the removal” is copied. It cannot be shown again.');
    const value = await window.readClipboard();
    await window.palette('MagicBell: Forget API Key…');
    await window.modal.wait('Forget the API key?');
    await window.modal.press('Forget API Key');
    await window.toast('The API key is forgotten.');

    await uninstall(window);
    const extensions = path.join(product.vscode.dataDir, 'extensions');
    const installed = (): string[] => readdirSync(extensions).filter((name) => name.startsWith('magicbell'));
    await eventually(() => {
      const obsolete = existsSync(path.join(extensions, '.obsolete'));
      assert.ok(installed().length === 0 || obsolete, installed().join());
    });
    await window.reload();
    await eventually(async () => {
      const tabs = await window.page.evaluate<string[]>(
        `[...document.querySelectorAll('.activitybar [role=tab]')].map((tab) => tab.ariaLabel)`,
      );
      assert.ok(tabs.length > 3 && !tabs.some((name) => name.startsWith('MagicBell')), tabs.join());
    });
    assert.deepEqual(
      (await window.paletteTitles('MagicBell')).filter((title) => title.startsWith('MagicBell')),
      [],
    );
    const left = filesBelow(product.vscode.dataDir).filter(
      (file) => /magicbell/i.test(file) && !file.startsWith(extensions),
    );
    assert.deepEqual(left, []);
    const named = new Set(['activity', 'destinations', 'expiries', 'issuances', 'ledger', 'rotations', 'watch']);
    assert.deepEqual(
      readdirSync(product.globalStorage).filter((name) => !named.has(name)),
      [],
    );

    writeFileSync(path.join(product.globalStorage, 'planted'), planted);
    await window.page.evaluate(`localStorage.setItem('planted', ${JSON.stringify(planted)})`);
    const places = [
      { name: 'the server’s data folder', contents: textsOf(filesBelow(product.vscode.dataDir)), harmless: api.url },
      { name: 'the browser’s storage', contents: [JSON.stringify(await window.storageState())], harmless: 'planted' },
    ];
    const secrets = new Map([
      ['the API key', api.token],
      ['the value', value],
    ]);
    assertNowhere(places, planted, secrets);
  });
});
