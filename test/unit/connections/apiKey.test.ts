import assert from 'node:assert/strict';
import { parseApiKey } from '../../../src/core/connections/apiKey.ts';

const part = (json: object): string => Buffer.from(JSON.stringify(json)).toString('base64url');
const jwt = (claims: object): string => `${part({ alg: 'HS256' })}.${part(claims)}.c2lnbmF0dXJl`;
const key = jwt({ jti: 'token-1' });

describe('parseApiKey', () => {
  const good: [string, string][] = [
    ['as it is', key],
    ['with spaces around', `  ${key}\t`],
    ['with a line break after it', `${key}\r\n`],
    ['with its scheme', `Bearer ${key}`],
    ['with its scheme in lower case', `bearer   ${key}\n`],
    ['as a header', `Authorization: Bearer ${key}`],
    ['as a line of .env', `MAGICBELL_API_KEY="${key}"`],
    ['as a line of JSON', `  "jwt": "${key}",`],
    ['broken into lines', `${key.slice(0, 9)}\n${key.slice(9)}`],
  ];
  for (const [how, text] of good) {
    it(`takes a key ${how}`, () => {
      const parsed = parseApiKey(text);
      assert.ok(parsed.ok);
      assert.equal(parsed.key.reveal(), key);
    });
  }

  for (const opaque of ['opaque-key', 'a-pk_1', 'a-sk_1'])
    it(`leaves to the API what only the API can tell of ${opaque}`, () => assert.equal(parseApiKey(opaque).ok, true));

  const bad: [string, string, RegExp][] = [
    ['nothing', '', /Paste a project token/],
    ['spaces', ' \n ', /Paste a project token/],
    ['a project API key', 'pk_0123456789', /project API key \(pk_…\)/],
    ['a project API key in capitals', 'PK_0123456789', /project API key/],
    ['a secret key', 'sk_0123456789', /Secret Key/],
    ['a user’s token by email', jwt({ user_email: 'a@b' }), /user token/],
    ['a user’s token by external id', `Bearer ${jwt({ user_external_id: '1' })}`, /user token/],
    ['two keys', `${key}\n${jwt({ jti: 'token-2' })}`, /no spaces or line breaks/],
    ['a key in the midst of something', `see:x,${key}/y`, /more than a token/],
    ['a user’s token by its role', jwt({ Role: 'user' }), /user token/],
    ['a wrapped project API key', 'MAGICBELL_API_KEY="pk_0123456789"', /project API key/],
    ['a key with a space inside', `${key} x`, /no spaces or line breaks/],
    ['a key with an invisible sign', `${key}\u200b`, /characters that no token has/],
    ['a key with an ellipsis', `${key.slice(0, 9)}…`, /characters that no token has/],
    ['a key after an invisible sign', `\u200b${key}`, /characters that no token has/],
    ['a key with a null', `${key}\0`, /characters that no token has/],
  ];
  for (const [what, text, problem] of bad) {
    it(`names ${what} for what it is, without quoting it`, () => {
      const parsed = parseApiKey(text);
      assert.ok(!parsed.ok);
      assert.match(parsed.problem, problem);
      for (const piece of text.split(/\s+/)) if (piece.length > 10) assert.ok(!parsed.problem.includes(piece));
      assert.ok(!parsed.problem.includes('0123456789'));
    });
  }
});
