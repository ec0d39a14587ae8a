import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { jwtVerify } from 'jose';
import { type InputBox, workspace } from 'vscode';
import { statusAsBearer } from '../support/bearer.ts';
import { eventually } from '../support/eventually.ts';
import { filesWith } from '../support/filesWith.ts';
import { useHeldProduct } from '../support/heldExtension/heldProduct.ts';

const problemOf = ({ validationMessage }: InputBox): string =>
  typeof validationMessage === 'string' ? validationMessage : '';

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

  it('has no token and no key for a name: such a text is removed, and goes nowhere', async () => {
    const product = held.current;
    const api = await product.connect();
    const { quickInputs } = product;
    const secret = 'sk_live_4eC39HqLyjWDarjtT1zdp7dc';
    const { node } = await product.row('userTokens', 'hana@example.com');
    for (const [title, command, row, name] of [
      ['Create Project Token', 'createProjectToken', undefined, 'Named'],
      // A user token needs no name: the Enter behind the paste must not take the emptied box.
      ['Create Token for hana@example.com', 'createTokenForUser', node, ''],
    ] as const) {
      const created = product.run(command, row);
      const box = await quickInputs.enter(title, secret);
      await eventually(() => assert.equal(box.value, ''));
      assert.match(problemOf(box), /^This looks like a token or a key\./);
      await quickInputs.leave(title);
      await created;
      // Nothing of it comes back as a draft.
      const again = product.run(command, row);
      await eventually(() => assert.deepEqual(quickInputs.titles, [title]));
      product.clipboard.text = 'something else';
      await quickInputs.type(title, name);
      await quickInputs.pick(title, '90 days');
      await again;
    }
    const edited = product.run('editConnection');
    await quickInputs.pick(`127.0.0.1:${api.port}`, '$(edit) Rename…');
    const box = await quickInputs.enter('Rename Connection', api.token);
    await eventually(() => assert.equal(box.value, ''));
    assert.match(problemOf(box), /^This looks like a token or a key\./);
    await quickInputs.type('Rename Connection', 'Mine');
    await edited;
    assert.equal(api.journal.count({ method: 'POST' }), 2);
    assert.ok(!JSON.stringify(api.journal.find({})).includes(secret));
    assert.deepEqual(filesWith(product.globalStorage, secret), []);
  });

  it('whose answer lacked its expiry: what revokes it does not say that it never expires', async () => {
    const product = held.current;
    const api = await product.connect({ seed: 'empty' });
    api.faults.add({ method: 'POST', fault: { kind: 'edit', omit: ['expires_at'] } });
    product.clipboard.fails = true;
    void product.createProjectToken('Unsaid');
    await product.messages.press(/^The value of “Unsaid” could not be copied/, 'Revoke…');
    const question = await product.messages.press(/^Revoke “Unsaid”\?$/, 'Revoke');
    assert.match(question.detail, /^Unsaid: project token, expiry unknown, /m);
    await product.messages.shown(/^“Unsaid” was revoked\.$/);
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
