import assert from 'node:assert/strict';
import { tokenId } from '../../src/core/model/token.ts';
import { shown } from '../../src/core/pages/shown.ts';
import { tableTimes } from '../support/tableTimes.ts';
import { type Theme, themes, type WebviewPage } from '../support/webviewPage.ts';
import { type Opening, useWebview, violations } from './useWebview.ts';
import { aConnection, demoRows, manyRows, messagesFor, tokenOf } from './messages.ts';

describe('The Overview page', function () {
  this.timeout(60_000);
  const webview = useWebview();

  /** The page with the demonstration's tokens. */
  async function demo(options?: Opening): Promise<WebviewPage> {
    const opened = await webview(options);
    await opened.post(...messagesFor([aConnection(demoRows())]));
    return opened;
  }

  const names = ({ page }: WebviewPage): Promise<readonly string[]> => page.locator('.row.body .name').allInnerTexts();
  const status = ({ page }: WebviewPage): Promise<string> => page.getByRole('status').innerText();

  it('asks for its content, and says that nothing is connected', async () => {
    const opened = await webview();
    assert.deepEqual(await opened.sent(), [{ type: 'ready' }]);
    await opened.post(...messagesFor([]));
    await opened.page.getByRole('button', { name: 'Set API Key…' }).click();
    assert.deepEqual((await opened.sent()).at(-1), { type: 'connect' });
  });

  it('shows what is worth a look, and each leads to its rows', async () => {
    const opened = await demo();
    const finding = (name: RegExp) => opened.page.getByRole('button', { name, pressed: false });
    await finding(/1 expire within 14 days/).click();
    assert.deepEqual(await names(opened), ['CI deploy']);
    await finding(/2 share their name/).click();
    assert.deepEqual(await names(opened), ['Terraform', 'Terraform']);
    await finding(/1 made elsewhere since you last looked/).click();
    assert.deepEqual(await names(opened), ['Made by a colleague']);
    await finding(/6 belong to users with more than 5 tokens/).click();
    assert.equal((await names(opened)).length, 6);
    await opened.page.getByRole('button', { name: 'Clear Filter' }).click();
    assert.equal(await status(opened), '14 of 14 tokens');
    await opened.page.getByRole('button', { name: 'Mark as Seen' }).click();
    assert.deepEqual((await opened.sent()).at(-1), { type: 'markSeen' });
  });

  it('shows when tokens expire, and each bar leads to its rows', async () => {
    const opened = await demo();
    await opened.page.getByRole('button', { name: '1 token: Expired' }).click();
    assert.deepEqual(await names(opened), ['Old importer']);
    await opened.page.getByRole('button', { name: '1 token: Never' }).click();
    assert.deepEqual(await names(opened), ['Billing service']);
    await opened.page.getByRole('button', { name: '1 token: Later' }).click();
    assert.deepEqual(await names(opened), ['Long liver']);
    await opened.page.getByRole('button', { name: 'Export Expiries as Calendar…' }).click();
    assert.deepEqual((await opened.sent()).at(-1), { type: 'exportExpiries' });
  });

  it('is sorted by its headings and searched by words of name, user and id', async () => {
    const opened = await demo();
    await opened.page.getByRole('button', { name: 'Name', exact: true }).click();
    const heading = opened.page.getByRole('columnheader', { name: 'Name' });
    assert.equal(await heading.getAttribute('aria-sort'), 'ascending');
    assert.equal((await names(opened))[0], 'Billing service');
    await opened.page.getByRole('button', { name: 'Name', exact: true }).click();
    assert.equal(await heading.getAttribute('aria-sort'), 'descending');
    assert.equal((await names(opened))[0], 'Web inbox 6');
    await opened.page.getByRole('searchbox').fill('inbox HANA@');
    assert.equal(await status(opened), '6 of 14 tokens');
    await opened.page.getByRole('searchbox').fill('other terra');
    assert.equal(await status(opened), '1 of 14 tokens');
    await opened.page.getByRole('searchbox').fill('nothing like it');
    await opened.page.getByText('No token matches the filter.').waitFor();
  });

  it('neither searches for nor keeps what looks like a token or a key', async () => {
    const opened = await demo();
    for (const secret of [
      'eyJhbGciOiJIUzI1NiJ9.e30.abc',
      'pk_live_0123456789',
      'sk_live_0123456789',
      `Zm9vYmFyNDI${'aB3x'.repeat(10)}`,
    ]) {
      await opened.page.getByRole('searchbox').fill(secret);
      await opened.page.getByRole('alert').waitFor();
      assert.equal(await opened.page.getByRole('searchbox').inputValue(), '');
      assert.ok(!JSON.stringify([await opened.kept(), await opened.sent()]).includes(secret), secret);
    }
    assert.equal(await status(opened), '14 of 14 tokens');
  });

  it('is used by keyboard alone: rows by arrows, actions by keys', async () => {
    const opened = await demo();
    const { page } = opened;
    const messages = messagesFor([aConnection(demoRows())]);
    const all = messages.flatMap((message) => (message.type === 'rows' ? message.rows : []));
    const keyOf = (name: string): number => all.find((row) => row.name === name)?.key ?? -1;
    await page.getByRole('button', { name: 'Name', exact: true }).click();
    const grid = page.getByRole('grid');
    await grid.focus();
    const activeName = async (): Promise<string> => {
      const id = (await grid.getAttribute('aria-activedescendant')) ?? 'none';
      return page.locator(`#${id} .name`).innerText();
    };
    assert.equal(await activeName(), 'Billing service');
    await page.keyboard.press('ArrowDown');
    assert.equal(await activeName(), 'CI deploy');
    await page.keyboard.press('Enter');
    assert.deepEqual((await opened.sent()).at(-1), { type: 'act', action: 'details', keys: [keyOf('CI deploy')] });
    await page.keyboard.press('Space');
    await page.keyboard.press('Shift+ArrowDown');
    assert.equal(await status(opened), '14 of 14 tokens, 2 selected');
    await page.keyboard.press('Delete');
    assert.deepEqual((await opened.sent()).at(-1), {
      type: 'act',
      action: 'revoke',
      keys: [keyOf('CI deploy'), keyOf('Gone')],
    });
    await page.keyboard.press('End');
    assert.equal(await activeName(), 'Web inbox 6');
    await page.keyboard.press('Control+a');
    assert.equal(await status(opened), '14 of 14 tokens, 14 selected');
    await page.keyboard.press('Escape');
    assert.equal(await status(opened), '14 of 14 tokens');
  });

  it('acts on the selected rows, and exports those that are shown', async () => {
    const opened = await demo();
    const { page } = opened;
    await page.locator('.row.body', { hasText: 'CI deploy' }).click();
    for (const [label, action] of [
      ['Details', 'details'],
      ['Rotate…', 'rotate'],
      ['Revoke…', 'revoke'],
      ['Copy ID', 'copyId'],
    ] as const) {
      await page.getByRole('button', { name: label, exact: true }).click();
      const last = (await opened.sent()).at(-1);
      assert.equal(last?.type === 'act' ? `${last.action} ${last.keys.length}` : last?.type, `${action} 1`);
    }
    await page.locator('.row.body', { hasText: 'Billing service' }).click({ modifiers: ['Control'] });
    assert.equal(await page.getByRole('button', { name: 'Rotate…' }).isDisabled(), true);
    await page.getByRole('searchbox').fill('terraform');
    // What the filter has hidden is not acted on.
    assert.equal(await status(opened), '2 of 14 tokens');
    await page.getByRole('button', { name: 'Export…' }).click();
    const last = (await opened.sent()).at(-1);
    assert.equal(last?.type === 'export' ? last.keys.length : last?.type, 2);
  });

  it('says which projects there are, which is production, and what is missing', async () => {
    const opened = await webview();
    const shop = aConnection([tokenOf('Shop')], {
      id: 'connection-2',
      name: 'Shop',
      isProduction: true,
      hasMore: true,
      problem: 'MagicBell cannot be reached.',
    });
    await opened.post(...messagesFor([aConnection(demoRows()), shop]));
    const projects = opened.page.getByRole('list', { name: 'Projects' });
    assert.match(
      await projects.innerText(),
      /Acme\s+14 tokens[^]*Shop\s+production\s+1 token\s+MagicBell cannot be reached\./,
    );
    await opened.page.getByRole('button', { name: 'Load All' }).click();
    assert.deepEqual((await opened.sent()).at(-1), { type: 'loadAll' });
    await opened.page.getByRole('combobox', { name: 'Project' }).selectOption('Shop');
    assert.deepEqual(await names(opened), ['Shop']);
    assert.equal(await opened.page.locator('.row.body .project').innerText(), 'Shop');
  });

  it('shows how an audit comes along, and what can be done with it', async () => {
    const opened = await webview();
    const { page } = opened;
    const shop = { id: 'connection-2', name: 'Shop' };
    await opened.post(...messagesFor([aConnection(demoRows()), aConnection([tokenOf('Shop')], shop)]));
    await page.getByRole('button', { name: 'Audit Users’ Tokens' }).nth(1).click();
    assert.deepEqual((await opened.sent()).at(-1), { type: 'audit', action: 'start', connection: 1 });
    const text = shown('Reading users’ tokens: 250 of 1,000 users, 300 tokens, about 7 minutes left.');
    const none = { state: 'none', done: 0, total: 0, text: shown('') } as const;
    await opened.post({ type: 'audits', audits: [none, { state: 'running', done: 250, total: 1000, text }] });
    await page.getByText(text).waitFor();
    assert.equal(await page.getByRole('progressbar', { name: 'Audit of Shop' }).count(), 1);
    assert.deepEqual(await violations(opened), []);
    await page.getByRole('button', { name: 'Pause' }).click();
    assert.deepEqual((await opened.sent()).at(-1), { type: 'audit', action: 'pause', connection: 1 });
  });

  it('shows a hostile name as the text that it is', async () => {
    const opened = await webview();
    const name = '<img src=x onerror=alert(1)> </script>';
    await opened.post(...messagesFor([aConnection([tokenOf(name, { id: tokenId('x') })])]));
    assert.deepEqual(await names(opened), [name]);
    assert.equal(await opened.page.locator('img').count(), 0);
  });

  it('drops what is no message of ours, and rows of an older overview', async () => {
    const opened = await demo();
    const [, rows] = messagesFor([aConnection([tokenOf('Late')])], 0);
    assert.ok(rows !== undefined, 'no rows');
    await opened.post(rows);
    await opened.page.evaluate(`postMessage({ type: 'overview', html: '<b>' }, '*')`);
    assert.equal(await status(opened), '14 of 14 tokens');
  });

  it('keeps filter, order and place over hiding and reload', async () => {
    const first = await demo();
    await first.page.getByRole('button', { name: 'Name', exact: true }).click();
    await first.page.getByRole('searchbox').fill('web');
    const kept = await first.kept();
    const second = await demo({ kept: kept as object });
    assert.equal(await second.page.getByRole('searchbox').inputValue(), 'web');
    assert.equal((await names(second))[0], 'Web inbox 1');
    assert.equal(await status(second), '6 of 14 tokens');
  });

  it('keeps the filter’s project when another one is removed, and drops it with its own', async () => {
    const named = (name: string) => aConnection([tokenOf(`In ${name}`)], { id: name, name });
    const opened = await webview();
    await opened.post(...messagesFor(['Acme', 'Shop', 'Blog'].map(named)));
    await opened.page.getByRole('combobox', { name: 'Project' }).selectOption('Shop');
    await opened.post(...messagesFor(['Shop', 'Blog'].map(named), 2));
    assert.deepEqual(await names(opened), ['In Shop']);
    const kept = (await opened.kept()) as object;
    const second = await webview({ kept });
    await second.post(...messagesFor(['News', 'Blog', 'Shop'].map(named)));
    assert.deepEqual(await names(second), ['In Shop']);
    await second.post(...messagesFor(['News', 'Blog', 'Docs'].map(named), 2));
    assert.equal(await status(second), '3 of 3 tokens');
  });

  it('shows all rows after a reload when what the kept filter is about has gone', async () => {
    const first = await demo();
    await first.page.getByRole('button', { name: /made elsewhere since you last looked/ }).click();
    assert.deepEqual(await names(first), ['Made by a colleague']);
    const kept = (await first.kept()) as object;
    const second = await webview({ kept: { ...kept, connection: 1 } });
    await second.post(...messagesFor([aConnection(demoRows(), { lastLookAt: new Date() })]));
    assert.equal(await status(second), '14 of 14 tokens');
  });

  for (const theme of Object.keys(themes) as Theme[]) {
    it(`has nothing that axe finds fault with: ${theme}`, async () => {
      const opened = await demo({ theme });
      await opened.page.locator('.row.body').nth(2).click();
      assert.deepEqual(await violations(opened), []);
    });
  }

  it('can be read at 200 pixels, and at twice the size', async () => {
    const narrow = await demo({ width: 200, height: 700 });
    for (const { page } of [narrow]) {
      const width = await page.evaluate<number>('document.documentElement.scrollWidth');
      assert.ok(width <= 200, `${width} pixels wide`);
      assert.equal(await page.locator('.row.body .expires').first().isVisible(), true);
    }
    assert.deepEqual(await violations(narrow), []);
    const zoomed = await demo({ width: 640, height: 450 });
    const width = await zoomed.page.evaluate<number>('document.documentElement.scrollWidth');
    assert.ok(width <= 640, `${width} pixels wide`);
  });

  it('has 100,000 rows that sort, search and scroll without delay', async function () {
    this.timeout(180_000);
    const opened = await webview();
    const { page } = opened;
    await opened.post(...messagesFor([aConnection(manyRows(100_000))]));
    const { sortMs, searchMs, scrollMs } = await tableTimes(opened, 100_000);
    assert.ok((await page.locator('.row.body').count()) < 80, 'all rows are in the document');
    if (process.env['TIMINGS'] !== undefined) process.stdout.write(`${sortMs} ${searchMs} ${scrollMs}\n`);
    assert.ok(sortMs < 100, `sorting took ${sortMs} ms`);
    assert.ok(searchMs < 100, `searching took ${searchMs} ms`);
    assert.ok(scrollMs < 50, `scrolling took ${scrollMs} ms`);
  });
});
