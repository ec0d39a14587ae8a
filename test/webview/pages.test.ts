import assert from 'node:assert/strict';
import type { ActivityPageMessage } from '../../src/core/activity/activityMessage.ts';
import { removedActivity } from '../../src/core/activity/activityText.ts';
import type { SheetPageMessage } from '../../src/core/pages/sheet.ts';
import { type Theme, themes, type WebviewPage } from '../support/webviewPage.ts';
import { aCheck, anActivity, aSheet } from './sheets.ts';
import { type Opening, useWebview, violations } from './useWebview.ts';

const hostile = '<img src=x onerror=alert(1)> </script>';

describe('The pages of tokens and of the activity', function () {
  this.timeout(60_000);
  const webview = useWebview();

  const tokenPage = async (options: Opening = {}, sheet = aSheet()): Promise<WebviewPage> => {
    const opened = await webview({ name: 'token', ...options });
    await opened.post(sheet);
    return opened;
  };
  const checkPage = async (options: Opening = {}, answer?: string): Promise<WebviewPage> => {
    const opened = await webview({ name: 'check', ...options });
    await opened.post(aCheck(answer));
    return opened;
  };
  const activityPage = async (options: Opening = {}, activity = anActivity()): Promise<WebviewPage> => {
    const opened = await webview({ name: 'activity', ...options });
    await opened.post(activity);
    return opened;
  };
  const last = async <T>(opened: WebviewPage): Promise<T | undefined> => (await opened.sent<T>()).at(-1);
  const fact = ({ page }: WebviewPage, label: string): Promise<string> =>
    page.locator('dt', { hasText: label }).first().locator('xpath=following-sibling::dd[1]').innerText();

  it('of a token shows what is known, and acts', async () => {
    const opened = await tokenPage();
    const { page } = opened;
    assert.deepEqual(await opened.sent(), [{ type: 'ready' }]);
    await page.getByRole('heading', { level: 1, name: 'Web inbox' }).waitFor();
    assert.match(await page.locator('.subtitle').innerText(), /^User token · Acme production$/);
    assert.match(await page.locator('.state').innerText(), /Expires in 2 months\s+created .*\s+expires /);
    assert.equal(await page.getByRole('img', { name: '40 percent of its lifetime has passed' }).count(), 1);
    assert.match(await fact(opened, 'User'), /^hana@example\.com\s+Hana Sato, external ID usr_9f2c41, ID user-1$/);
    assert.match(await fact(opened, 'Created'), /UTC$/);
    assert.equal(await fact(opened, 'Delivered'), 'to .env as MAGICBELL_TOKEN; to gh secret set MAGICBELL_TOKEN');
    assert.match(await page.locator('section').innerText(), /Value delivered \(to \.env[^]*Issued/);
    for (const [label, action] of [
      ['Rotate…', 'rotate'],
      ['Show in List', 'showInList'],
      ['Revoke…', 'revoke'],
      ['Copy ID', 'copyId'],
    ] as const) {
      await page.getByRole('button', { name: label, exact: true }).focus();
      await page.keyboard.press('Enter');
      assert.deepEqual(await last<SheetPageMessage>(opened), { type: 'act', action, place: 0 });
    }
    const kept = (await opened.kept()) as { readonly subject: { readonly id: string } };
    assert.equal(kept.subject.id, 'web');
  });

  it('of a token follows what is done to it', async () => {
    const opened = await tokenPage();
    await opened.post(aSheet({ revokedAt: new Date() }));
    assert.match(await opened.page.locator('.state').innerText(), /Revoked/);
    assert.equal(await opened.page.getByRole('button', { name: 'Revoke…' }).count(), 0);
  });

  it('of a checked token names whom it asks, and shows the answer', async () => {
    const opened = await checkPage();
    const { page } = opened;
    await page.getByRole('heading', { level: 1, name: 'This is a user token for hana@example.com.' }).waitFor();
    assert.match(await page.locator('.notices').innerText(), /signature is missing[^]*more in what was pasted/);
    assert.equal(await fact(opened, 'api_key'), 'pk_…6789');
    await page.getByRole('button', { name: 'Is It Alive? Ask api.magicbell.com' }).click();
    assert.deepEqual(await last<SheetPageMessage>(opened), { type: 'act', action: 'ask', place: 0 });
    await opened.post(aCheck('It is alive: MagicBell accepts it, as a user token.'));
    assert.match(await page.getByRole('status').innerText(), /^It is alive/);
    assert.deepEqual(await opened.kept(), { subject: null, scrollTop: 0 });
  });

  it('of the activity is searched and filtered, and keeps that over a reload', async () => {
    const first = await activityPage();
    const { page } = first;
    const rows = (): Promise<readonly string[]> => page.locator('tbody .what').allInnerTexts();
    assert.match(
      (await rows()).join('|'),
      /^Value delivered\s*to \.env[^|]*\|Issued\|Revoked\|Failed\s*revoke: offline$/,
    );
    await page.getByRole('searchbox').fill('HANA inbox');
    assert.equal(await page.getByRole('status').innerText(), '2 of 4');
    await page.getByRole('combobox', { name: 'What was done' }).selectOption('Issued');
    assert.deepEqual(await rows(), ['Issued']);
    const second = await activityPage({ kept: (await first.kept()) as object });
    assert.equal(await second.page.getByRole('status').innerText(), '1 of 4');
    // What it was filtered by has gone: all is shown.
    await second.post({ ...anActivity(), entries: anActivity().entries.slice(2) });
    assert.equal(await second.page.getByRole('combobox').inputValue(), '');
    await second.page.getByRole('searchbox').fill('eyJhbGciOiJIUzI1NiJ9.e30.abc');
    await second.page.getByRole('alert').waitFor();
    assert.ok(!JSON.stringify([await second.kept(), await second.sent()]).includes('eyJ'));
  });

  it('of the activity exports, clears, and says when there is nothing', async () => {
    const opened = await activityPage();
    for (const [label, type] of [
      ['Export…', 'export'],
      ['Clear…', 'clear'],
    ] as const) {
      await opened.page.getByRole('button', { name: label }).click();
      assert.deepEqual(await last<ActivityPageMessage>(opened), { type });
    }
    await opened.post({ ...anActivity(), entries: [] });
    await opened.page.getByText('Nothing was issued or revoked from here yet.').waitFor();
    assert.equal(await opened.page.getByRole('button', { name: 'Clear…' }).isDisabled(), true);
    await opened.post(removedActivity('c-1'));
    await opened.page.getByText('The connection of this page was removed here.').waitFor();
  });

  it('show a hostile name as the text that it is, and drop what is no message of theirs', async () => {
    const sheet = await tokenPage({}, aSheet({ name: hostile }));
    await sheet.page.getByRole('heading', { level: 1, name: hostile }).waitFor();
    const activity = await activityPage({}, anActivity(hostile));
    assert.match(await activity.page.locator('tbody').innerText(), /<img src=x onerror=alert\(1\)> <\/script>/);
    for (const { page } of [sheet, activity]) {
      assert.equal(await page.locator('img').count(), 0);
      await page.evaluate(
        `postMessage({ type: 'sheet', title: 'Other' }, '*'); postMessage({ type: 'activity' }, '*')`,
      );
      assert.equal(await page.getByText('Other').count(), 0);
    }
    assert.match(await activity.page.getByRole('status').innerText(), /^4 of 4$/);
  });

  for (const [index, theme] of (Object.keys(themes) as Theme[]).entries()) {
    it(`have nothing that axe finds fault with, and fit: ${theme}`, async () => {
      // A theme is colours only.
      for (const width of index === 0 ? [1280, 640, 200] : [1280]) {
        const size = { theme, width, height: 700 };
        for (const opened of [
          await tokenPage(size, aSheet({ name: 'A-name-without-a-space-that-goes-on-and-on-and-on' })),
          await checkPage(size, 'It is alive: MagicBell accepts it, as a user token.'),
          await activityPage(size),
        ]) {
          assert.deepEqual(await violations(opened), []);
          const needed = await opened.page.evaluate<number>('document.documentElement.scrollWidth');
          assert.ok(needed <= width, `${needed} pixels wide of ${width}`);
        }
      }
    });
  }
});
