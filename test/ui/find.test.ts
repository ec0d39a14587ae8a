import assert from 'node:assert/strict';
import { eventually } from '../support/eventually.ts';
import {
  type ProductWindow,
  connect,
  labels,
  projectTokens,
  useProduct,
  userTokens,
  showTokensOf,
} from '../support/productWindow.ts';
import type { Workbench } from '../support/vscode/workbench.ts';

const hostile = '$(bug) [x](command:y)';
const shownHostile = '$ (bug) [x] (command:y)';

async function choose(window: Workbench, command: string, title: string, item: string): Promise<void> {
  await window.palette(`MagicBell: ${command}`);
  await window.quickInput.waitForTitle(title);
  await window.quickInput.pick(item);
  await window.quickInput.waitUntilClosed();
}

const rowsAre = (window: Workbench, view: string, expected: readonly string[]) =>
  eventually(async () => assert.deepEqual(await labels(window, view), expected));

const selectedRow = async (window: Workbench, view: string) =>
  (await window.tree(view).locator('.monaco-list-row.selected .label-name').allInnerTexts()).join();

/** What stands beside a view's title. */
const descriptionOf = async (window: Workbench, view: string) => {
  const header = window.page.locator('.sidebar .pane-header').filter({ hasText: view });
  return (await header.locator('.description').allInnerTexts()).join();
};

/** Types, and waits for the server's answer: rows that are exchanged take no Enter. */
async function search({ window, api }: ProductWindow, query: string): Promise<void> {
  await window.quickInput.type(query);
  await eventually(() => {
    assert.ok(
      api.journal
        .find({ operation: 'ListUsers' })
        .some((entry) => [...new URLSearchParams(entry.query).values()].includes(query)),
    );
  });
  await window.page.locator('.quick-input-widget .monaco-progress-container.active').waitFor({ state: 'hidden' });
}

describe('Finding', () => {
  const product = useProduct();

  it('finds a loaded token by keyboard and shows its row, in both views @smoke', async () => {
    const { window, api } = await product.connected();
    await showTokensOf(window, 'hana@example.com');
    await window.row('Web inbox', userTokens).waitFor();
    await window.row('hana@example.com', userTokens).locator('.monaco-tl-twistie').click();

    await window.palette('MagicBell: Find Token…');
    await window.quickInput.waitForTitle(/^Find Token, Among the \d+ Loaded; Users at MagicBell$/);
    await search({ window, api }, 'inbox hana');
    await window.quickInput.pick('Web inbox');
    await window.row('Web inbox', userTokens).waitFor();
    await eventually(async () => assert.equal(await selectedRow(window, userTokens), 'Web inbox'));

    await window.viewAction(projectTokens, 'Find Token…');
    await window.quickInput.waitForTitle(/^Find Token/);
    await search({ window, api }, 'billing');
    await window.quickInput.pick('Billing service');
    await eventually(async () => assert.equal(await selectedRow(window, projectTokens), 'Billing service'));
    assert.match((await window.focused()).name, /^Billing service, project token/);
  });

  it('asks the server for users, and says when nothing matches', async () => {
    const { window, api } = await product.connected({ seed: 'large' });
    await window.row('User 10000', userTokens).waitFor();
    await window.palette('MagicBell: Find Token…');
    await window.quickInput.waitForTitle(/Among the 100 Loaded/);
    await search({ window, api }, 'user00042');
    await window.quickInput.row('No loaded token matches “user00042”.').waitFor();
    await window.quickInput.pick('user00042@example.com');
    await eventually(async () => assert.equal(await selectedRow(window, userTokens), 'user00042@example.com'));
    assert.equal(api.journal.find({ operation: 'ListUsers' }).at(-1)?.query.includes('user00042'), true);
  });

  it('says that only what is loaded is searched, and loads all when asked to', async () => {
    const api = await product.api({ seed: 'empty' });
    api.state.addProjectToken({ name: 'The oldest', createdAt: new Date(Date.now() - 1e9) });
    for (let number = 0; number < 250; number++)
      api.state.addProjectToken({ name: `Service ${number}`, createdAt: new Date() });
    const window = await product.openConnected(api);
    await window
      .row(/^Service/)
      .first()
      .waitFor();
    await window.palette('MagicBell: Find Token…');
    await window.quickInput.waitForTitle(/Among the 100 Loaded/);
    await window.quickInput.type('oldest');
    await window.quickInput.row('No loaded token matches “oldest”.').waitFor();
    await window.quickInput.pick('Load All');
    await window.quickInput.waitForTitle(/Among the 251 Loaded/);
    assert.equal(await window.quickInput.value(), 'oldest');
    await window.quickInput.pick('The oldest');
    await eventually(async () => assert.equal(await selectedRow(window, projectTokens), 'The oldest'));
  });

  it('sorts and filters a view, says so, and remembers it over a restart', async () => {
    const { window } = await product.connected();
    await window.row('CI deploy').waitFor();
    await choose(window, 'Sort Project Tokens By…', 'Sort Project Tokens', 'Expiry');
    await eventually(async () => {
      assert.deepEqual((await labels(window, projectTokens)).slice(0, 3), [
        'Demo stand',
        'Staging webhook',
        'CI deploy',
      ]);
    });
    await choose(window, 'Filter Project Tokens…', 'Filter Project Tokens', 'Never Expiring');
    await rowsAre(window, projectTokens, ['Terraform', 'Billing service']);
    await choose(window, 'Sort Project Tokens By…', 'Sort Project Tokens', 'Name');
    await rowsAre(window, projectTokens, ['Billing service', 'Terraform']);
    assert.equal(await descriptionOf(window, projectTokens), 'only never expiring · sorted by name');
    // The other view has an arrangement of its own.
    assert.equal(await descriptionOf(window, userTokens), '');

    await product.restart(window);
    await rowsAre(window, projectTokens, ['Billing service', 'Terraform']);
    await eventually(async () =>
      assert.equal(await descriptionOf(window, projectTokens), 'only never expiring · sorted by name'),
    );
  });

  it('offers sorting and filtering in the menu of each view', async () => {
    const { window } = await product.connected();
    await window.row('hana@example.com').waitFor();
    await window.viewAction(userTokens, 'Sort By…');
    await window.quickInput.waitForTitle('Sort User Tokens');
    await window.quickInput.pick('Name');
    await eventually(async () => {
      const users = (await labels(window, userTokens)).slice(1);
      assert.deepEqual(users, [...users].sort(new Intl.Collator(undefined, { numeric: true }).compare));
    });
    await window.viewAction(projectTokens, 'Filter…');
    await window.quickInput.waitForTitle('Filter Project Tokens');
    await window.quickInput.pick('Expired');
    await rowsAre(window, projectTokens, ['Old cron']);
  });

  it('tells a list that the filter empties from an empty one, and one key clears the filter', async () => {
    const { window } = await product.connected();
    await window.row('CI deploy').waitFor();
    await showTokensOf(window, 'hana@example.com');
    const before = await labels(window, projectTokens);
    for (const view of ['Project', 'User'])
      await choose(window, `Filter ${view} Tokens…`, `Filter ${view} Tokens`, 'Expired');
    await rowsAre(window, projectTokens, ['Old cron']);
    await window.row('No token matches the filter', userTokens).waitFor();
    await window.contextMenu(window.row('Old cron'), 'Revoke Token…');
    await window.modal.press('Revoke');
    const row = window.row('No token matches the filter', projectTokens);
    await row.waitFor();
    const [shown] = await window.rows(projectTokens);
    assert.equal(shown?.description, 'Clear Filter');
    assert.equal(shown.accessibleName, 'No token matches the filter. Clear filter');
    await window.tree(projectTokens).focus();
    await window.page.keyboard.press('Home');
    await window.page.keyboard.press('Enter');
    await eventually(async () => assert.deepEqual((await labels(window, projectTokens)).sort(), [...before].sort()));
    await window.row('No token matches the filter', userTokens).click();
    await window.row('Web inbox', userTokens).waitFor();
  });

  it('says that a sorted list is partial', async () => {
    const { window } = await product.connected({ seed: 'large' });
    await window.row('Service 10000').waitFor();
    await choose(window, 'Sort Project Tokens By…', 'Sort Project Tokens', 'Name');
    await eventually(async () =>
      assert.equal(await descriptionOf(window, projectTokens), 'sorted by name · 100 loaded'),
    );
    await window.moveToEnd(projectTokens);
    await window.row('Load More', projectTokens).waitFor();
  });

  it('clears a filter that hides what was found', async () => {
    const { window, api } = await product.connected();
    await window.row('CI deploy').waitFor();
    await choose(window, 'Filter Project Tokens…', 'Filter Project Tokens', 'Expired');
    await rowsAre(window, projectTokens, ['Old cron']);
    await window.palette('MagicBell: Find Token…');
    await window.quickInput.waitForTitle(/^Find Token/);
    await search({ window, api }, 'Terraform');
    await window.quickInput.pick('Terraform');
    await eventually(async () => assert.equal(await selectedRow(window, projectTokens), 'Terraform'));
    assert.equal(await descriptionOf(window, projectTokens), '');
  });

  it('pins users on top, without loading their tokens, until they are unpinned or the key is forgotten', async () => {
    const { window, api } = await product.connected();
    const yuki = window.row('yuki@example.com', userTokens);
    await yuki.waitFor();
    await window.contextMenu(yuki, 'Pin User');
    await eventually(async () => {
      const [first] = await window.rows(userTokens);
      assert.deepEqual([first?.label, first?.description], ['yuki@example.com', 'pinned']);
      assert.equal(first?.accessibleName, 'yuki@example.com, user, pinned');
    });
    await window.palette('MagicBell: Pin User');
    await window.quickInput.waitForTitle('Pin User');
    await search({ window, api }, 'noah');
    await window.quickInput.pick('noah@example.com');
    await eventually(async () =>
      assert.deepEqual((await labels(window, userTokens)).slice(0, 2), ['yuki@example.com', 'noah@example.com']),
    );
    assert.equal(api.journal.count({ operation: 'FetchUserTokens' }), 0);
    assert.equal(new Set(await labels(window, userTokens)).size, (await labels(window, userTokens)).length);

    // Offered first where a user is asked for, with those that were opened lately.
    await window.palette('MagicBell: Search Users…');
    await window.quickInput.waitForTitle('Search Users');
    await search({ window, api }, 'hana');
    await window.quickInput.pick('hana@example.com');
    await eventually(async () => assert.equal(await selectedRow(window, userTokens), 'hana@example.com'));
    // With that, VS Code draws its rows anew and takes the focus back, which would close the next box.
    await window
      .row('hana@example.com', userTokens)
      .filter({ hasText: /2 tokens/ })
      .waitFor();
    await window.palette('MagicBell: Search Users…');
    await eventually(async () =>
      assert.deepEqual((await window.quickInput.labels()).slice(0, 3), [
        'yuki@example.com',
        'noah@example.com',
        'hana@example.com',
      ]),
    );
    await window.quickInput.cancel();

    assert.ok((await window.contextMenuItems(yuki)).includes('Create Token for User…'));
    await window.contextMenu(yuki, 'Unpin User');
    await eventually(async () => assert.equal((await labels(window, userTokens))[0], 'noah@example.com'));
    await window.palette('MagicBell: Forget API Key…');
    await window.modal.press('Forget API Key');
    await window.toast('The API key is forgotten.');
    await connect(window, api);
    await window.row('noah@example.com', userTokens).waitFor();
    assert.notEqual((await labels(window, userTokens))[0], 'noah@example.com');
  });

  it('shows hostile names as plain text', async () => {
    const { window, api } = await product.connected({ seed: 'empty' });
    api.state.addProjectToken({ name: hostile, createdAt: new Date() });
    api.state.addUser({ email: `${hostile}@example.com` });
    await window.palette('MagicBell: Refresh');
    await window.row(shownHostile, projectTokens).waitFor();
    await window.palette('MagicBell: Find Token…');
    await window.quickInput.waitForTitle(/^Find Token/);
    await window.quickInput.type('bug');
    for (const label of [shownHostile, `${shownHostile}@example.com`]) {
      const row = window.quickInput.row(label);
      await row.waitFor();
      assert.equal(await row.locator('.codicon-bug, a[href]').count(), 0);
    }
    await window.quickInput.cancel();
    await window.contextMenu(window.row(`${shownHostile}@example.com`, userTokens), 'Pin User');
    const pinned = window.page.locator('.statusbar').getByText(`Pinned ${shownHostile}@example.com.`);
    await pinned.waitFor();
    assert.equal(await pinned.locator('.codicon').count(), 0);
  });
});
