import assert from 'node:assert/strict';
import { statusAsBearer } from '../support/bearer.ts';
import { eventually } from '../support/eventually.ts';
import { breakClipboard, type ClipboardFault, createProjectToken, mendClipboard } from '../support/issuing.ts';
import { type ProductWindow, projectTokens, useProduct } from '../support/productWindow.ts';

const notCopied = 'value not copied yet · Copy';

async function firstRow({ window }: ProductWindow): Promise<string> {
  return (await window.rows(projectTokens))[0]?.description ?? '';
}

describe('A clipboard that does not do its part', () => {
  const product = useProduct();

  async function createWith(fault: ClipboardFault): Promise<ProductWindow> {
    const connected = await product.connected({ seed: 'empty' });
    await connected.window.writeClipboard('before');
    await breakClipboard(connected.window, fault);
    await createProjectToken(connected.window, 'Kept');
    return connected;
  }

  for (const fault of ['hangs', 'rejects', 'does nothing'] as const) {
    it(`keeps the value when it ${fault}, and copies it on “Copy Again”`, async () => {
      const connected = await createWith(fault);
      const { window, api } = connected;
      const toast = await window.toast('The value of “Kept” could not be copied. It is kept until you copy it.');
      assert.deepEqual(await toast.buttons(), ['Copy Again', 'To .env…', 'Revoke…']);
      await eventually(async () => assert.equal(await firstRow(connected), notCopied));
      await mendClipboard(window);
      assert.equal(await window.readClipboard(), 'before');
      await toast.press('Copy Again');
      await window.toast('The value of “Kept” is copied. It cannot be shown again.');
      assert.equal(await statusAsBearer(api, 'project', await window.readClipboard()), 200);
      await eventually(async () => assert.match(await firstRow(connected), /^in /));
      assert.equal(api.journal.count({ method: 'POST' }), 1);
    });
  }

  it('does not overwrite what came onto it in between, and keeps the value', async () => {
    const connected = await createWith('is overwritten');
    const { window, api } = connected;
    await window.toast(/^Something else was copied in the same moment/);
    await mendClipboard(window);
    assert.equal(await window.readClipboard(), 'something else');
    await eventually(async () => assert.equal(await firstRow(connected), notCopied));
    await window.row('Kept', projectTokens).first().click();
    await window.toast('The value of “Kept” is copied. It cannot be shown again.');
    assert.equal(await statusAsBearer(api, 'project', await window.readClipboard()), 200);
  });

  it('keeps the value until somebody says that it has arrived when it cannot be read', async () => {
    const connected = await createWith('cannot be read');
    const { window, api } = connected;
    const toast = await window.toast(/^The value of “Kept” was copied, but the clipboard cannot be read/);
    assert.deepEqual(await toast.buttons(), ['Copy Again', 'I Have It']);
    await eventually(async () => assert.equal(await firstRow(connected), notCopied));
    await mendClipboard(window);
    assert.equal(await statusAsBearer(api, 'project', await window.readClipboard()), 200);
    await toast.press('I Have It');
    await eventually(async () => assert.match(await firstRow(connected), /^in /));
    await window.palette('MagicBell: Resolve Undelivered Token…');
    await window.toast(/nothing is left to resolve/);
  });

  it('revokes from the notification what could not be copied', async () => {
    const connected = await createWith('does nothing');
    const { window, api } = connected;
    const toast = await window.toast(/could not be copied/);
    await mendClipboard(window);
    await toast.press('Revoke…');
    await window.modal.wait('Revoke “Kept”?');
    await window.modal.press('Revoke');
    await eventually(() => assert.ok(api.state.projectTokens()[0]?.discardedAt));
    await eventually(async () => assert.equal(await firstRow(connected), 'revoked'));
    await window.palette('MagicBell: Resolve Undelivered Token…');
    await window.toast(/nothing is left to resolve/);
  });

  it('asks before the only copy is overwritten, by an id or by another value', async () => {
    const { window } = await product.connected({ seed: 'empty' });
    const { modal } = window;
    await createProjectToken(window, 'First');
    await window.toast(/“First” is copied/);
    const value = await window.readClipboard();
    await window.contextMenu(window.row('First', projectTokens), 'Copy Token ID');
    await modal.wait('The clipboard still holds the value of “First”.');
    await modal.cancel();
    assert.equal(await window.readClipboard(), value);
    await createProjectToken(window, 'Second');
    await modal.wait('The clipboard still holds the value of “First”.');
    await modal.cancel();
    const toast = await window.toast('The value of “Second” was not copied. It is kept until you copy it.');
    assert.equal(await window.readClipboard(), value);
    await window.writeClipboard('something else');
    await toast.press('Copy');
    await window.toast(/“Second” is copied/);
    await window.contextMenu(window.row('Second', projectTokens), 'Copy Token ID');
    await modal.press('Overwrite It');
    await eventually(async () => assert.doesNotMatch(await window.readClipboard(), /^eyJ/));
  }).timeout(180_000);
});
