import assert from 'node:assert/strict';
import { frontPage } from '../support/frontPage.ts';
import { type ProductWindow, projectTokens, useProduct } from '../support/productWindow.ts';

const part = (json: object): string => Buffer.from(JSON.stringify(json)).toString('base64url');
const ofAnotherIssuer = `${part({ alg: 'RS256' })}.${part({ iss: 'https://accounts.example.com', sub: '1' })}.${'s'.repeat(342)}`;

describe('Checking a token', () => {
  const product = useProduct();

  const neverShown = (text: string, token: string): void =>
    assert.equal(text.includes(token.slice(-20)), false, 'the signature is shown');

  /** The text of the page in front, as soon as it has that heading. */
  const pageText = async ({ window }: ProductWindow, heading: RegExp): Promise<string> => {
    await frontPage(window).getByRole('heading', { level: 1, name: heading }).waitFor();
    return frontPage(window).locator('html').innerText();
  };

  it('recognises a token where something is searched for, sends nothing, and finds its row @smoke', async () => {
    const connected = await product.connected();
    const { window, api } = connected;
    await window.row('CI deploy').waitFor();
    for (const [command, title] of [
      ['Find Token…', /^Find Token/],
      ['Search Users…', 'Search Users'],
      ['Open User by ID…', 'Open User by ID'],
    ] as const) {
      await window.palette(`MagicBell: ${command}`);
      await window.quickInput.waitForTitle(title);
      api.journal.clear();
      await window.quickInput.paste(`"${api.token}",`);
      await window.quickInput.row('Check Token…').waitFor();
      neverShown(await window.page.locator('.quick-input-widget').innerText(), api.token);
      assert.equal(await window.quickInput.value(), '');
      assert.equal(api.journal.count({ operation: 'ListUsers' }), 0);
      await window.quickInput.pick('Check Token…');
      neverShown(await pageText(connected, /^This is the API key that this extension uses\.$/), api.token);
      assert.deepEqual(api.journal.entries, []);
      // Each check is a page of its own; there is one at a time.
      assert.equal(await window.page.getByRole('tab', { name: /^Check Token/ }).count(), 1);
    }
  });

  it('asks whether it is alive only on the click that names the host, once', async () => {
    const connected = await product.connected();
    const { window, api } = connected;
    await window.row('CI deploy').waitFor();
    await window.palette('MagicBell: Check Token…');
    await window.quickInput.waitForTitle('Check Token');
    assert.equal(await window.quickInput.isMasked(), true);
    api.journal.clear();
    await window.quickInput.paste(`Authorization: Bearer ${api.token}`);
    await window.quickInput.accept();
    const { host } = new URL(api.url);
    assert.match(await pageText(connected, /^This is the API key/), /more in what was pasted than the token/);
    assert.deepEqual(api.journal.entries, []);
    await frontPage(window)
      .getByRole('button', { name: `Is It Alive? Ask ${host}` })
      .click();
    await frontPage(window)
      .getByRole('status')
      .filter({ hasText: 'It is alive: MagicBell accepts it as a project token.' })
      .waitFor();
    assert.deepEqual(
      api.journal.entries.map(({ operation }) => operation),
      ['ListUsers'],
    );
    neverShown(await pageText(connected, /^This is the API key/), api.token);

    // What was pasted is nowhere: after a reload there is no page of it.
    await window.reload();
    // VS Code may have noted the side bar as it was before.
    await window.openContainer('MagicBell');
    await window.row('CI deploy').waitFor();
    assert.equal(await window.page.getByRole('tab', { name: /^Check Token/ }).count(), 0);
  });

  it('decodes what another issuer has made, and offers to ask nobody', async () => {
    const connected = await product.connected();
    const { window, api } = connected;
    await window.row('CI deploy').waitFor();
    await window.viewAction(projectTokens, 'Check Token…');
    await window.quickInput.waitForTitle('Check Token');
    api.journal.clear();
    await window.quickInput.paste(ofAnotherIssuer);
    await window.quickInput.accept();
    neverShown(await pageText(connected, /^This is a JWT of another issuer/), ofAnotherIssuer);
    assert.equal(await frontPage(window).getByRole('button').count(), 0);
    assert.deepEqual(api.journal.entries, []);
  });
});
