import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { statusAsBearer } from '../support/bearer.ts';
import { eventually } from '../support/eventually.ts';
import { labels, projectTokens, useProduct, userTokens } from '../support/productWindow.ts';
import { signForRow } from '../support/signing.ts';

/** As MagicBell's guide tells backends to sign them. */
function userToken(apiKey: string, secretKey: string): string {
  const signed = [
    { alg: 'HS256', typ: 'JWT' },
    { user_email: 'hana@example.com', api_key: apiKey },
  ]
    .map((json) => Buffer.from(JSON.stringify(json)).toString('base64url'))
    .join('.');
  return `${signed}.${createHmac('sha256', secretKey).update(signed).digest('base64url')}`;
}

describe('MagicBell as of June 2026, which has no operation on tokens', () => {
  const product = useProduct();

  it('goes from a wrong key to a signed token that works', async () => {
    const api = await product.api({
      seed: 'june-2026',
      switches: { projectTokens: 'RS256' },
    });
    const window = await product.open(api);
    const { quickInput } = window;
    await window.openContainer('MagicBell');
    await window.pressWelcome(projectTokens, 'Set API Key…');
    await quickInput.waitForTitle('Set API Key');
    await quickInput.paste('eyJhbGciOiJIUzI1NiJ9.e30.wrong');
    await quickInput.accept();
    await quickInput.waitForMessage(/^MagicBell does not accept the API key/);
    assert.ok(
      api.journal.entries.every(({ status }) => status === 401),
      'a wrong key was answered otherwise',
    );
    api.journal.clear();
    // A user token is named for what it is, and sent nowhere.
    await quickInput.paste(userToken(api.keys.apiKey, api.keys.secretKey));
    await quickInput.waitForMessage(/^This is a user token/);
    assert.deepEqual(api.journal.entries, []);
    await quickInput.paste(api.token);
    await quickInput.accept();
    await window.toast(/^Connected to /);
    // “Not offered” proves nothing of a key: users are asked for.
    assert.equal(api.journal.find({ operation: 'ListUsers' })[0]?.status, 200);

    const welcome = await window.welcome(projectTokens);
    assert.match(welcome.text, /This MagicBell API does not list project tokens\./);
    assert.deepEqual(welcome.buttons, ['Open Project Auth']);
    const opens = async (page: string): Promise<void> => {
      await window.modal.wait(/external website/);
      assert.ok((await window.modal.detail()).includes(`https://app.magicbell.com/projects/_/settings/${page}`));
      await window.modal.press('Cancel');
    };
    await window.pressWelcome(projectTokens, 'Open Project Auth');
    await opens('project-auth');
    const hana = window.row('hana@example.com', userTokens);
    await hana.waitFor();
    await window.expand(hana);
    await window.row('Tokens are not listed by this API', userTokens).waitFor();
    await window.palette('MagicBell: Search Users…');
    await quickInput.waitForTitle('Search Users');
    await quickInput.type('hana@example.com');
    await eventually(() => assert.ok(api.journal.entries.some(({ query }) => query.includes('query=hana'))));
    await quickInput.pick('hana@example.com');

    // No wizard leads into a refusal that is known.
    await window.palette('MagicBell: Create Project Token…');
    const toast = await window.toast(/does not create project tokens/);
    assert.deepEqual(await toast.buttons(), ['Open Project Auth']);
    await toast.dismiss();

    // The key's claims name the project's pk_….
    await signForRow(window, 'hana@example.com', { secretKey: api.keys.secretKey });
    await quickInput.accept();
    await window.toast(/^The value of “hana@example\.com” is copied/);
    assert.equal(await statusAsBearer(api, 'user', await window.readClipboard()), 200);
    assert.equal(api.journal.count({ method: 'POST' }), 0);

    // It stands under its user, and says what ends it.
    await eventually(async () => assert.ok((await labels(window, userTokens)).includes('Signed here')));
    await window.contextMenu(window.row('Signed here', userTokens), 'Show Signed Tokens…');
    await quickInput.waitForTitle('Signed Tokens');
    assert.ok((await quickInput.labels()).includes('Rolling the Secret Key ends 1 token that was signed here.'));
    await quickInput.pick('Open User Auth');
    await opens('user-auth');
  });
});
