import assert from 'node:assert/strict';
import { statusAsBearer } from '../support/bearer.ts';
import { eventually } from '../support/eventually.ts';
import { issuanceFileNames } from '../support/issuanceFiles.ts';
import { breakClipboard, chooseAtLastStep, createProjectToken, mendClipboard } from '../support/issuing.ts';
import { labels, projectTokens, useProduct, userTokens } from '../support/productWindow.ts';

const day = 24 * 60 * 60;

describe('Creating a token', () => {
  const product = useProduct();

  it('copies a project token’s value once, and the value works', async () => {
    const { window, api } = await product.connected();
    await window.row('CI deploy').waitFor();
    api.journal.clear();
    await window.viewAction(projectTokens, 'Create Project Token…');
    await window.quickInput.waitForTitle('Create Project Token (1/2)');
    await window.quickInput.accept();
    await window.quickInput.waitForMessage('A project token needs a name.');
    // A key is removed from the box; what stands below stays until something else is typed.
    await window.quickInput.paste('sk_live_4eC39HqLyjWDarjtT1zdp7dc');
    await window.quickInput.waitForMessage(/^This looks like a token or a key\. It was removed/);
    await eventually(async () => assert.equal(await window.quickInput.value(), ''));
    await window.quickInput.waitForMessage(/^This looks like a token or a key\./);
    await window.quickInput.type('Made in the window');
    await window.quickInput.accept();
    await window.quickInput.waitForTitle('Create Project Token (2/2)');
    const presets = await window.quickInput.labels();
    assert.deepEqual(presets.slice(0, 7), ['1 hour', '1 day', '7 days', '30 days', '90 days', '1 year', 'Never']);
    await window.quickInput.accept();
    await window.toast('The value of “Made in the window” is copied. It cannot be shown again.');

    const value = await window.readClipboard();
    const [post, ...more] = api.journal.find({ method: 'POST' });
    assert.ok(post);
    assert.deepEqual(more, []);
    assert.deepEqual(JSON.parse(post.body), { name: 'Made in the window', expiry: 90 * day });
    // The new row comes without asking MagicBell again, and the pinned one goes.
    await eventually(async () => {
      const rows = await window.rows(projectTokens);
      const made = rows.filter(({ label }) => label === 'Made in the window');
      assert.equal(made.length, 1);
      assert.match(made[0]?.description ?? '', /^in 3 months$/);
    });
    assert.equal(api.journal.count({ method: 'GET' }), 0);
    assert.equal(await statusAsBearer(api, 'project', value), 200);

    const status = window.statusItem('magicbell-tokens.magicbell-tokens.status');
    await status.filter({ hasText: 'Token on clipboard · Clear' }).waitFor();
    await status.click();
    await window.toast('The clipboard is cleared.');
    assert.equal(await window.readClipboard(), '');
    await status.filter({ hasText: 'Token on clipboard' }).waitFor({ state: 'hidden' });
  });

  it('leaves the clipboard alone when something else is on it by now', async () => {
    const { window } = await product.connected({ seed: 'empty' });
    await createProjectToken(window, 'Short', '1 hour');
    await window.toast(/The value of “Short” is copied/);
    await window.writeClipboard('copied later');
    await window.palette('MagicBell: Clear Token from Clipboard');
    await window.toast(/it is left alone/);
    assert.equal(await window.readClipboard(), 'copied later');
  });

  it('makes user tokens for a user of the search, for an unknown email, and from a row', async () => {
    const { window, api } = await product.connected();
    const { quickInput } = window;
    await window.row('hana@example.com').waitFor();
    api.journal.clear();

    await window.viewAction(userTokens, 'Create User Token…');
    await quickInput.waitForTitle('Create User Token (1/3)');
    await quickInput.type('hana@');
    // The rows of before go while MagicBell is asked.
    await quickInput.row('Use “hana@” as email').waitFor();
    await quickInput.pick('hana@example.com');
    await quickInput.waitForTitle('Create Token for hana@example.com (2/3)');
    await quickInput.accept();
    await quickInput.waitForTitle('Create Token for hana@example.com (3/3)');
    await quickInput.pick('7 days');
    await window.toast('The value of “hana@example.com” is copied. It cannot be shown again.');
    assert.equal(await statusAsBearer(api, 'user', await window.readClipboard()), 200);

    await window.writeClipboard('something else');
    await window.palette('MagicBell: Create User Token…');
    await quickInput.waitForTitle('Create User Token (1/3)');
    await quickInput.type('Nobody.Yet@example.com');
    await quickInput.pick('Use “Nobody.Yet@example.com” as email');
    await quickInput.waitForTitle('Create Token for Nobody.Yet@example.com (2/3)');
    await quickInput.type('First');
    await quickInput.accept();
    await quickInput.waitForTitle('Create Token for Nobody.Yet@example.com (3/3)');
    await quickInput.pick('Never');
    await window.toast('The value of “First” is copied. It cannot be shown again.');
    assert.equal(await statusAsBearer(api, 'user', await window.readClipboard()), 200);
    const row = window.row(/nobody\.yet@example\.com/i, userTokens);
    await window.expand(row);
    await window.row('First', userTokens).waitFor();

    await window.writeClipboard('something else');
    await window.contextMenu(window.row('usr_l70vln', userTokens), 'Create Token for User…');
    await quickInput.waitForTitle('Create Token for usr_l70vln (1/2)');
    await quickInput.type('From the row');
    await quickInput.accept();
    await quickInput.waitForTitle('Create Token for usr_l70vln (2/2)');
    await quickInput.accept();
    await window.toast('The value of “From the row” is copied. It cannot be shown again.');
    assert.equal(await statusAsBearer(api, 'user', await window.readClipboard()), 200);
    assert.deepEqual(
      api.journal.find({ operation: 'CreateUserJwt' }).map(({ body }) => JSON.parse(body) as unknown),
      [
        { email: 'hana@example.com', external_id: 'usr_9f2c41', expiry: 7 * day },
        { email: 'Nobody.Yet@example.com', name: 'First' },
        { external_id: 'usr_l70vln', name: 'From the row', expiry: 90 * day },
      ],
    );
  });

  it('keeps what was typed on Back, on Escape and on a lost focus; checks names and dates while one types', async () => {
    const { window, api } = await product.connected({ seed: 'empty' });
    const { quickInput } = window;
    await window.palette('MagicBell: Create Project Token…');
    await quickInput.waitForTitle('Create Project Token (1/2)');
    await quickInput.paste('n'.repeat(256));
    await quickInput.waitForMessage('A name has at most 255 characters; this one has 256.');
    await quickInput.accept();
    await quickInput.waitForMessage('A name has at most 255 characters; this one has 256.');
    await quickInput.type('Kept name');
    await quickInput.accept();
    await quickInput.waitForTitle('Create Project Token (2/2)');
    await quickInput.pressButton(/^Back/);
    await quickInput.waitForTitle('Create Project Token (1/2)');
    assert.equal(await quickInput.value(), 'Kept name');
    await quickInput.type('Kept on Escape');
    await quickInput.cancel();

    await window.palette('MagicBell: Create Project Token…');
    await quickInput.waitForTitle('Create Project Token (1/2)');
    assert.equal(await quickInput.value(), 'Kept on Escape');
    await quickInput.type('Kept on lost focus');
    await window.page.locator('.editor-group-container').first().click();
    await quickInput.waitUntilClosed();

    await window.palette('MagicBell: Create Project Token…');
    await quickInput.waitForTitle('Create Project Token (1/2)');
    assert.equal(await quickInput.value(), 'Kept on lost focus');
    await quickInput.accept();
    await quickInput.waitForTitle('Create Project Token (2/2)');
    // Typed straight into the list: what is understood is its first row, and a mistake goes along to the box.
    await quickInput.type('45d');
    await quickInput.row(/^45 days · \w+ \d+, \d{4}$/).waitFor();
    await quickInput.type('2020-01-01');
    await quickInput.row(/^45 days/).waitFor({ state: 'hidden' });
    await quickInput.accept();
    await quickInput.waitForMessage('That is in the past.');
    assert.equal(await quickInput.value(), '2020-01-01');
    await quickInput.accept();
    await quickInput.waitForMessage('That is in the past.');
    await quickInput.type('60d');
    await quickInput.waitForMessage(/^Expires \w+ \d+, \d{4}/);
    assert.equal(api.journal.count({ method: 'POST' }), 0);
    await quickInput.accept();
    await window.toast(/The value of “Kept on lost focus” is copied/);
    const [post] = api.journal.find({ method: 'POST' });
    assert.deepEqual(JSON.parse(post?.body ?? ''), { name: 'Kept on lost focus', expiry: 60 * day });

    // What was made is no draft any more.
    await window.palette('MagicBell: Create Project Token…');
    await quickInput.waitForTitle('Create Project Token (1/2)');
    assert.equal(await quickInput.value(), '');
    await quickInput.cancel();
  });

  it('says in words why nothing was created, and keeps the draft', async () => {
    const { window, api } = await product.connected({ seed: 'empty' });
    await window.writeClipboard('before');
    api.faults.add({
      operation: 'CreateProjectJwt',
      fault: { kind: 'status', status: 422, message: 'Param ‘name’ is taken' },
    });
    await createProjectToken(window, 'Refused');
    const invalid = await window.toast('MagicBell did not accept the input: Param ‘name’ is taken');
    await invalid.dismiss();
    assert.deepEqual(
      issuanceFileNames(product.globalStorage).filter((name) => name.endsWith('.claim')),
      [],
    );

    api.faults.add({ operation: 'CreateProjectJwt', fault: { kind: 'forbidden' } });
    await window.palette('MagicBell: Create Project Token…');
    await window.quickInput.waitForTitle('Create Project Token (1/2)');
    assert.equal(await window.quickInput.value(), 'Refused');
    await window.quickInput.accept();
    await window.quickInput.waitForTitle('Create Project Token (2/2)');
    await window.quickInput.accept();
    const forbidden = await window.toast(/^Only administrators may create tokens/);
    assert.deepEqual(await forbidden.buttons(), ['Set API Key…']);
    await eventually(async () => assert.deepEqual(await labels(window, projectTokens), []));
    assert.equal(await window.readClipboard(), 'before');
    assert.equal(api.journal.count({ method: 'POST' }), 2);
  });

  it('says where this API does not offer it', async () => {
    const { window } = await product.connected({ seed: 'demo', switches: { notOffered: ['CreateUserJwt'] } });
    await window.row('hana@example.com').waitFor();
    await window.contextMenu(window.row('hana@example.com', userTokens), 'Create Token for User…');
    await window.quickInput.waitForTitle('Create Token for hana@example.com (1/2)');
    await window.quickInput.accept();
    await window.quickInput.waitForTitle('Create Token for hana@example.com (2/2)');
    await window.quickInput.accept();
    await window.toast(/not offered by this MagicBell API/i);
  });

  it('says that delivering to .env needs a folder', async () => {
    const { window } = await product.connected({ seed: 'empty' });
    await chooseAtLastStep(window, 'Server', 'Deliver to .env…');
    await window.toast(/^No folder is open\./);
    await window.quickInput.waitForTitle('Create Project Token (2/2)');
  });

  it('copies as a line or a header', async () => {
    const { window, api } = await product.connected({ seed: 'empty' });
    await chooseAtLastStep(window, 'Header', 'Copy As…');
    await window.quickInput.waitForTitle('Copy As');
    await window.quickInput.pick('Authorization: Bearer …');
    await window.quickInput.waitForTitle('Create Project Token (2/2)');
    assert.match(await window.quickInput.placeholder(), /to the clipboard as Authorization: Bearer …\.$/);
    await window.quickInput.accept();
    await window.toast('The value of “Header” is copied as Authorization: Bearer …. It cannot be shown again.');
    const header = /^Authorization: Bearer (\S+)$/.exec(await window.readClipboard());
    assert.equal(await statusAsBearer(api, 'project', header?.[1] ?? ''), 200);

    await window.writeClipboard('something else');
    await breakClipboard(window, 'rejects');
    await createProjectToken(window, 'Line');
    await window.toast(/^The value of “Line” could not be copied/);
    await mendClipboard(window);
    await window.palette('MagicBell: Resolve Undelivered Token…');
    await window.quickInput.waitForTitle('Line');
    await window.quickInput.pick('Copy As…');
    await window.quickInput.waitForTitle('Copy As');
    await window.quickInput.pick('NAME=value');
    await window.quickInput.waitForMessage(/^The variable’s name/);
    await window.quickInput.type('1A');
    await window.quickInput.accept();
    await window.quickInput.waitForMessage(/does not start with a digit/);
    await window.quickInput.type('BELL');
    await window.quickInput.accept();
    await window.toast(/^The value of “Line” is copied as BELL=…/);
    const line = /^BELL=(\S+)$/.exec(await window.readClipboard());
    assert.equal(await statusAsBearer(api, 'project', line?.[1] ?? ''), 200);
    assert.deepEqual(await window.rows(projectTokens).then((rows) => rows.map(({ label }) => label).sort()), [
      'Header',
      'Line',
    ]);
  });
});
