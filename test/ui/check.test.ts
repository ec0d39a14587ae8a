import assert from 'node:assert/strict';
import { eventually } from '../support/eventually.ts';
import { type ProductWindow, projectTokens, useProduct } from '../support/productWindow.ts';

const part = (json: object): string => Buffer.from(JSON.stringify(json)).toString('base64url');
const ofAnotherIssuer = `${part({ alg: 'RS256' })}.${part({ iss: 'https://accounts.example.com', sub: '1' })}.${'s'.repeat(342)}`;

describe('Checking a token', () => {
  const product = useProduct();

  const neverShown = async ({ window }: ProductWindow, token: string): Promise<void> => {
    const text = await window.page.locator('.quick-input-widget').innerText();
    assert.equal(text.includes(token.slice(-20)), false, 'the signature is shown');
    assert.equal(await window.quickInput.value(), '');
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
      await neverShown(connected, api.token);
      assert.equal(api.journal.count({ operation: 'ListUsers' }), 0);
      await window.quickInput.pick('Check Token…');
      await window.quickInput.waitForTitle('Check Token');
      await window.quickInput.row('This is the API key that this extension uses.').waitFor();
      await neverShown(connected, api.token);
      assert.deepEqual(api.journal.entries, []);
      await window.quickInput.cancel();
    }
  });

  it('asks whether it is alive only on the click that names the host, once', async () => {
    const { window, api } = await product.connected();
    await window.row('CI deploy').waitFor();
    await window.palette('MagicBell: Check Token…');
    await window.quickInput.waitForTitle('Check Token');
    assert.equal(await window.quickInput.isMasked(), true);
    api.journal.clear();
    await window.quickInput.paste(`Authorization: Bearer ${api.token}`);
    await window.quickInput.accept();
    const { host } = new URL(api.url);
    await window.quickInput.pick(`Ask ${host} Whether It Is Alive`);
    await window.quickInput.row('It is alive: MagicBell accepts it as a project token.').waitFor();
    assert.deepEqual(
      api.journal.entries.map(({ operation }) => operation),
      ['ListUsers'],
    );
    await window.quickInput.cancel();
  });

  it('decodes what another issuer has made, and offers to ask nobody', async () => {
    const { window, api } = await product.connected();
    await window.row('CI deploy').waitFor();
    await window.viewAction(projectTokens, 'Check Token…');
    await window.quickInput.waitForTitle('Check Token');
    api.journal.clear();
    await window.quickInput.paste(ofAnotherIssuer);
    await window.quickInput.accept();
    await eventually(async () => {
      const labels = await window.quickInput.labels();
      assert.match(labels.join('\n'), /^This is a JWT of another issuer/);
      assert.deepEqual(
        labels.filter((label) => /Ask|Revoke|Rotate|Show in List/.test(label)),
        [],
      );
    });
    assert.deepEqual(api.journal.entries, []);
    await window.quickInput.cancel();
  });
});
