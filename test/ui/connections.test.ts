import assert from 'node:assert/strict';
import { eventually } from '../support/eventually.ts';
import { connect, labels, projectTokens, useProduct } from '../support/productWindow.ts';
import type { Workbench } from '../support/vscode/workbench.ts';

/** The id of the window's connection, as VS Code has kept it: it writes the state of a workspace some seconds late. */
async function keptChoice(window: Workbench): Promise<string | undefined> {
  const state = JSON.stringify(await window.storageState());
  return /magicbellTokens\.connection[\\"]+:[\\"]+([\w-]+)/.exec(state)?.[1];
}

describe('Connections', () => {
  const product = useProduct({ sharesWindow: true });

  it('keeps two projects apart, each with its own key and address', async () => {
    const first = await product.api();
    const window = await product.open(first, { fresh: true });
    await connect(window, first);
    await window.row('CI deploy').waitFor();
    const second = await product.api({ seed: 'empty' });
    second.state.addProjectToken({ name: 'Of the second project', createdAt: new Date() });
    first.journal.clear();
    await eventually(async () => assert.ok(await keptChoice(window)));
    const firstChoice = await keptChoice(window);

    await window.palette('MagicBell: Add Connection…');
    await window.quickInput.waitForTitle('Add Connection (1/3)');
    await window.quickInput.type('Second');
    await window.quickInput.accept();
    await window.quickInput.waitForTitle('Add Connection (2/3)');
    await window.quickInput.paste('http://example.com');
    await window.quickInput.accept();
    await window.quickInput.waitForMessage(/https/);
    await window.quickInput.paste(second.url);
    await window.quickInput.accept();
    await window.quickInput.waitForTitle('Add Connection (3/3)');
    assert.equal(await window.quickInput.isMasked(), true);
    await window.quickInput.paste(second.token);
    await window.quickInput.accept();
    await window.row('Of the second project').waitFor();
    assert.ok(!(await labels(window, projectTokens)).includes('CI deploy'));
    assert.deepEqual(
      first.journal.entries.filter(({ bearer }) => bearer === second.token),
      [],
    );

    // The choice lasts over a reload, and the way back is one command.
    await eventually(async () => assert.notEqual(await keptChoice(window), firstChoice));
    await window.reload();
    await window.openContainer('MagicBell');
    await window.row('Of the second project').waitFor();
    await window.palette('MagicBell: Switch Connection…');
    await window.quickInput.waitForTitle('Switch Connection');
    await window.quickInput.pick(new URL(first.url).host);
    await window.row('CI deploy').waitFor();
    assert.ok(second.journal.entries.every(({ bearer }) => bearer === second.token));
    assert.ok(first.journal.entries.every(({ bearer }) => bearer === first.token));
  });

  it('asks for the token’s name in production', async () => {
    const { window, api } = await product.connected();
    await window.row('CI deploy').waitFor();
    await window.palette('MagicBell: Edit Connection…');
    await window.quickInput.pick('Mark as Production');
    await window.quickInput.waitUntilClosed();
    await window.row('CI deploy').waitFor();
    api.journal.clear();

    await window.contextMenu(window.row('CI deploy'), 'Revoke Token…');
    await window.modal.wait('Revoke “CI deploy”?');
    await window.modal.press('Revoke');
    await window.quickInput.waitForTitle('Revoke in Production');
    await window.quickInput.type('ci deploy');
    await window.quickInput.accept();
    await window.quickInput.waitForMessage('Type “CI deploy” exactly, or press Escape.');
    assert.equal(api.journal.count({ method: 'DELETE' }), 0);
    await window.quickInput.type('CI deploy');
    await window.quickInput.accept();
    await eventually(() => assert.equal(api.journal.find({ method: 'DELETE' })[0]?.status, 200));
  });

  it('forgets one connection and goes on with the other', async () => {
    const { window } = await product.connected({ seed: 'empty' });
    const second = await product.api({ seed: 'demo' });
    await window.palette('MagicBell: Add Connection…');
    await window.quickInput.waitForTitle('Add Connection (1/3)');
    await window.quickInput.type('Second');
    await window.quickInput.accept();
    await window.quickInput.waitForTitle('Add Connection (2/3)');
    await window.quickInput.paste(second.url);
    await window.quickInput.accept();
    await window.quickInput.waitForTitle('Add Connection (3/3)');
    await window.quickInput.paste(second.token);
    await window.quickInput.accept();
    await window.row('CI deploy').waitFor();
    await window.palette('MagicBell: Forget API Key…');
    await window.modal.press('Forget API Key');
    await window.row('CI deploy').waitFor({ state: 'hidden' });
    second.journal.clear();
    await window.palette('MagicBell: Refresh');
    await window.palette('MagicBell: Switch Connection…');
    await window.quickInput.waitForTitle('Switch Connection');
    assert.equal((await window.quickInput.labels()).length, 2);
    await window.quickInput.cancel();
    assert.deepEqual(second.journal.entries, []);
  });
});
