import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { lm, workspace } from 'vscode';
import { callTool } from '../support/agent.ts';
import { useHeldProduct } from '../support/heldExtension/heldProduct.ts';

type TokenData = Readonly<Record<string, string | boolean>>;
const tokensOf = ({ data }: { readonly data: Readonly<Record<string, unknown>> }): TokenData[] =>
  data['tokens'] as TokenData[];

describe('An agent', () => {
  const held = useHeldProduct();
  const folder = (): string => workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';

  afterEach(() => held.current.configure('agents', undefined));

  it('finds the tools that only look @smoke', () => {
    const names = lm.tools.map(({ name }) => name).filter((name) => name.startsWith('magicbell_'));
    for (const name of ['magicbell_list_tokens', 'magicbell_expiring_tokens', 'magicbell_check_token'])
      assert.ok(names.includes(name), `${name} is not among ${names.join(', ')}`);
  });

  it('is told that nobody is signed in, and sends nothing', async () => {
    const { says } = await callTool('list_tokens', {});
    assert.match(says, /^Nobody is signed in: no project is connected\./);
  });

  it('lists the tokens of the project and of a user, with their metadata @smoke', async () => {
    const product = held.current;
    const api = await product.connect();
    const ofProject = await callTool('list_tokens', { filter: 'active' });
    const named = tokensOf(ofProject).find(({ name }) => name === 'CI deploy');
    assert.equal(named?.['kind'], 'project');
    assert.match(String(named['expires']), /^20\d\d-/);
    assert.deepEqual(Object.keys(named).sort(), ['created', 'expires', 'id', 'kind', 'name', 'state']);
    const ofUser = await callTool('list_tokens', { kind: 'user', user: 'hana@example.com' });
    assert.ok(tokensOf(ofUser).length > 0, ofUser.text);
    assert.ok(tokensOf(ofUser).every(({ kind, user }) => kind === 'user' && user === 'hana@example.com'));
    assert.equal(api.journal.count({ method: 'POST' }), 0);
  });

  it('checks a token by its id and by the line of a file, whose value is not in the answer', async () => {
    const product = held.current;
    await product.connect({ seed: 'empty' });
    await product.createProjectToken('For a file');
    const value = product.clipboard.text;
    const env = path.join(folder(), '.env');
    writeFileSync(env, `# a comment\nMAGICBELL_TOKEN="${value}"\n`);
    const byLine = await callTool('check_token', { file: '.env', line: 2 });
    const found = byLine.data['token'] as TokenData;
    assert.equal(found['name'], 'For a file');
    assert.equal(byLine.data['wasMadeHere'], true);
    for (const part of value.split('.')) assert.ok(!byLine.text.includes(part), 'a part of the value is in the answer');
    const byId = await callTool('check_token', { id: found['id'] });
    assert.deepEqual(byId.data['token'], found);
    assert.match((await callTool('check_token', { file: '.env', line: 9 })).says, /no line of that number/);
    for (const file of ['../.env', `${folder()}/../.env`])
      assert.match((await callTool('check_token', { file, line: 1 })).says, /Only files of the open folders/);
    rmSync(env);
  });

  it('names what expires, soonest first', async () => {
    const product = held.current;
    await product.connect();
    const answer = await callTool('expiring_tokens', { withinDays: 3650 });
    const live = tokensOf(answer).filter(({ state }) => state !== 'expired');
    assert.ok(live.length > 1, answer.text);
    const instants = live.map(({ expires }) => String(expires));
    assert.deepEqual(instants, [...instants].sort());
  });

  it('is told by each tool what MagicBell of June 2026 does not have, and still which token was signed here', async () => {
    const product = held.current;
    await product.configure('agents', 'change');
    const api = await product.connect({ seed: 'june-2026', switches: { projectTokens: 'RS256' } });
    const hana = 'hana@example.com';
    const noList = /^This MagicBell API does not list project tokens\. .*“MagicBell: Open Project Auth”\.$/;
    const changed = /^Nothing was changed\. This MagicBell API does not list project tokens\./;
    const expected: readonly [string, object, RegExp][] = [
      ['list_tokens', {}, noList],
      [
        'list_tokens',
        { kind: 'user', user: hana },
        /^This MagicBell API does not list user tokens\. .*Show Signed Tokens…”\.$/,
      ],
      ['expiring_tokens', {}, noList],
      ['check_token', { id: 'an-id' }, noList],
      ['issue_token', { kind: 'project', name: 'New' }, / does not create project tokens\. .*Open Project Auth/],
      ['rotate_token', { id: 'an-id' }, changed],
      ['revoke_token', { id: 'an-id' }, changed],
    ];
    for (const [name, input, says] of expected) {
      const answer = await callTool(name, input);
      assert.match(answer.says, says, name);
      assert.deepEqual(answer.data, {}, name);
    }
    // That no user tokens are made is learned with the first that is asked for, and not asked about again.
    const issue = { kind: 'user', email: hana };
    const noUserTokens = / does not create user tokens\. .*“MagicBell: Sign for a User…”\.$/;
    const first = callTool('issue_token', issue);
    await product.messages.press(/^Create the user token for an agent\?$/, 'Copy to Clipboard');
    assert.match((await first).says, noUserTokens);
    assert.match((await callTool('issue_token', issue)).says, noUserTokens);

    const value = await product.signFor(hana, api);
    writeFileSync(path.join(folder(), '.env'), `TOKEN=${value}\n`);
    const { data } = await callTool('check_token', { file: '.env', line: 1 });
    rmSync(path.join(folder(), '.env'));
    const expiring = await callTool('expiring_tokens', {});
    assert.deepEqual(
      tokensOf(expiring).map(({ name, user }) => [name, user]),
      [['Signed here', hana]],
    );
    assert.equal(data['finding'], `This token was signed here for ${hana}.`);
    assert.equal(data['wasMadeHere'], true);
  });
});
