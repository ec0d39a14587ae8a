import assert from 'node:assert/strict';
import type { LocalApi } from '../server/localApi.ts';
import { uuidOf } from '../server/projectState.ts';
import { statusAsBearer } from '../support/bearer.ts';
import { eventually } from '../support/eventually.ts';
import { issueElsewhere } from '../support/issuing.ts';
import { projectTokens, useProduct, userTokens, showTokensOf } from '../support/productWindow.ts';
import type { Workbench } from '../support/vscode/workbench.ts';

const command = 'MagicBell: Revoke Expired, Never Expiring or Older Than…';
const title = 'Revoke Expired, Never Expiring or Older Tokens';
const dayMs = 24 * 60 * 60_000;

const live = (api: LocalApi) =>
  api.state
    .projectTokens()
    .filter(({ discardedAt }) => discardedAt === null)
    .map(({ name }) => name);

function plant(api: LocalApi, name: string, ageDays: number, expiresInDays: number | null): void {
  const now = api.now().getTime();
  api.state.addProjectToken({
    id: uuidOf(name),
    name,
    createdAt: new Date(now - ageDays * dayMs),
    expiresAt: expiresInDays === null ? null : new Date(now + expiresInDays * dayMs),
  });
}

async function start(window: Workbench): Promise<void> {
  await window.palette(command);
  await window.quickInput.waitForTitle(title);
}

describe('Revoking by a criterion', () => {
  const product = useProduct();

  it('revokes what never expires, of the project and of opened users, but what was unchecked and its own key @smoke', async () => {
    const { window, api } = await product.connected({ seed: 'empty', listAdminToken: true });
    const value = await issueElsewhere(api, 'project', { name: 'Forever' });
    await issueElsewhere(api, 'project', { name: 'Forever but needed' });
    await issueElsewhere(api, 'project', { name: 'For an hour', expiry: 3600 });
    const userValue = await issueElsewhere(api, 'user', { email: 'hana@example.com', name: 'Inbox' });
    await window.palette('MagicBell: Refresh');
    await showTokensOf(window, 'hana@example.com');
    await window.row('Inbox', userTokens).waitFor();

    await start(window);
    await window.quickInput.pick('Never Expiring');
    await window.quickInput.waitForTitle('Revoke Never Expiring Tokens');
    assert.deepEqual((await window.quickInput.labels()).sort(), [
      'Forever',
      'Forever but needed',
      'Inbox',
      'Local administrator',
    ]);
    await window.quickInput.toggle('Forever but needed');
    // What is typed hides rows, which stay ticked.
    await window.quickInput.type('administrator');
    await window.quickInput.waitForTitle('Revoke Never Expiring Tokens: 2 ticked, hidden rows included');
    assert.deepEqual(await window.quickInput.labels(), ['Local administrator']);
    await window.quickInput.accept();
    await window.modal.wait('Revoke 2 tokens?');
    assert.doesNotMatch(await window.modal.detail(), /needed|Local administrator/);
    assert.equal(api.journal.count({ method: 'DELETE' }), 0);
    await window.modal.press('Revoke 2 Tokens');
    await window.toast('2 tokens were revoked.');
    assert.equal(await statusAsBearer(api, 'project', value), 401);
    assert.equal(await statusAsBearer(api, 'user', userValue), 401);
    assert.deepEqual(live(api).sort(), ['For an hour', 'Forever but needed', 'Local administrator']);
    await eventually(async () => {
      const rows = await window.rows(projectTokens);
      assert.equal(rows.find(({ label }) => label === 'Forever')?.description, 'revoked');
      assert.equal(rows.find(({ label }) => label === 'Forever but needed')?.description, 'never');
    });
  });

  it('takes an age in days, checks it while one types, and goes back', async () => {
    const { window, api } = await product.connected({ seed: 'empty' });
    plant(api, 'Young', 29.9, 100);
    plant(api, 'Old', 30.1, 100);
    plant(api, 'Dead', 1, -1);
    await window.palette('MagicBell: Refresh');
    await window.row('Old').waitFor();

    await start(window);
    await window.quickInput.pick('Older Than…');
    await window.quickInput.waitForMessage('Created more than how many days ago?');
    await window.quickInput.type('soon');
    await window.quickInput.waitForMessage('Enter a number of days, like 90.');
    await window.quickInput.pressButton(/^Back/);
    await window.quickInput.pick('Older Than…');
    await window.quickInput.waitForMessage('Created more than how many days ago?');
    await window.quickInput.type('30');
    await window.quickInput.accept();
    await window.quickInput.waitForTitle('Revoke Tokens Older Than 30 Days');
    assert.deepEqual(await window.quickInput.labels(), ['Old']);
    await window.quickInput.cancel();
    assert.deepEqual(live(api).sort(), ['Dead', 'Old', 'Young']);

    await start(window);
    await window.quickInput.pick('Expired');
    await window.quickInput.waitForTitle('Revoke Expired Tokens');
    assert.deepEqual(await window.quickInput.labels(), ['Dead']);
    await window.quickInput.accept();
    await window.modal.press('Revoke');
    await eventually(() => assert.deepEqual(live(api).sort(), ['Old', 'Young']));

    await start(window);
    await window.quickInput.pick('Expired');
    await window.toast('No token has expired among the project’s tokens and the opened users’.');
  });

  it('offers to load all first when only a part is loaded', async () => {
    const api = await product.api({ seed: 'empty' });
    plant(api, 'On the last page', 400, 30);
    for (let number = 0; number < 250; number++) plant(api, `Fresh ${number}`, 1, 30);
    const window = await product.openConnected(api);
    await window
      .row(/^Fresh/)
      .first()
      .waitFor();
    const pages = () => api.journal.count({ operation: 'FetchProjectTokens' });
    const before = pages();

    await start(window);
    await window.quickInput.pick('Older Than…');
    await window.quickInput.waitForMessage('Created more than how many days ago?');
    await window.quickInput.type('300');
    await window.quickInput.accept();
    await window.quickInput.row('Load All First').waitFor();
    await window.quickInput.pick('Only the Loaded Ones');
    await window.toast('No token is older than 300 days among the loaded tokens.');
    assert.equal(pages(), before);

    await start(window);
    await window.quickInput.pick('Older Than…');
    await window.quickInput.waitForMessage('Created more than how many days ago?');
    await window.quickInput.type('300');
    await window.quickInput.accept();
    await window.quickInput.pick('Load All First');
    await window.quickInput.waitForTitle('Revoke Tokens Older Than 300 Days');
    assert.deepEqual(await window.quickInput.labels(), ['On the last page']);
    assert.equal(pages(), before + 2);
    await window.quickInput.cancel();
  });

  it('names what failed, and stops what was not sent when it is cancelled', async () => {
    const { window, api } = await product.connected({ seed: 'empty' });
    for (let number = 0; number < 12; number++) plant(api, `Stale ${number}`, 1, -1);
    await window.palette('MagicBell: Refresh');
    await window.row('Stale 0').waitFor();
    const all = async (): Promise<void> => {
      await start(window);
      await window.quickInput.pick('Expired');
      await window.quickInput.waitForTitle('Revoke Expired Tokens');
      await window.quickInput.accept();
      await window.modal.wait(/^Revoke \d+ tokens\?$/);
      await window.modal.press(/^Revoke \d+ Tokens$/);
    };
    const held = api.faults.add({ operation: 'DiscardProjectJwt', times: 'always', fault: { kind: 'hold' } });
    await all();
    const progress = await window.toast(/^Revoking 12 tokens/);
    await eventually(() => assert.equal(held.heldCount, 4));
    await progress.press('Cancel');
    // What is answered after it shows that the cancel has arrived.
    await window.palette('MagicBell: Filter Project Tokens…');
    await window.quickInput.waitForTitle('Filter Project Tokens');
    await window.quickInput.cancel();
    api.faults.clear();
    await window.toast(/^Stopped: 4 of 12 tokens were revoked\.$/);
    assert.equal(live(api).length, 8);
    assert.equal(api.journal.count({ method: 'DELETE' }), 4);

    const [failing] = live(api);
    assert.ok(failing);
    api.faults.add({
      path: `/v2/jwt/project/${uuidOf(failing)}`,
      times: 'always',
      fault: { kind: 'status', status: 500 },
    });
    await all();
    await window.toast(new RegExp(`^1 of 8 tokens was not revoked: “${failing}”\\.`));
    assert.deepEqual(live(api), [failing]);
  });

  it('shows hostile names as plain text in the preview', async () => {
    const { window, api } = await product.connected({ seed: 'empty' });
    api.state.addProjectToken({ name: '$(bug) [x](command:y)', createdAt: new Date(), expiresAt: null });
    await window.palette('MagicBell: Refresh');
    await window.row('$ (bug) [x] (command:y)').waitFor();
    await start(window);
    await window.quickInput.pick('Never Expiring');
    await window.quickInput.waitForTitle('Revoke Never Expiring Tokens');
    const row = window.quickInput.row('$ (bug) [x] (command:y)');
    await row.waitFor();
    assert.equal(await row.locator('.codicon-bug, a[href]').count(), 0);
  });
});
