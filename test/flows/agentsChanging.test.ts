import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { commands, workspace } from 'vscode';
import { callTool } from '../support/agent.ts';
import { replace } from '../support/heldExtension/replace.ts';
import { statusAsBearer } from '../support/bearer.ts';
import { useHeldProduct } from '../support/heldExtension/heldProduct.ts';
import type { LocalApi } from '../server/localApi.ts';

type TokenData = Readonly<Record<string, string | boolean>>;

describe('An agent that changes tokens', () => {
  const held = useHeldProduct();
  beforeEach(() => held.current.configure('agents', 'change'));
  afterEach(() => held.current.configure('agents', undefined));

  const changes = (api: LocalApi): number =>
    api.journal.count({ method: 'POST' }) + api.journal.count({ method: 'DELETE' });
  const idOf = async (name: string): Promise<string> => {
    const { data } = await callTool('list_tokens', { text: name });
    const [token] = data['tokens'] as TokenData[];
    assert.ok(token, `no token “${name}”`);
    return String(token['id']);
  };

  it('is refused without a question while the setting does not allow it', async () => {
    const product = held.current;
    const api = await product.connect();
    const id = await idOf('CI deploy');
    for (const mode of ['read', 'off', undefined]) {
      await product.configure('agents', mode);
      for (const [name, input] of [
        ['issue_token', { kind: 'project', name: 'New' }],
        ['rotate_token', { id }],
        ['revoke_token', { id }],
      ] as const)
        assert.match((await callTool(name, input)).says, /^Nothing was done: the person does not allow agents/);
    }
    assert.equal(changes(api), 0);
    assert.ok(!product.messages.all.some(({ isModal }) => isModal));
  });

  it('issues a token when a person confirms it, which goes to the clipboard and not to the agent', async () => {
    const product = held.current;
    const api = await product.connect({ seed: 'empty' });
    const called = callTool('issue_token', { kind: 'project', name: 'Of an agent', expires: '7d' });
    const question = await product.messages.press(
      /^Create the project token “Of an agent” for an agent\?$/,
      'Copy to Clipboard',
    );
    assert.ok(question.isModal);
    assert.match(
      question.detail,
      /^Project: .+\nIt can do everything in this project\.\nIt expires .+\n\nThe agent does not/,
    );
    const { says, text } = await called;
    assert.match(
      says,
      /^The token was created, and the person has settled where its value went: as asked, to the clipboard/,
    );
    const value = product.clipboard.text;
    assert.equal(await statusAsBearer(api, 'project', value), 200);
    for (const part of value.split('.')) assert.ok(!text.includes(part));
    await product.messages.shown(/^The value of “Of an agent” is copied/);
  });

  it('issues one for a user into a .env file', async () => {
    const product = held.current;
    const api = await product.connect();
    const folder = workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
    execFileSync('git', ['init', '-q'], { cwd: folder });
    writeFileSync(path.join(folder, '.gitignore'), '.env\n');
    writeFileSync(path.join(folder, '.env'), 'OTHER=1\n');
    const called = callTool('issue_token', { kind: 'user', email: 'new.person@example.com', name: 'Phone' });
    const question = await product.messages.press(/^Create the user token “Phone” for an agent\?$/, 'Write to .env…');
    assert.match(
      question.detail,
      /It opens the inbox of new\.person@example\.com\.\nNo such user is known: this makes a new one\./,
    );
    await product.quickInputs.pick('Deliver to .env', '.env');
    await product.quickInputs.type('Deliver to .env', 'MAGICBELL_USER_TOKEN');
    const { says, text } = await called;
    assert.match(says, /as asked, to a \.env file/);
    const [, value = ''] =
      /MAGICBELL_USER_TOKEN="?([^"\n]+)/.exec(readFileSync(path.join(folder, '.env'), 'utf8')) ?? [];
    assert.equal(await statusAsBearer(api, 'user', value), 200);
    assert.ok(!text.includes(value.slice(0, 20)));
    for (const name of ['.git', '.gitignore', '.env']) rmSync(path.join(folder, name), { recursive: true });
  });

  it('rotates a token: the old one stays valid, and a reminder is set', async () => {
    const product = held.current;
    const api = await product.connect({ seed: 'empty' });
    await product.createProjectToken('To rotate');
    const old = product.clipboard.text;
    product.clipboard.text = 'something else';
    const id = await idOf('To rotate');
    const called = callTool('rotate_token', { id });
    const question = await product.messages.press(/^Rotate “To rotate” for an agent\?$/, 'Copy to Clipboard');
    assert.match(
      question.detail,
      /^Project: .+\nToken: project token, expires .+, ID ….+\n\nA new token of this name is created\. It expires .+\nThe old one stays valid\./,
    );
    assert.match((await called).says, /^The token was created/);
    assert.equal(await statusAsBearer(api, 'project', product.clipboard.text), 200);
    assert.equal(await statusAsBearer(api, 'project', old), 200);
    assert.notEqual(product.clipboard.text, old);
    assert.match((await callTool('rotate_token', { id })).says, /is being rotated already/);
  });

  it('revokes a token when a person confirms it', async () => {
    const product = held.current;
    const api = await product.connect({ seed: 'empty' });
    await product.createProjectToken('To revoke');
    const id = await idOf('To revoke');
    const called = callTool('revoke_token', { id });
    const question = await product.messages.press(/^Revoke “To revoke” of .+ for an agent\?$/, 'Revoke');
    assert.ok(question.isModal);
    assert.match(question.detail, /cannot be undone/);
    assert.match((await called).says, /^The token was revoked\./);
    assert.equal(await statusAsBearer(api, 'project', product.clipboard.text), 401);
    await product.messages.shown(/^“To revoke” was revoked\.$/);
    assert.match((await callTool('revoke_token', { id })).says, /is revoked already/);
  });

  it('changes nothing when the person declines, and cannot ask a second question beside the first', async () => {
    const product = held.current;
    const api = await product.connect();
    const id = await idOf('CI deploy');
    const asks: readonly [string, object, RegExp][] = [
      ['issue_token', { kind: 'project', name: 'New' }, /^Create the project token/],
      ['rotate_token', { id }, /^Rotate “/],
      ['revoke_token', { id }, /^Revoke “/],
    ];
    for (const [name, input, title] of asks) {
      const called = callTool(name, input);
      const question = await product.messages.shown(title);
      assert.match((await callTool('revoke_token', { id })).says, /has not answered an earlier question yet/);
      question.answer(undefined);
      assert.match((await called).says, /^Nothing was changed: the person declined\./);
      product.messages.clear();
    }
    assert.equal(changes(api), 0);
  });

  it('is refused where no window is, with a sentence', async () => {
    const product = held.current;
    const api = await product.connect();
    const restore = replace(product.vscode.commands, 'executeCommand', (command: string, ...args: unknown[]) =>
      command === 'setContext' ? Promise.reject(new Error('no window')) : commands.executeCommand(command, ...args),
    );
    try {
      const answer = await callTool('issue_token', { kind: 'project', name: 'New' });
      assert.match(answer.says, /^Nothing was changed: no window is there/);
    } finally {
      restore();
    }
    assert.equal(changes(api), 0);
  });

  it('has to name one of several projects, and acts only there', async () => {
    const product = held.current;
    const first = await product.connect({ seed: 'empty' });
    const second = await product.api({ seed: 'demo' });
    const added = product.run('addConnection');
    for (const text of [second.url, second.token, 'Staging']) await product.quickInputs.type('Add Connection', text);
    await added;
    const unnamed = await callTool('issue_token', { kind: 'project', name: 'Where' });
    assert.match(unnamed.says, /^Several projects are connected\./);
    const projects = unnamed.data['projects'] as TokenData[];
    assert.deepEqual(
      projects.map(({ name }) => name),
      [`127.0.0.1:${first.port}`, 'Staging'],
    );
    first.journal.clear();
    const called = callTool('issue_token', { kind: 'project', name: 'Where', project: 'Staging' });
    const question = await product.messages.press(/^Create the project token “Where”/, 'Copy to Clipboard');
    assert.match(question.detail, /^Project: Staging\n/);
    await called;
    assert.deepEqual([first.journal.find({}).length, second.journal.count({ method: 'POST' })], [0, 1]);
  });

  it('is told why nothing was created, offline and where the API does not offer it', async () => {
    const product = held.current;
    const api = await product.connect({ seed: 'empty' });
    await api.close();
    const called = callTool('issue_token', { kind: 'project', name: 'Offline' });
    await product.messages.press(/^Create the project token “Offline”/, 'Copy to Clipboard');
    const { says, data } = await called;
    assert.equal(says, 'This failed.');
    assert.match(String(data['reason']), /^No connection to/);
    assert.equal((await callTool('list_tokens', {})).says, 'This failed.');
  });
});
