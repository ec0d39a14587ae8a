import assert from 'node:assert/strict';
import { statusAsBearer } from '../support/bearer.ts';
import { eventually } from '../support/eventually.ts';
import { createProjectToken } from '../support/issuing.ts';
import { labels, projectTokens, useProduct } from '../support/productWindow.ts';
import type { Workbench } from '../support/vscode/workbench.ts';

describe('A creation whose answer does not come', () => {
  const product = useProduct();

  /** A window in which somebody stopped waiting for a new token, and what holds MagicBell's answer until it is released. */
  async function noLongerWaitingFor(name: string) {
    const { window, api } = await product.connected({ seed: 'empty' });
    const hold = api.faults.add({ operation: 'CreateProjectJwt', fault: { kind: 'hold', at: 'afterWork' } });
    await createProjectToken(window, name);
    await hold.untilHeld();
    await (await window.toast(`Creating “${name}”…`)).press('Cancel');
    return { window, api, hold };
  }

  const firstRowSays = (window: Workbench, description: string) =>
    eventually(async () => assert.equal((await window.rows(projectTokens))[0]?.description, description));

  it('offers the value later when somebody stopped waiting for it', async () => {
    const { window, api, hold } = await noLongerWaitingFor('Slow');
    await window.toast(/^No longer waiting for “Slow”/);
    const pinned = window.row('Slow', projectTokens);
    await firstRowSays(window, 'being created');
    hold.release();
    await window.toast(/^“Slow” was created after all/);
    await firstRowSays(window, 'value not copied yet · Copy');
    await pinned.first().click();
    await window.toast('The value of “Slow” is copied. It cannot be shown again.');
    assert.equal(await statusAsBearer(api, 'project', await window.readClipboard()), 200);
    await eventually(async () => assert.match((await window.rows(projectTokens))[0]?.description ?? '', /^in /));
    assert.equal((await labels(window, projectTokens)).length, 1);
    assert.equal(api.journal.count({ method: 'POST' }), 1);
  });

  it('copies the value by a click while the rows are asked for anew', async () => {
    const { window, api, hold } = await noLongerWaitingFor('Slow');
    hold.release();
    await window.toast(/^“Slow” was created after all/);
    await firstRowSays(window, 'value not copied yet · Copy');
    const list = api.faults.add({ operation: 'FetchProjectTokens', fault: { kind: 'hold' } });
    await window.palette('MagicBell: Refresh');
    await list.untilHeld();
    await window.row('Slow', projectTokens).click();
    await window.toast('The value of “Slow” is copied. It cannot be shown again.');
    assert.equal(await statusAsBearer(api, 'project', await window.readClipboard()), 200);
    list.release();
  });

  it('finds what was created when the answer was lost, and revokes it', async () => {
    const { window, api } = await product.connected({ seed: 'empty' });
    api.state.addProjectToken({ name: 'Lost', createdAt: new Date(api.now().getTime() - 3_600_000) });
    api.faults.add({ operation: 'CreateProjectJwt', fault: { kind: 'reset', at: 'afterWork' } });
    await window.writeClipboard('before');
    await createProjectToken(window, 'Lost');
    const toast = await window.toast(/^“Lost” seems to have been created all the same; its value never arrived\. /);
    assert.deepEqual(await toast.buttons(), ['Revoke…']);
    await firstRowSays(window, 'created, its value never arrived · Revoke');
    await toast.press('Revoke…');
    await window.quickInput.waitForTitle('Lost');
    const choices = await window.quickInput.labels();
    // The older token of the same name is not taken for it.
    assert.equal(choices.filter((label) => label.startsWith('Revoke the one created')).length, 1);
    await window.quickInput.pick(/^\s*Revoke the one created/);
    await window.modal.wait('Revoke “Lost”?');
    await window.modal.press('Revoke');
    await eventually(() => {
      const [older, orphan] = api.state.projectTokens();
      assert.equal(older?.discardedAt, null);
      assert.ok(orphan?.discardedAt);
    });
    await eventually(async () =>
      assert.ok((await window.rows(projectTokens)).every(({ description }) => !description.includes('never arrived'))),
    );
    assert.equal(api.journal.count({ method: 'POST' }), 1);
    assert.equal(await window.readClipboard(), 'before');
  });

  it('says “not found so far” when nothing was created, and looks again when asked', async () => {
    const { window, api } = await product.connected({ seed: 'empty' });
    api.faults.add({ operation: 'CreateProjectJwt', fault: { kind: 'reset', at: 'beforeWork' } });
    await createProjectToken(window, 'Ghost');
    const toast = await window.toast(/^“Ghost” was not found so far; it may still appear\. /);
    await firstRowSays(window, 'not found so far · Check Again');
    await toast.press('Check Again');
    await window.quickInput.waitForTitle('Ghost');
    await window.quickInput.pick(/^\s*Check Again/);
    await window.toast('Not found so far. A slow request may still be carried out.');

    api.state.addProjectToken({ name: 'Ghost', createdAt: api.now() });
    await window.palette('MagicBell: Resolve Undelivered Token…');
    await window.quickInput.waitForTitle('Ghost');
    await window.quickInput.pick(/^\s*Check Again/);
    await window.quickInput.row(/^\s*Revoke the one created/).waitFor();
    await window.quickInput.pick(/^\s*Discard/);
    await eventually(async () =>
      assert.ok((await window.rows(projectTokens)).every(({ description }) => !/found|created,/.test(description))),
    );
    assert.equal(api.journal.count({ method: 'POST' }), 1);
    assert.equal(api.journal.count({ method: 'DELETE' }), 0);
  });

  it('does not forget the key before what is undelivered is settled', async () => {
    const { window, api, hold } = await noLongerWaitingFor('Settle me');
    hold.release();
    await window.toast(/^“Settle me” was created after all/);

    await window.palette('MagicBell: Forget API Key…');
    await window.modal.wait('Forget the API key?');
    await window.modal.press('Forget API Key');
    await window.modal.wait('The value of “Settle me” has not been copied yet.');
    const buttons = await window.modal.buttons();
    for (const name of ['Copy', 'Revoke', 'Discard Anyway']) assert.ok(buttons.includes(name), name);
    await window.modal.cancel();
    // Given up half-way: still connected, and the value still there.
    await eventually(async () => assert.ok((await labels(window, projectTokens)).includes('Settle me')));

    await window.palette('MagicBell: Forget API Key…');
    await window.modal.wait('Forget the API key?');
    await window.modal.press('Forget API Key');
    await window.modal.wait('The value of “Settle me” has not been copied yet.');
    await window.modal.press('Copy');
    await window.toast('The API key is forgotten.');
    assert.equal(await statusAsBearer(api, 'project', await window.readClipboard()), 200);
    await window.welcome(projectTokens);
  });
});
