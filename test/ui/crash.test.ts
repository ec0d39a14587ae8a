import assert from 'node:assert/strict';
import { statusAsBearer } from '../support/bearer.ts';
import { eventually } from '../support/eventually.ts';
import { issuances } from '../support/issuanceFiles.ts';
import { breakClipboard, createProjectToken, issueElsewhere } from '../support/issuing.ts';
import { type ProductWindow, projectTokens, useProduct } from '../support/productWindow.ts';
import type { Workbench } from '../support/vscode/workbench.ts';

const copied = /^The value of “Survivor” is copied\. It cannot be shown again\.$/;
const notCopied = 'The value of “Survivor” was not copied yet.';

describe('A crash between the answer and the delivery', function () {
  // Three windows one after the other.
  this.timeout(180_000);
  const product = useProduct();

  /** Creates a token whose delivery does not end, and waits until its value is stored. */
  async function stored(): Promise<ProductWindow> {
    const connected = await product.connected({ seed: 'empty' });
    await breakClipboard(connected.window, 'hangs');
    await createProjectToken(connected.window, 'Survivor');
    await eventually(() =>
      assert.deepEqual(
        issuances(product.globalStorage).map(({ phase }) => phase),
        ['stored'],
      ),
    );
    return connected;
  }

  /** Shows that after a further restart nothing offers the value any more, neither a row nor a notification. */
  async function isNeverOfferedAgain(window: Workbench): Promise<void> {
    assert.deepEqual(
      issuances(product.globalStorage).map(({ phase }) => phase),
      ['delivered'],
    );
    await window.writeClipboard('something else');
    await window.reload();
    await window.palette('MagicBell: Resolve Undelivered Token…');
    await window.toast(/nothing is left to resolve/);
    assert.ok(!(await window.toasts()).includes(notCopied));
    await window.openContainer('MagicBell');
    await window.row('Survivor', projectTokens).waitFor();
    const rows = await window.rows(projectTokens);
    assert.deepEqual(
      rows.map(({ description }) => description.startsWith('in ')),
      [true],
    );
    assert.equal(await window.readClipboard(), 'something else');
  }

  it('is followed by an offer of the value when the extension host was killed, and never again after it @smoke', async () => {
    const { window, api } = await stored();
    await window.openContainer('Explorer');
    await window.killExtensionHost();
    await window.reload();
    // Our views are closed: the notification comes all the same.
    const toast = await window.toast(notCopied);
    await toast.press('Copy');
    await window.toast(copied);
    assert.equal(await statusAsBearer(api, 'project', await window.readClipboard()), 200);
    assert.equal(api.journal.count({ method: 'POST' }), 1);
    await isNeverOfferedAgain(window);
  });

  it('is followed by a pinned row when the window was reloaded', async () => {
    const { window, api } = await stored();
    await window.reload();
    await window.toast(notCopied);
    await window.openContainer('MagicBell');
    await eventually(async () => {
      const [pinned] = await window.rows(projectTokens);
      assert.equal(pinned?.accessibleName, 'Survivor, project token, value not copied yet · Copy');
    });
    await window.row('Survivor', projectTokens).first().click();
    await window.toast(copied);
    assert.equal(await statusAsBearer(api, 'project', await window.readClipboard()), 200);
    await isNeverOfferedAgain(window);
  });

  it('names the token that may exist when the host was killed before its value was stored', async () => {
    const { window, api } = await product.connected({ seed: 'empty' });
    const hold = api.faults.add({ operation: 'CreateProjectJwt', fault: { kind: 'hold', at: 'afterWork' } });
    await window.writeClipboard('before');
    await createProjectToken(window, 'Orphan');
    await hold.untilHeld();
    await window.killExtensionHost();
    hold.release();
    // Another token of the same name, made while nobody was looking, must not be revoked unasked.
    await issueElsewhere(api, 'project', { name: 'Colleague’s' });
    await window.reload();
    const toast = await window.toast('It is not known whether “Orphan” was created.');
    await toast.press('Check…');
    await window.quickInput.waitForTitle('Orphan');
    if (!(await window.quickInput.labels()).some((label) => label.startsWith('Revoke'))) {
      await window.quickInput.pick(/^\s*Check/);
    }
    await window.quickInput.row(/^\s*Revoke the one created/).waitFor();
    await window.quickInput.pick(/^\s*Revoke the one created/);
    await window.modal.wait('Revoke “Orphan”?');
    await window.modal.press('Revoke');
    await eventually(() => {
      const states = api.state.projectTokens().map(({ name, discardedAt }) => `${name}: ${discardedAt === null}`);
      assert.deepEqual(states, ['Orphan: false', 'Colleague’s: true']);
    });
    assert.equal(await window.readClipboard(), 'before');
    await window.palette('MagicBell: Resolve Undelivered Token…');
    await window.toast(/nothing is left to resolve/);
    await window.openContainer('MagicBell');
    await window.row('Colleague’s', projectTokens).waitFor();
    const orphans = (await window.rows(projectTokens)).filter(({ label }) => label === 'Orphan');
    assert.ok(orphans.every(({ description }) => description === 'revoked'));
    // Ours and the colleague's: nothing was sent twice.
    assert.equal(api.journal.count({ method: 'POST' }), 2);
  });
});
