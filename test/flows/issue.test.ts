import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { jwtVerify } from 'jose';
import { workspace } from 'vscode';
import { statusAsBearer } from '../support/bearer.ts';
import { useHeldProduct } from '../support/heldExtension/heldProduct.ts';

describe('Issuing a token', () => {
  const held = useHeldProduct();

  it('of a project: one POST, its value on the clipboard, and a bearer until it is revoked', async () => {
    const product = held.current;
    const api = await product.connect();
    await product.createProjectToken('Of a flow');
    await product.messages.shown(/^The value of “Of a flow” is copied\. It cannot be shown again\.$/);
    assert.equal(api.journal.count({ method: 'POST' }), 1);
    const value = product.clipboard.text;
    assert.equal(await statusAsBearer(api, 'project', value), 200);

    const { node } = await product.row('projectTokens', 'Of a flow', /^in /);
    const revoked = product.run('revokeToken', node, undefined);
    const question = await product.messages.press(/^Revoke “Of a flow”\?$/, 'Revoke');
    assert.ok(question.isModal);
    assert.match(question.detail, /cannot be undone/);
    await revoked;
    await product.row('projectTokens', 'Of a flow', /^revoked$/);
    assert.equal(await statusAsBearer(api, 'project', value), 401);
  });

  it('of a user who is found by a search, with an expiry as typed', async () => {
    const product = held.current;
    const api = await product.connect();
    const { quickInputs } = product;
    const created = product.run('createUserToken');
    await quickInputs.search('Create User Token', 'hana@');
    await quickInputs.pick('Create User Token', '$(account) hana@example.com');
    await quickInputs.type('Create Token for hana@example.com', 'Tablet');
    await quickInputs.pick('Create Token for hana@example.com', 'Custom…');
    await quickInputs.type('Create Token for hana@example.com', '45d');
    await created;
    await product.messages.shown(/^The value of “Tablet” is copied/);
    assert.equal(await statusAsBearer(api, 'user', product.clipboard.text), 200);
    const [request] = api.journal.find({ method: 'POST' });
    const days = (JSON.parse(request?.body ?? '{}') as { expiry: number }).expiry / 86_400;
    assert.ok(Math.abs(days - 45) < 0.01, String(days));
    const hana = await product.row('userTokens', 'hana@example.com');
    await product.row('userTokens', 'Tablet', /^in /, hana.node);
  });

  it('into a .env file that git ignores, and not onto the clipboard', async () => {
    const product = held.current;
    const api = await product.connect({ seed: 'empty' });
    const folder = workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
    const env = path.join(folder, '.env');
    execFileSync('git', ['init', '-q'], { cwd: folder });
    writeFileSync(path.join(folder, '.gitignore'), '.env\n');
    writeFileSync(env, '# kept\nMAGICBELL_PROJECT_TOKEN="old"\r\nOTHER=1\n');
    const { quickInputs } = product;
    const created = product.run('createProjectToken');
    await quickInputs.type('Create Project Token', 'In a file');
    await quickInputs.pick('Create Project Token', '$(file-code) Deliver to .env…');
    await quickInputs.pick('Deliver to .env', '.env');
    await quickInputs.type('Deliver to .env', 'MAGICBELL_PROJECT_TOKEN');
    await quickInputs.pick('Create Project Token', '7 days');
    await created;
    await product.messages.shown(/^The value of “In a file” is in \.env as MAGICBELL_PROJECT_TOKEN\./);
    const [, value = ''] =
      /^# kept\nMAGICBELL_PROJECT_TOKEN="(.+)"\r\nOTHER=1\n$/.exec(readFileSync(env, 'utf8')) ?? [];
    assert.equal(await statusAsBearer(api, 'project', value), 200);
    assert.equal(product.clipboard.text, '');
    for (const name of ['.git', '.gitignore', '.env']) rmSync(path.join(folder, name), { recursive: true });
  });

  it('signed for a user: MagicBell accepts it, and nothing was asked of MagicBell', async () => {
    const product = held.current;
    const api = await product.connect();
    await product.row('userTokens', 'hana@example.com');
    api.journal.clear();
    const value = await product.signFor('hana@example.com', api);
    await product.messages.shown(/is copied\. Signed here, it is not listed/);
    assert.deepEqual(api.journal.find({}), []);
    const { payload } = await jwtVerify(value, Buffer.from(api.keys.secretKey));
    assert.equal(payload['user_email'], 'hana@example.com');
    assert.equal(await statusAsBearer(api, 'user', value), 200);
  });
});
