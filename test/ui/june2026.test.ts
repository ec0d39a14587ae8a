import assert from 'node:assert/strict';
import { statusAsBearer } from '../support/bearer.ts';
import { eventually } from '../support/eventually.ts';
import { projectTokens, useProduct, userTokens } from '../support/productWindow.ts';

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
    await quickInput.paste(api.token);
    await quickInput.accept();
    await window.toast(/^Connected to /);
    // “Not offered” proves nothing of a key: users are asked for.
    assert.equal(api.journal.find({ operation: 'ListUsers' })[0]?.status, 200);

    const welcome = await window.welcome(projectTokens);
    assert.match(welcome.text, /This MagicBell API does not list project tokens\./);
    assert.deepEqual(welcome.buttons, ['Open Project Auth']);
    const hana = window.row('hana@example.com', userTokens);
    await hana.waitFor();
    await window.expand(hana);
    await window.row('Tokens are not listed by this API', userTokens).waitFor();

    // No wizard leads into a refusal that is known.
    await window.palette('MagicBell: Create Project Token…');
    const toast = await window.toast(/does not create project tokens/);
    assert.deepEqual(await toast.buttons(), ['Open Project Auth']);
    await toast.dismiss();

    const title = 'Sign Token for hana@example.com';
    await window.contextMenu(hana, 'Sign User Token Locally…');
    await quickInput.waitForTitle(`${title} (1/3)`);
    // The key's claims name the project's pk_….
    assert.equal(await quickInput.placeholder(), 'Known: press Enter to use it');
    await quickInput.accept();
    await quickInput.waitForTitle(`${title} (2/3)`);
    await quickInput.paste(api.keys.secretKey);
    await quickInput.accept();
    await quickInput.waitForTitle(`${title} (3/3)`);
    await quickInput.accept();
    await window.toast(/^The value of “hana@example\.com” is copied/);
    assert.equal(await statusAsBearer(api, 'user', await window.readClipboard()), 200);
    await eventually(() => assert.equal(api.journal.count({ method: 'POST' }), 0));
  });
});
