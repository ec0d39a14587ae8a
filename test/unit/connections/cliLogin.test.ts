import assert from 'node:assert/strict';
import { Secret } from '../../../src/core/base/secret.ts';
import { parseCliLogin, withToken } from '../../../src/core/connections/cliLogin.ts';

const whole = {
  email: 'hana@example.com',
  jwt: 'eyJ.old.token',
  api_key: 'pk_1',
  secret_key: 'secret',
  later: { kept: [1] },
};

describe('parseCliLogin', () => {
  it('takes what is there of a whole login', () => {
    const login = parseCliLogin(JSON.stringify(whole));
    if (login.type !== 'login') assert.fail(`it is ${login.type}`);
    assert.equal(login.token.reveal(), 'eyJ.old.token');
    assert.equal(login.apiKey?.reveal(), 'pk_1');
    assert.equal(login.secretKey?.reveal(), 'secret');
  });

  it('leaves out keys of another project than the token’s', () => {
    const part = (json: object): string => Buffer.from(JSON.stringify(json)).toString('base64url');
    const claims = { Role: 'project', ProjectKey: { ID: 1, APIKey: 'pk_1' } };
    const jwt = `${part({ alg: 'RS256' })}.${part(claims)}.c2ln`;
    for (const [apiKey, isKept] of [
      ['pk_1', true],
      ['pk_2', false],
    ] as const) {
      const login = parseCliLogin(JSON.stringify({ ...whole, jwt, api_key: apiKey }));
      if (login.type !== 'login') assert.fail(`it is ${login.type}`);
      assert.deepEqual([login.apiKey !== undefined, login.secretKey !== undefined], [isKept, isKept], apiKey);
    }
  });

  it('takes empty strings for what is not there', () => {
    const login = parseCliLogin(JSON.stringify({ ...whole, api_key: '', secret_key: ' ' }));
    assert.equal(login.type === 'login' && login.apiKey, undefined);
    assert.equal(login.type === 'login' && login.secretKey, undefined);
    for (const text of ['{}', JSON.stringify({ ...whole, jwt: '' }), JSON.stringify({ ...whole, jwt: 7 })])
      assert.equal(parseCliLogin(text).type, 'loggedOut', text);
  });

  it('tells no file, and a broken one, from a login', () => {
    assert.equal(parseCliLogin(undefined).type, 'none');
    for (const text of ['', '{', '[]', 'null', '"eyJ"', `{"jwt":"${'x'.repeat(300_000)}"}`])
      assert.equal(parseCliLogin(text).type, 'unreadable', text.slice(0, 20));
  });
});

describe('withToken', () => {
  const old = new Secret('eyJ.old.token');
  const next = new Secret('eyJ.new.token');

  it('writes the token alone, and keeps the rest and its layout', () => {
    for (const text of [
      JSON.stringify(whole),
      `${JSON.stringify(whole, undefined, 2)}\n`,
      JSON.stringify(whole, undefined, '\t'),
    ])
      assert.equal(withToken(text, old, next), text.replace('eyJ.old.token', 'eyJ.new.token'));
  });

  it('leaves a login alone that is not the replaced one any more, and what cannot be read', () => {
    for (const text of [
      JSON.stringify({ ...whole, jwt: 'eyJ.another' }),
      JSON.stringify({ ...whole, jwt: '' }),
      '{',
      '',
    ])
      assert.equal(withToken(text, old, next), undefined, text);
  });
});
