import assert from 'node:assert/strict';
import { startSink } from '../server/sink.ts';
import { eventually } from '../support/eventually.ts';
import { connect, editUserSettings, labels, projectTokens, useProduct, userTokens } from '../support/productWindow.ts';

describe('Connecting', () => {
  const product = useProduct();

  it('goes from the welcome over the masked key to both lists @smoke', async () => {
    const api = await product.api();
    const window = await product.open(api);
    await window.openContainer('MagicBell');
    const welcome = await window.welcome(projectTokens);
    assert.deepEqual(welcome.buttons, ['Set API Key…']);
    assert.deepEqual((await window.welcome(userTokens)).buttons, []);
    assert.equal(api.journal.entries.length, 0);

    await window.pressWelcome(projectTokens, 'Set API Key…');
    await window.quickInput.waitForTitle('Set API Key');
    assert.equal(await window.quickInput.isMasked(), true);
    await window.quickInput.waitForMessage(new RegExp(`sent to 127\\.0\\.0\\.1:${api.port} only`));
    await window.quickInput.paste(`  Bearer ${api.token}\n`);
    await window.quickInput.accept();
    await window.toast(/^Connected to /);

    await window.row('CI deploy', projectTokens).waitFor();
    await window.row('hana@example.com', userTokens).waitFor();
    const [newest] = await window.rows(projectTokens);
    assert.deepEqual(newest, {
      label: 'Demo stand',
      description: 'in 4 hours',
      accessibleName: 'Demo stand, project token, expires in 4 hours',
      level: 1,
      expanded: undefined,
    });
    // One call to check the key, and one page for each view.
    assert.deepEqual(
      api.journal.entries.map(({ operation, bearer, status }) => ({ operation, bearer, status })),
      ['FetchProjectTokens', 'FetchProjectTokens', 'ListUsers'].map((operation) => ({
        operation,
        bearer: api.token,
        status: 200,
      })),
    );
  });

  it('names what was pasted instead of a key, keeps the box open and what was typed', async () => {
    const api = await product.api();
    const window = await product.open(api);
    const { quickInput } = window;
    const user = await fetch(`${api.url}/jwt/user`, {
      method: 'POST',
      headers: { authorization: `Bearer ${api.token}` },
      body: JSON.stringify({ email: 'hana@example.com' }),
    });
    const { token: userToken } = (await user.json()) as { token: string };
    api.journal.clear();

    await window.palette('MagicBell: Set API Key…');
    await quickInput.waitForTitle('Set API Key');
    for (const [text, message] of [
      ['pk_local_Zm9yLXRlc3Rz', 'This is a project API key (pk_…). A project token is needed: it starts with eyJ.'],
      ['sk_local_Zm9yLXRlc3Rz', 'This is a Secret Key. A project token is needed: it starts with eyJ.'],
      [userToken, 'This is a user token, which opens one user’s inbox. A project token is needed.'],
      ['eyJhbGciOi JIUzI1NiJ9', 'A token has no spaces or line breaks. Copy it again and paste only the token.'],
    ] as const) {
      await quickInput.paste(text);
      await quickInput.waitForMessage(message);
      await quickInput.accept();
      await quickInput.waitForMessage(message);
      assert.equal(await quickInput.value(), text);
    }
    assert.equal(api.journal.entries.length, 0);

    await quickInput.paste('eyJhbGciOiJIUzI1NiJ9.e30.wrong');
    await quickInput.accept();
    await quickInput.waitForMessage('MagicBell does not accept the API key: it is wrong, expired or revoked (401).');
    assert.equal(await quickInput.value(), 'eyJhbGciOiJIUzI1NiJ9.e30.wrong');
    assert.equal(await quickInput.isMasked(), true);
    assert.equal(api.journal.count({}), 1);

    await quickInput.cancel();
    await window.openContainer('MagicBell');
    assert.deepEqual((await window.welcome(projectTokens)).buttons, ['Set API Key…']);
    assert.equal(api.journal.count({}), 1);
  });

  it('says nothing about a key that was taken out of the box', async () => {
    const window = await product.open(await product.api());
    const { quickInput } = window;
    await window.palette('MagicBell: Set API Key…');
    await quickInput.waitForTitle('Set API Key');
    await quickInput.paste('pk_made_up_for_this_test');
    await quickInput.waitForMessage(/^This is a project API key/);
    await quickInput.type('');
    await quickInput.waitForMessage(/^Paste a project token/);
    await quickInput.accept();
    await quickInput.waitForMessage('Paste a project token (it starts with eyJ).');
    await quickInput.cancel();
  });

  it('offers to save an unchecked key when MagicBell cannot be reached, and one click recovers later', async () => {
    const gone = await product.api();
    const { port, token } = gone;
    const window = await product.open(gone);
    await gone.close();
    await window.openContainer('MagicBell');
    await window.pressWelcome(projectTokens, 'Set API Key…');
    await window.quickInput.waitForTitle('Set API Key');
    await window.quickInput.paste(token);
    await window.quickInput.accept();
    await window.modal.wait('The key could not be checked.');
    assert.match(await window.modal.detail(), /No connection to 127\.0\.0\.1:\d+ could be made/);
    await window.modal.cancel();
    await window.quickInput.waitForMessage(/No connection to 127\.0\.0\.1:\d+ could be made/);
    assert.equal(await window.quickInput.value(), token);

    await window.quickInput.accept();
    await window.modal.wait('The key could not be checked.');
    await window.modal.press('Save Anyway');
    await window.toast(/^The API key of 127\.0\.0\.1:\d+ is saved, unchecked\.$/);
    await eventually(async () => {
      const { text, buttons } = await window.welcome(projectTokens);
      assert.match(text, /MagicBell cannot be reached\./);
      assert.deepEqual(buttons, ['Try Again']);
    });
    assert.match((await window.welcome(userTokens)).text, /MagicBell cannot be reached\./);

    const back = await product.api({ seed: 'demo', port, token });
    await window.pressWelcome(userTokens, 'Try Again');
    await window.row('CI deploy', projectTokens).waitFor();
    await window.row('hana@example.com', userTokens).waitFor();
    assert.ok(back.journal.entries.every(({ bearer }) => bearer === token));
  });

  it('forgets the key: both views are signed out, and nothing is sent any more', async () => {
    const { window, api } = await product.connected();
    await window.row('CI deploy').waitFor();
    await window.viewAction(projectTokens, 'Forget API Key…', 'Connection');
    await window.modal.wait('Forget the API key?');
    await window.modal.cancel();
    assert.ok((await labels(window, projectTokens)).includes('CI deploy'));

    await window.viewAction(projectTokens, 'Forget API Key…', 'Connection');
    await window.modal.wait('Forget the API key?');
    await window.modal.press('Forget API Key');
    await window.toast('The API key is forgotten.');
    assert.deepEqual((await window.welcome(projectTokens)).buttons, ['Set API Key…']);
    await window.welcome(userTokens);
    api.journal.clear();
    await product.restart(window);
    assert.deepEqual((await window.welcome(projectTokens)).buttons, ['Set API Key…']);
    assert.equal(api.journal.entries.length, 0);
  });

  it('keeps a connection at its address when the setting changes, which only prefills new ones', async () => {
    const { window, api } = await product.connected();
    await window.row('CI deploy').waitFor();
    const sink = await startSink();
    try {
      await editUserSettings(window, { 'magicbellTokens.apiBaseUrl': `${sink.origin}/v2` });
      api.journal.clear();
      await window.palette('MagicBell: Refresh');
      await eventually(() => assert.ok(api.journal.count({}) > 0, 'nothing was asked of the connection’s address'));
      await window.row('CI deploy').waitFor();
      await window.viewAction(projectTokens, 'Set API Key…', 'Connection');
      await window.quickInput.waitForTitle('Set API Key');
      await window.quickInput.waitForMessage(new RegExp(`sent to 127\\.0\\.0\\.1:${api.port} only`));
      await window.quickInput.cancel();
      await window.palette('MagicBell: Add Connection…');
      await window.quickInput.waitForTitle('Add Connection (1/2)');
      assert.equal(await window.quickInput.value(), `${sink.origin}/v2`);
      await window.quickInput.cancel();
      assert.equal(sink.connections, 0);
    } finally {
      await sink.close();
    }
  });

  it('connects again after a reload without asking', async () => {
    const { window } = await product.connected();
    await window.row('CI deploy').waitFor();
    await window.reload();
    await window.openContainer('MagicBell');
    await window.row('CI deploy').waitFor();
  });

  it('takes another key in the place of the first', async () => {
    const { window, api } = await product.connected();
    await window.row('CI deploy').waitFor();
    const answer = await fetch(`${api.url}/jwt/project`, {
      method: 'POST',
      headers: { authorization: `Bearer ${api.token}` },
      body: JSON.stringify({ name: 'Second key' }),
    });
    const { token } = (await answer.json()) as { token: string };
    api.journal.clear();
    await window.viewAction(projectTokens, 'Set API Key…', 'Connection');
    await window.quickInput.waitForTitle('Set API Key');
    await window.quickInput.paste(token);
    await window.quickInput.accept();
    // Neither key names its project; the tokens that the first one listed are among those of the new one.
    await window.toast(/^Connected to /);
    await window.row('Second key').waitFor();
    assert.ok(api.journal.entries.every(({ bearer }) => bearer === token));
  });

  it('connects a second window with its own key', async () => {
    const { window: first } = await product.connected();
    await first.row('CI deploy').waitFor();
    const other = await product.api({ seed: 'empty' });
    const second = await product.open(other);
    await connect(second, other);
    await eventually(async () =>
      assert.match((await second.welcome(projectTokens)).text, /MagicBell lists no tokens for this project\./),
    );
  });
});
