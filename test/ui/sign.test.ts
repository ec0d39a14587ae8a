import assert from 'node:assert/strict';
import { statusAsBearer } from '../support/bearer.ts';
import { eventually } from '../support/eventually.ts';
import { issuances } from '../support/issuanceFiles.ts';
import { breakClipboard } from '../support/issuing.ts';
import { connect, labels, type ProductWindow, useProduct, userTokens } from '../support/productWindow.ts';
import type { Workbench } from '../support/vscode/workbench.ts';

const signed = /^The value of “.*” is copied\. Signed here, it is not listed, cannot be revoked here/;

describe('Signing a user token', () => {
  const product = useProduct();

  const claimsOf = (token: string): Record<string, unknown> =>
    JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;

  /** Enters a key, and waits for the next step. */
  async function enterKey(
    { quickInput }: Workbench,
    title: string,
    step: number,
    total: number,
    key: string,
  ): Promise<void> {
    await quickInput.waitForTitle(`${title} (${step}/${total})`);
    assert.equal(await quickInput.isMasked(), true);
    if (key !== '') await quickInput.paste(key);
    await quickInput.accept();
    await quickInput.waitForTitle(`${title} (${step + 1}/${total})`);
  }

  /** From the palette up to the last step, for an email that is typed. */
  async function untilExpiry(
    { window, api }: ProductWindow,
    email: string,
    secretKey = api.keys.secretKey,
  ): Promise<void> {
    const title = 'Sign for a User';
    await window.palette('MagicBell: Sign for a User…');
    await window.quickInput.waitForTitle(`${title} (1/4)`);
    await window.quickInput.type(email);
    await window.quickInput.pick(`Use “${email}” as email`);
    await enterKey(window, title, 2, 4, api.keys.apiKey);
    await enterKey(window, title, 3, 4, secretKey);
  }

  it('signs for a row’s user, for an hour, and sends nothing anywhere @smoke', async () => {
    const { window, api } = await product.connected();
    await window.row('hana@example.com', userTokens).waitFor();
    api.journal.clear();
    await window.contextMenu(window.row('hana@example.com', userTokens), 'Sign for a User…');
    const title = 'Sign Token for hana@example.com';
    await window.quickInput.waitForTitle(`${title} (1/3)`);
    for (const [pasted, problem] of [
      [api.token, /This is a token/],
      [api.keys.secretKey, /This is a Secret Key/],
    ] as const) {
      await window.quickInput.paste(pasted);
      await window.quickInput.waitForMessage(problem);
      assert.ok(!(await window.page.locator('.quick-input-widget').innerText()).includes(pasted));
    }
    await window.quickInput.paste('');
    await enterKey(window, title, 1, 3, api.keys.apiKey);
    await window.quickInput.paste(api.keys.apiKey);
    await window.quickInput.waitForMessage(/This is the project API key/);
    await enterKey(window, title, 2, 3, api.keys.secretKey);
    const offered = await window.quickInput.labels();
    assert.deepEqual(offered.slice(0, 7), ['1 hour', '1 day', '7 days', '30 days', '90 days', '1 year', 'Custom…']);
    const before = Date.now();
    await window.quickInput.accept();
    await window.toast(signed);

    const value = await window.readClipboard();
    assert.deepEqual(api.journal.entries, []);
    const { exp, ...claims } = claimsOf(value);
    assert.equal(claims['user_email'], 'hana@example.com');
    assert.equal(claims['api_key'], api.keys.apiKey);
    assert.deepEqual(
      Object.keys(claims).filter((name) => !['user_email', 'user_external_id', 'api_key'].includes(name)),
      [],
    );
    assert.ok(Math.abs(Number(exp) - before / 1000 - 3600) < 30);
    assert.equal(await statusAsBearer(api, 'user', value), 200);
    assert.deepEqual(
      issuances(product.globalStorage).map(({ phase }) => phase),
      ['delivered'],
    );
    // Not listed.
    await eventually(async () => {
      const rows = await labels(window, userTokens);
      assert.equal(rows.filter((label) => label === 'hana@example.com').length, 1);
    });
    assert.ok(!(await window.text()).includes(value));
  });

  it('makes one that never expires only for who types it', async () => {
    const connected = await product.connected({ seed: 'empty' });
    const { window, api } = connected;
    await untilExpiry(connected, 'for.ever@example.com');
    await window.quickInput.type('never');
    await window.quickInput
      .row('Never')
      .filter({ hasText: /It cannot be revoked either/ })
      .waitFor();
    await window.quickInput.accept();
    await window.toast(signed);
    const value = await window.readClipboard();
    assert.deepEqual(claimsOf(value), { user_email: 'for.ever@example.com', api_key: api.keys.apiKey });
    assert.equal(await statusAsBearer(api, 'user', value), 200);
  });

  it('belongs to a project: without one its key is asked for first', async () => {
    const window = await product.open(await product.api({ seed: 'empty' }));
    await window.palette('MagicBell: Sign for a User…');
    await window.quickInput.waitForTitle('Set API Key');
    await window.quickInput.cancel();
  });

  it('asks for the Secret Key each time unless it is to be remembered, until the API key is forgotten', async () => {
    const connected = await product.connected({ seed: 'empty' });
    const { window, api } = connected;
    const { quickInput } = window;
    const title = 'Sign for a User';
    const toSecretKey = async (email: string): Promise<void> => {
      await window.palette('MagicBell: Sign for a User…');
      await quickInput.waitForTitle(`${title} (1/4)`);
      await quickInput.type(email);
      await quickInput.pick(`Use “${email}” as email`);
      await quickInput.waitForTitle(`${title} (2/4)`);
      assert.equal(await quickInput.placeholder(), 'Known: press Enter to use it');
      assert.equal(await quickInput.value(), '');
      await quickInput.accept();
      await quickInput.waitForTitle(`${title} (3/4)`);
    };
    await untilExpiry(connected, 'one@example.com');
    await quickInput.accept();
    await window.toast(/“one@example\.com” is copied/);

    await window.writeClipboard('something else');
    await toSecretKey('two@example.com');
    await quickInput.accept();
    await quickInput.waitForMessage('Paste the Secret Key.');
    await quickInput.pressButton('Remember the Secret Key');
    await quickInput.waitForMessage(/is kept in VS Code’s secret storage/);
    await enterKey(window, title, 3, 4, api.keys.secretKey);
    await quickInput.accept();
    await window.toast(/“two@example\.com” is copied/);

    // By keyboard it can be changed in the last step.
    await window.writeClipboard('something else');
    await toSecretKey('three@example.com');
    assert.equal(await quickInput.placeholder(), 'Known: press Enter to use it');
    await quickInput.accept();
    await quickInput.waitForTitle(`${title} (4/4)`);
    await quickInput.pick('Do Not Remember the Secret Key');
    await quickInput.row('Remember the Secret Key').waitFor();
    await quickInput.pick('Remember the Secret Key');
    await quickInput.row('Do Not Remember the Secret Key').waitFor();
    await quickInput.pick('1 hour');
    await window.toast(/“three@example\.com” is copied/);
    assert.equal(await statusAsBearer(api, 'user', await window.readClipboard()), 200);

    await window.palette('MagicBell: Forget API Key…');
    await window.modal.wait('Forget the API key?');
    assert.match(await window.modal.detail(), /keys that user tokens were signed with are removed, too/);
    await window.modal.press('Forget API Key');
    await window.toast('The API key is forgotten.');
    // What was remembered is gone with the key.
    await connect(window, api);
    await window.palette('MagicBell: Sign for a User…');
    await quickInput.waitForTitle(`${title} (1/4)`);
    await quickInput.type('four@example.com');
    await quickInput.pick('Use “four@example.com” as email');
    await quickInput.waitForTitle(`${title} (2/4)`);
    assert.equal(await quickInput.placeholder(), 'pk_…');
  });

  it('is offered where the API makes no user tokens', async () => {
    const connected = await product.connected({ seed: 'demo', switches: { notOffered: ['CreateUserJwt'] } });
    const { window, api } = connected;
    await window.contextMenu(window.row('hana@example.com', userTokens), 'Create Token for User…');
    await window.quickInput.waitForTitle('Create Token for hana@example.com (1/2)');
    await window.quickInput.accept();
    await window.quickInput.waitForTitle('Create Token for hana@example.com (2/2)');
    await window.quickInput.accept();
    const toast = await window.toast('Not offered by this MagicBell API.');
    assert.deepEqual(await toast.buttons(), ['Sign for a User…']);
    await toast.press('Sign for a User…');
    const title = 'Sign Token for hana@example.com';
    await enterKey(window, title, 1, 3, api.keys.apiKey);
    await enterKey(window, title, 2, 3, api.keys.secretKey);
    await window.quickInput.accept();
    await window.toast(signed);
    assert.equal(await statusAsBearer(api, 'user', await window.readClipboard()), 200);
  });

  it('offers the value again after a crash, without a way to revoke it, and never after that', async () => {
    const connected = await product.connected({ seed: 'empty' });
    const { window, api } = connected;
    await breakClipboard(window, 'hangs');
    await untilExpiry(connected, 'kim@example.com');
    await window.quickInput.accept();
    await eventually(() =>
      assert.deepEqual(
        issuances(product.globalStorage).map(({ phase }) => phase),
        ['stored'],
      ),
    );
    await window.killExtensionHost();
    await window.reload();
    await window.toast('The value of “kim@example.com” was not copied yet.');
    await window.openContainer('MagicBell');
    await eventually(async () => {
      const [pinned] = await window.rows(userTokens);
      assert.equal(pinned?.accessibleName, 'kim@example.com, signed user token, value not copied yet · Copy');
    });
    await window.palette('MagicBell: Resolve Undelivered Token…');
    await window.quickInput.waitForTitle('kim@example.com');
    assert.deepEqual(await window.quickInput.labels(), [
      'Copy Value',
      'Copy As…',
      'To .env…',
      'Deliver to Command…',
      'Deliver to Terminal…',
      'I Have It',
      'Discard',
    ]);
    await window.quickInput.pick('Copy Value');
    await window.toast(signed);
    assert.equal(await statusAsBearer(api, 'user', await window.readClipboard()), 200);
    await window.reload();
    await window.palette('MagicBell: Resolve Undelivered Token…');
    await window.toast(/nothing is left to resolve/);
    assert.equal(api.journal.count({ method: 'POST' }), 0);
  }).timeout(180_000);
});
