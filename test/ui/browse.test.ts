import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { eventually } from '../support/eventually.ts';
import { labels, projectTokens, useProduct, userTokens } from '../support/productWindow.ts';

describe('Browsing', () => {
  const product = useProduct();

  it('shows a large project after one page of each view, and loads on only when asked @smoke', async () => {
    const { window, api } = await product.connected({ seed: 'large' });
    await window.row('Service 10000', projectTokens).waitFor();
    await window.row('User 10000', userTokens).waitFor();
    assert.deepEqual(
      api.journal.entries.map(({ operation, query }) => `${String(operation)} ${query}`),
      ['FetchProjectTokens ?limit=100', 'ListUsers ?limit=100'],
    );

    await window.moveToEnd(projectTokens);
    const loadMore = window.row('Load More', projectTokens);
    await loadMore.waitFor();
    assert.deepEqual((await window.rows(projectTokens)).at(-1), {
      label: 'Load More',
      description: '100 loaded',
      accessibleName: 'Load more, 100 loaded',
      level: 1,
      expanded: undefined,
    });
    await loadMore.click();
    await eventually(() => assert.equal(api.journal.count({ operation: 'FetchProjectTokens' }), 2));
    await eventually(async () => {
      await window.moveToEnd(projectTokens);
      assert.equal((await window.rows(projectTokens)).at(-1)?.description, '200 loaded');
    });
    // Nothing else was fetched: neither more users nor any user's tokens.
    assert.equal(api.journal.count({}), 3);

    const user = window.row('user09999@example.com', userTokens);
    await window.expand(user);
    await window.row('No tokens', userTokens).waitFor();
    assert.equal(api.journal.count({ operation: 'FetchUserTokens' }), 1);
    assert.equal(api.journal.count({}), 4);
  });

  it('loads all with progress, and stops when it is cancelled', async () => {
    const { window, api } = await product.connected({ seed: 'large' });
    await window.row('Service 10000', projectTokens).waitFor();
    await window.row('User 10000', userTokens).waitFor();
    api.set({ latencyMs: 100 });
    await window.viewAction(projectTokens, 'Load All');
    const toast = await window.toast(/^Loading all: \d+ loaded/);
    await toast.press('Cancel');
    await toast.waitUntilGone();
    const fetched = api.journal.count({ operation: 'FetchProjectTokens' }) - 1;
    assert.ok(fetched < 40, `${fetched} pages were loaded before the cancel`);
    await eventually(async () => {
      await window.moveToEnd(projectTokens);
      const last = (await window.rows(projectTokens)).at(-1);
      assert.equal(last?.label, 'Load More');
      assert.ok(Number.parseInt(last.description) >= (fetched - 1) * 100, last.description);
    });
    // What was cancelled does not go on behind the scenes, and one can go on by hand.
    await window.row('Load More', projectTokens).click();
    await eventually(() => assert.ok(api.journal.count({ operation: 'FetchProjectTokens' }) - 1 > fetched));
    assert.ok(api.journal.count({ operation: 'FetchProjectTokens' }) - 1 <= fetched + 2);
  });

  it('fetches nothing before a view is visible', async () => {
    const api = await product.api();
    const window = await product.open(api);
    await window.palette('MagicBell: Set API Key…');
    await window.quickInput.waitForTitle('Set API Key');
    await window.quickInput.paste(api.token);
    await window.quickInput.accept();
    await window.toast(/^Connected to /);
    assert.equal(api.journal.count({}), 1);

    await window.openContainer('MagicBell');
    await window.row('CI deploy').waitFor();
    await window.row('hana@example.com').waitFor();
    assert.equal(api.journal.count({}), 3);
  });

  it('shows a user’s tokens on expanding, by keyboard too, with their count', async () => {
    const { window, api } = await product.connected();
    const hana = window.row('hana@example.com', userTokens);
    await window.expand(hana);
    await window.row('Web inbox', userTokens).waitFor();
    await eventually(async () => {
      const row = (await window.rows(userTokens)).find(({ label }) => label === 'hana@example.com');
      assert.equal(row?.accessibleName, 'hana@example.com, user, 2 tokens');
      assert.equal(row.description, '2 tokens');
    });
    // The last of hana's tokens; a click on hana herself would close her row.
    await window.row('Web inbox', userTokens).click();
    await window.moveFocus('ArrowDown', /^Web inbox/, /^noah@example\.com/);
    await window.page.keyboard.press('ArrowRight');
    await eventually(() => assert.equal(api.journal.count({ operation: 'FetchUserTokens' }), 2));
    await eventually(async () => {
      const tokens = (await window.rows(userTokens)).filter(({ level }) => level === 2);
      assert.ok(tokens.some(({ accessibleName }) => accessibleName === 'Web inbox, user token, expires in 10 days'));
    });
  });

  it('refreshes both views and opened users, with what has changed at MagicBell', async () => {
    const { window, api } = await product.connected();
    await window.expand(window.row('hana@example.com', userTokens));
    await window.row('Web inbox', userTokens).waitFor();
    const hana = api.state.findUser('hana@example.com', null);
    assert.ok(hana);
    api.state.addProjectToken({ name: 'Made elsewhere', createdAt: api.now() });
    api.state.addUserToken(hana.id, { name: 'Phone made elsewhere', createdAt: api.now() });
    const gone = api.state.projectTokens().find(({ name }) => name === 'Terraform');
    assert.ok(gone);
    gone.discardedAt = api.now();
    api.journal.clear();
    await window.viewAction(projectTokens, 'Refresh');
    await window.row('Made elsewhere', projectTokens).waitFor();
    await window.row('Phone made elsewhere', userTokens).waitFor();
    assert.ok(!(await labels(window, projectTokens)).includes('Terraform'));
    assert.deepEqual(api.journal.entries.map(({ operation }) => String(operation)).sort(), [
      'FetchProjectTokens',
      'FetchUserTokens',
      'ListUsers',
    ]);
  });

  it('finds a user by email at MagicBell, among thousands that are not loaded', async () => {
    const { window, api } = await product.connected({ seed: 'large' });
    await window.row('User 10000', userTokens).waitFor();
    api.journal.clear();
    await window.viewAction(userTokens, 'Search Users…');
    await window.quickInput.waitForTitle('Search Users');
    await window.quickInput.type('user00017');
    await window.quickInput.pick('user00017@example.com');
    const row = window.row('user00017@example.com', userTokens);
    await row.waitFor();
    await eventually(async () => assert.equal(await row.getAttribute('aria-expanded'), 'true'));
    await window.row('Session 1', userTokens).waitFor();
    const queries = api.journal.find({ operation: 'ListUsers' }).map(({ query }) => query);
    assert.ok(queries.length < 'user00017'.length, `${queries.length} requests for one search`);
    assert.match(queries.at(-1) ?? '', /query=user00017/);
  });

  it('opens a user by id, and names an id that MagicBell does not know', async () => {
    const { window, api } = await product.connected({ seed: 'large' });
    await window.row('User 10000', userTokens).waitFor();
    const user = api.state.findUser('user00002@example.com', null);
    assert.ok(user);
    await window.viewAction(userTokens, 'Open User by ID…');
    await window.quickInput.waitForTitle('Open User by ID');
    await window.quickInput.paste('not-an-id');
    await window.quickInput.accept();
    await window.quickInput.waitForMessage(/MagicBell (did not accept|does not know)/);
    assert.equal(await window.quickInput.value(), 'not-an-id');
    await window.quickInput.paste(` ${user.id} `);
    await window.quickInput.accept();
    await window.row('Session 1', userTokens).waitFor();
    await window.row('Session 2', userTokens).waitFor();
  });

  it('copies ids from a row, and by a list from the palette', async () => {
    const { window, api } = await product.connected();
    const token = api.state.projectTokens().find(({ name }) => name === 'CI deploy');
    const hana = api.state.findUser('hana@example.com', null);
    await window.row('CI deploy', projectTokens).waitFor();
    await window.contextMenu(window.row('CI deploy', projectTokens), 'Copy Token ID');
    await eventually(async () => assert.equal(await window.readClipboard(), token?.id));
    await window.contextMenu(window.row('hana@example.com', userTokens), 'Copy User ID');
    await eventually(async () => assert.equal(await window.readClipboard(), hana?.id));

    await window.palette('MagicBell: Copy Token ID');
    await window.quickInput.waitForTitle('Copy Token ID');
    await window.quickInput.pick('Terraform');
    const picked = api.state.projectTokens().find(({ name }) => name === 'Terraform');
    await eventually(async () => assert.equal(await window.readClipboard(), picked?.id));
  });

  it('copies the ids of all selected rows, and pins all selected users', async () => {
    const { window, api } = await product.connected();
    const select = async (view: string, names: readonly string[]): Promise<Locator> => {
      const rows = names.map((name) => window.row(name, view));
      for (const [index, row] of rows.entries()) await row.click({ modifiers: index === 0 ? [] : ['ControlOrMeta'] });
      return rows.at(-1) ?? window.tree(view);
    };
    const tokens = ['CI deploy', 'Terraform'];
    await window.contextMenu(await select(projectTokens, tokens), 'Copy Token ID');
    const ids = tokens.map((name) => api.state.projectTokens().find((token) => token.name === name)?.id);
    await eventually(async () => assert.deepEqual((await window.readClipboard()).split('\n').sort(), ids.sort()));

    const users = ['yuki@example.com', 'noah@example.com'];
    await window.contextMenu(await select(userTokens, users), 'Copy User ID');
    const userIds = users.map((email) => api.state.findUser(email, null)?.id);
    await eventually(async () => assert.deepEqual((await window.readClipboard()).split('\n').sort(), userIds.sort()));
    await window.contextMenu(await select(userTokens, users), 'Pin User');
    await window.page.locator('.statusbar').getByText('Pinned 2 users.').waitFor();
    await eventually(async () => {
      const rows = await window.rows(userTokens);
      const pinned = rows.filter(({ description }) => description.startsWith('pinned')).map(({ label }) => label);
      assert.deepEqual(pinned.sort(), [...users].sort());
    });
  });

  it('offers what belongs to a row, revoking last', async () => {
    const { window } = await product.connected();
    await window.row('CI deploy').waitFor();
    const token = await window.contextMenuItems(window.row('CI deploy'));
    assert.ok(token.includes('Copy Token ID'));
    assert.equal(token.at(-1), 'Revoke Token…');
    const user = await window.contextMenuItems(window.row('hana@example.com'));
    assert.equal(user[0], 'Create Token for User…');
    assert.ok(user.includes('Copy User ID'));
    assert.ok(!user.includes('Revoke Token…'));
  });
});
