import assert from 'node:assert/strict';
import { statusAsBearer } from '../support/bearer.ts';
import { eventually } from '../support/eventually.ts';
import { projectTokens, useProduct } from '../support/productWindow.ts';
import type { FocusedElement, Workbench } from '../support/vscode/workbench.ts';

async function focusIs(window: Workbench, role: string, name: RegExp | string): Promise<void> {
  await eventually(async () => {
    const focused: FocusedElement = await window.focused();
    assert.equal(focused.role, role, focused.name);
    if (typeof name === 'string') assert.equal(focused.name, name);
    else assert.match(focused.name, name);
  });
}

describe('The main job without a mouse', function () {
  this.timeout(180_000);
  const product = useProduct();

  it('connects, creates and revokes by keys, with a name and a focus after each step @smoke', async () => {
    const api = await product.api();
    const window = await product.open(api);
    const { page, quickInput } = window;
    const { keyboard } = page;
    await page.evaluate(`for (const type of ['mousedown', 'pointerdown']) {
      document.addEventListener(type, () => { globalThis.mouseWasUsed = true; }, true);
    }`);

    await window.palette('View: Show MagicBell');
    await window.welcome(projectTokens);
    // The welcome's button is within reach of Tab.
    for (let step = 0; step < 30 && (await window.focused()).name !== 'Set API Key…'; step++)
      await keyboard.press('Tab');
    await focusIs(window, 'button', 'Set API Key…');
    await keyboard.press('Enter');
    await quickInput.waitForTitle('Set API Key');
    await focusIs(window, 'textbox', 'eyJ… - Set API Key');
    await keyboard.insertText(api.token);
    await keyboard.press('Enter');
    await window.row('CI deploy', projectTokens).waitFor();
    // By then all is loaded: VS Code loses a key that comes while it draws the rows anew.
    await window.statusItem('magicbell-tokens.magicbell-tokens.status').waitFor();

    await window.palette('MagicBell: Focus on Project Tokens View');
    await focusIs(window, 'tree', projectTokens);
    await keyboard.press('Home');
    await focusIs(window, 'treeitem', 'Demo stand, project token, expires in 4 hours');
    await window.moveFocus('ArrowDown', /^Demo stand/, /^Terraform/);
    await focusIs(window, 'treeitem', 'Terraform, project token, never expires');

    await window.palette('MagicBell: Create Project Token…');
    await quickInput.waitForTitle('Create Project Token (1/2)');
    await focusIs(window, 'textbox', 'CI deploy - Create Project Token');
    await keyboard.type('By keys');
    await keyboard.press('Enter');
    await quickInput.waitForTitle('Create Project Token (2/2)');
    await focusIs(window, 'option', /^90 days/);
    await keyboard.press('ArrowUp');
    await focusIs(window, 'option', /^30 days/);
    await keyboard.press('Enter');
    await window.toast('The value of “By keys” is copied. It cannot be shown again.');
    const value = await window.readClipboard();
    assert.equal(await statusAsBearer(api, 'project', value), 200);
    // Back where it was before the flow.
    await focusIs(window, 'treeitem', /^Terraform, project token/);
    // The token takes the place of the row that said "being created".
    await window
      .row('By keys')
      .filter({ hasText: /in \d+ days/ })
      .waitFor();

    await keyboard.press('Home');
    await focusIs(window, 'treeitem', /^By keys, project token, expires in /);
    await keyboard.press('Delete');
    await window.modal.wait('Revoke “By keys”?');
    await focusIs(window, 'button', 'Revoke');
    await keyboard.press('Escape');
    await window.modal.waitUntilClosed();
    await focusIs(window, 'treeitem', /^By keys, project token/);
    assert.equal(await statusAsBearer(api, 'project', value), 200);

    await keyboard.press('Delete');
    await window.modal.wait('Revoke “By keys”?');
    await focusIs(window, 'button', 'Revoke');
    await keyboard.press('Enter');
    await eventually(async () => assert.equal(await statusAsBearer(api, 'project', value), 401));
    await eventually(async () => {
      const row = (await window.rows(projectTokens)).find(({ label }) => label === 'By keys');
      assert.equal(row?.accessibleName, 'By keys, project token, revoked');
    });
    assert.match((await window.focused()).role, /^tree(item)?$/);
    assert.equal(await page.evaluate<boolean | undefined>('globalThis.mouseWasUsed'), undefined);
  });
});
