import assert from 'node:assert/strict';
import type { LocalApi } from '../server/localApi.ts';
import { eventually } from '../support/eventually.ts';
import { labels, projectTokens, useProduct, userTokens } from '../support/productWindow.ts';
import type { Workbench } from '../support/vscode/workbench.ts';

/** Adds a project by the palette, named as asked. */
async function add(window: Workbench, api: LocalApi, name: string): Promise<void> {
  await window.palette('MagicBell: Add Connection…');
  await window.quickInput.waitForTitle('Add Connection (1/2)');
  await window.quickInput.paste(api.url);
  await window.quickInput.accept();
  await window.quickInput.waitForTitle('Add Connection (2/2)');
  assert.equal(await window.quickInput.isMasked(), true);
  await window.quickInput.paste(api.token);
  await window.quickInput.accept();
  await window.quickInput.waitForTitle('Add Connection (3/3)');
  await window.quickInput.type(name);
  await window.quickInput.accept();
  await window.toast(new RegExp(`^Connected to ${name}: \\d+ project tokens?\\.$`));
}

describe('Connections', () => {
  const product = useProduct();

  it('shows one row for each project once there are two, and keeps keys and addresses apart', async () => {
    const { window, api: first } = await product.connected();
    await window.row('CI deploy').waitFor();
    const second = await product.api({ seed: 'empty' });
    second.state.addProjectToken({ name: 'Of the second project', createdAt: new Date() });
    first.journal.clear();
    await window.palette('MagicBell: Add Connection…');
    await window.quickInput.waitForTitle('Add Connection (1/2)');
    await window.quickInput.paste('http://example.com');
    await window.quickInput.accept();
    await window.quickInput.waitForMessage(/https/);
    await window.quickInput.cancel();

    await add(window, second, 'Second');
    const host = new URL(first.url).host;
    await window.row('Of the second project', projectTokens).waitFor();
    assert.deepEqual(
      (await window.rows(projectTokens)).filter(({ level }) => level === 1).map(({ label }) => label),
      [host, 'Second'],
    );
    assert.ok((await labels(window, projectTokens)).includes('CI deploy'));
    await window.row('Second', userTokens).waitFor();
    assert.ok(second.journal.entries.every(({ bearer }) => bearer === second.token));
    assert.ok(first.journal.entries.every(({ bearer }) => bearer === first.token));

    // Both are there after a restart.
    await product.restart(window);
    await window.row('Of the second project', projectTokens).waitFor();
    await window.row('CI deploy', projectTokens).waitFor();
  });

  it('asks which project where no row says it, and offers the last used first', async () => {
    const { window, api: first } = await product.connected({ seed: 'empty' });
    const second = await product.api({ seed: 'empty' });
    await add(window, second, 'Second');
    for (const [expected, picked] of [
      [new URL(first.url).host, 'Second'],
      ['Second', 'Second'],
    ] as const) {
      await window.palette('MagicBell: Create Project Token…');
      await window.quickInput.waitForTitle('Create Project Token');
      assert.equal((await window.quickInput.labels())[0], expected);
      await window.quickInput.pick(picked);
      await window.quickInput.waitForTitle('Create Project Token · Second (1/2)');
      await window.quickInput.cancel();
    }
  });

  it('creates and revokes in the project of the row', async () => {
    const { window, api: first } = await product.connected({ seed: 'empty' });
    const second = await product.api({ seed: 'empty' });
    for (const { state } of [first, second]) state.addProjectToken({ name: 'CI deploy', createdAt: new Date() });
    await add(window, second, 'Second');
    const row = window.row('CI deploy', projectTokens);
    await eventually(async () => assert.equal(await row.count(), 1));
    await window.palette('MagicBell: Refresh');
    await eventually(async () => assert.equal(await row.count(), 2));
    first.journal.clear();
    second.journal.clear();
    await window.contextMenu(row.last(), 'Revoke Token…');
    await window.modal.wait('Revoke “CI deploy”?');
    assert.match(await window.modal.detail(), /^Project: Second\n/);
    await window.modal.press('Revoke');
    await window.toast('Second: “CI deploy” was revoked.');
    assert.equal(second.journal.count({ method: 'DELETE' }), 1);
    await window.inlineAction(window.row('Second', projectTokens), 'Create Token in Project…');
    await window.quickInput.waitForTitle('Create Project Token · Second (1/2)');
    await window.quickInput.cancel();
    assert.deepEqual(first.journal.entries, []);
  });

  it('asks for the project’s name or the end of the id in production', async () => {
    const { window, api } = await product.connected();
    await window.row('CI deploy').waitFor();
    await window.palette('MagicBell: Edit Connection…');
    await window.quickInput.pick('Mark as Production');
    await window.toast(/ is marked as production\.$/);
    await window.row('CI deploy').waitFor();
    api.journal.clear();

    await window.contextMenu(window.row('CI deploy'), 'Revoke Token…');
    await window.modal.wait('Revoke “CI deploy”?');
    await window.modal.press('Revoke');
    await window.quickInput.waitForTitle(`Revoke in Production · ${new URL(api.url).host}`);
    await window.quickInput.type('ci deploy');
    await window.quickInput.accept();
    await window.quickInput.waitForMessage(
      /^Type the project’s name, “127\.0\.0\.1:\d+”, or the end of the token’s id/,
    );
    assert.equal(api.journal.count({ method: 'DELETE' }), 0);
    await window.quickInput.type(new URL(api.url).host);
    await window.quickInput.accept();
    await eventually(() => assert.equal(api.journal.find({ method: 'DELETE' })[0]?.status, 200));
  });

  it('forgets one connection and leaves the other as it is', async () => {
    const { window, api: first } = await product.connected({ seed: 'empty' });
    const second = await product.api({ seed: 'demo' });
    await add(window, second, 'Second');
    await window.row('CI deploy', projectTokens).waitFor();
    second.journal.clear();
    first.journal.clear();
    await window.contextMenu(window.row('Second', projectTokens), 'Forget API Key…');
    await window.modal.wait('Forget the API key of Second?');
    await window.modal.press('Forget API Key');
    await window.toast('The API key of Second is forgotten.');
    await window.row('CI deploy', projectTokens).waitFor({ state: 'hidden' });
    await window.palette('MagicBell: Refresh');
    await eventually(() => assert.ok(first.journal.count({}) > 0, 'the first is not refreshed'));
    assert.deepEqual(second.journal.entries, []);
  });
});
