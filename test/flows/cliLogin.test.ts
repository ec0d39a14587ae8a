import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { useHeldProduct } from '../support/heldExtension/heldProduct.ts';

describe('The login of the MagicBell CLI', () => {
  const held = useHeldProduct();
  const { HOME } = process.env;
  let home: string;
  let file: string;

  beforeEach(() => {
    home = mkdtempSync(path.join(tmpdir(), 'mbt-home-'));
    file = path.join(home, '.magicbell', 'config.json');
    mkdirSync(path.dirname(file));
    process.env['HOME'] = home;
  });

  afterEach(() => {
    process.env['HOME'] = HOME;
    rmSync(home, { recursive: true });
  });

  it('is read on the click, checked, restricted, and follows the rotation of the key when that is chosen', async () => {
    const product = held.current;
    const { messages, quickInputs } = product;
    const api = await product.api({ seed: 'empty', listAdminToken: true });
    await product.configure('apiBaseUrl', api.url);
    const write = (text: string): void => {
      writeFileSync(file, text);
      chmodSync(file, 0o644);
    };
    for (const [text, said] of [
      [undefined, /is not there\.$/],
      ['{"email":"hana@example.com","jwt":"","api_key":"","secret_key":""}', /is not logged in/],
      ['{"jwt":"eyJ', /is not whole JSON\.$/],
    ] as const) {
      if (text !== undefined) write(text);
      await product.run('useCliLogin');
      await messages.shown(said);
      messages.clear();
    }
    assert.deepEqual(api.journal.find({}), []);

    const login = {
      email: 'hana@example.com',
      jwt: api.token,
      api_key: api.keys.apiKey,
      secret_key: api.keys.secretKey,
    };
    write(`${JSON.stringify(login, undefined, 2)}\n`);
    const used = product.run('useCliLogin');
    const question = await messages.press(/^Use the login of the MagicBell CLI\?$/, 'Use the Token and the Secret Key');
    assert.match(question.detail, new RegExp(`checked with a call to ${new URL(api.url).host},`));
    await messages.shown(/^Connected to /);
    await messages.press(/^Others on this computer can read/, 'Let Only Me Read It');
    await used;
    assert.equal(statSync(file).mode & 0o777, 0o600);

    const { node } = await product.row('projectTokens', 'Local administrator');
    const rotated = product.run('rotateToken', node);
    await quickInputs.acceptAsItIs('Rotate Local administrator');
    await quickInputs.acceptAsItIs('Rotate Local administrator');
    await messages.press(/^This token is the API key/, 'Use the New One');
    await messages.press(/^The MagicBell CLI still uses the old key\.$/, 'Update Its Login');
    await messages.shown(/^The MagicBell CLI uses the new key now\.$/);
    messages.clear();
    await rotated;
    const value = product.clipboard.text;
    assert.notEqual(value, api.token);
    assert.equal(readFileSync(file, 'utf8'), `${JSON.stringify({ ...login, jwt: value }, undefined, 2)}\n`);
  });
});
