import assert from 'node:assert/strict';
import fc from 'fast-check';
import { mayBeSecret, unwrapSecret } from '../../../src/core/checking/pastedSecret.ts';

const part = (json: object): string => Buffer.from(JSON.stringify(json)).toString('base64url');
const token = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ user_email: 'a@example.com' })}.${'s'.repeat(43)}`;
const other = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ user_email: 'b@example.com' })}.${'t'.repeat(43)}`;

describe('unwrapSecret', () => {
  const wrappings: readonly (readonly [string, string])[] = [
    ['nothing', token],
    ['spaces', `  ${token}\r\n`],
    ['double quotes', `"${token}"`],
    ['single quotes', `'${token}'`],
    ['backticks', `\`${token}\``],
    ['quotes and a comma', `"${token}",`],
    ['a comma', `${token},`],
    ['a semicolon', `'${token}';`],
    ['only a last quote', `${token}"`],
    ['a name', `MAGICBELL_TOKEN=${token}`],
    ['a name and quotes', `MAGICBELL_TOKEN="${token}"`],
    ['a name, spaces and quotes', `token = "${token}"`],
    ['a name and a comment', `MAGICBELL_TOKEN=${token} # production`],
    ['export', `export MAGICBELL_TOKEN='${token}'`],
    ['set', `set MAGICBELL_TOKEN=${token}`],
    ['PowerShell', `$env:MAGICBELL_TOKEN="${token}"`],
    ['PowerShell with spaces', `$env:MAGICBELL_TOKEN = '${token}'`],
    ['YAML', `magicbell_token: ${token}`],
    ['a line of JSON', `"token": "${token}",`],
    ['a line of JSON without a comma', `  "jwt" : "${token}"`],
    ['JSON', `{"token_id":"1","token":"${token}"}`],
    ['nested JSON', JSON.stringify({ data: [{ id: 1 }, { auth: { value: token } }] }, undefined, 2)],
    ['a scheme', `Bearer ${token}`],
    ['a scheme in lower case', `bearer   ${token}`],
    ['a header', `Authorization: Bearer ${token}`],
    ['a header for curl', `-H "Authorization: Bearer ${token}"`],
    ['a header in code', `'Authorization': 'Bearer ${token}',`],
    ['line breaks', `${token.slice(0, 40)}\n${token.slice(40, 80)}\r\n  ${token.slice(80)}`],
    ['a name and line breaks', `TOKEN="${token.slice(0, 40)}\n${token.slice(40)}"`],
    ['other lines', `# .env\nNAME=x\nMAGICBELL_TOKEN=${token}\nMAGICBELL_API_KEY=pk_0123456789\n`],
    ['angle brackets', `<${token}>`],
    ['printed brackets', `‹${token}›`],
    ['printed quotes', `“${token}”`],
    ['round brackets', `(${token})`],
    ['a full stop', `${token}.`],
    ['a name without a space', `TOKEN:${token}`],
    ['a list', `["${token}"]`],
    ['curly brackets', `{${token}}`],
    ['bold type', `**${token}**`],
    ['an address', `https://example.com/hook?token=${token}&x=1`],
    ['a written line break', `${token}\\n`],
    ['the same token twice', `A=${token}\nB=${token}`],
    ['blanks inside the quotes', `" ${token} "`],
    ['a scheme in quotes', `TOKEN="Bearer ${token}"`],
    ['a quoted scheme on its own', `"Bearer ${token}"`],
    ['quotes of JSON in quotes', `'"${token}"'`],
    ['a comment after a name in a header', `Authorization: Bearer ${token} # of CI`],
    ['a name in lower case of PowerShell', `setx TOKEN=${token}`],
    ['a name in quotes and a comma after line breaks', `"${token.slice(0, 30)}\n${token.slice(30)}",`],
    ['line breaks inside the signature', `${token.slice(0, -20)}\n${token.slice(-20)}`],
    ['a line break right after the claims', `${token.slice(0, token.lastIndexOf('.') + 1)}\n${'s'.repeat(43)}`],
    ['JSON with a comma after it', `{"token":"${token}"},`],
    ['JSON of a name in a value', JSON.stringify({ line: `MAGICBELL_TOKEN=${token}` })],
    ['JSON that holds null and numbers', `{"a":null,"b":1,"token":"${token}"}`],
    ['an empty value beside it', `OLD_TOKEN=\nNEW=${token}`],
  ];
  for (const [what, text] of wrappings)
    it(`takes off ${what}`, () => assert.equal(unwrapSecret(text, 'token'), token, what));

  it('finds what is wanted among several, by shape or by name', () => {
    const config = JSON.stringify({ email: 'a@b.c', jwt: token, api_key: 'pk_0123456789', secret_key: 'opaque' });
    assert.equal(unwrapSecret(config, 'token'), token);
    assert.equal(unwrapSecret(config, 'projectApiKey'), 'pk_0123456789');
    assert.equal(unwrapSecret(config, 'secretKey'), 'opaque');
    assert.equal(unwrapSecret(config), token);
  });

  it('looks as deep into JSON as answers go, and no deeper', () => {
    const nested = (depth: number): string =>
      `{"other":"x","more":"y",${'"a":{'.repeat(depth - 1)}"value":"${token}"${'}'.repeat(depth)}`;
    assert.equal(unwrapSecret(nested(5), 'token'), token);
    assert.equal(unwrapSecret(nested(6), 'token'), nested(6));
  });

  it('goes by the name only when no value has the shape, and then by one that is there', () => {
    assert.equal(unwrapSecret('A_TOKEN=opaque\nB=x', 'token'), 'opaque');
    assert.equal(unwrapSecret('A_TOKEN=opaque\nB_TOKEN=opaque', 'token'), 'opaque');
    assert.equal(unwrapSecret(`A_TOKEN=opaque\nB=${token}`, 'token'), token);
    const two = 'A_TOKEN=opaque\nB_TOKEN=other';
    assert.equal(unwrapSecret(two, 'token'), two);
    assert.equal(unwrapSecret('{"token":"","jwt":"opaque"}', 'token'), 'opaque');
    const neither = 'A=opaque\nB=other';
    assert.equal(unwrapSecret(neither), neither);
  });

  it('prefers a token to a key, and a key to a secret, when nothing is said of what is wanted', () => {
    assert.equal(unwrapSecret('A=sk_0123456789\nB=pk_0123456789'), 'pk_0123456789');
    assert.equal(unwrapSecret('A=sk_0123456789\nB=x'), 'sk_0123456789');
    const twice = `A=${token}\nB=${other}\nC=pk_0123456789`;
    assert.equal(unwrapSecret(twice), twice);
  });

  it('does not take the lines after a whole token for a part of it', () => {
    for (const length of [43, 64, 86, 342, 512, 683]) {
      const whole = `${part({ alg: 'HS256' })}.${part({ a: 1 })}.${'s'.repeat(length)}`;
      assert.equal(unwrapSecret(`${whole}\nrest`, 'token'), whole, `${length}`);
    }
    assert.equal(unwrapSecret('ey\nJabc.def', 'token'), 'ey\nJabc.def');
  });

  it('keeps a sharp that belongs to a quoted or a nameless value', () => {
    assert.equal(unwrapSecret('SECRET="a #b"', 'secretKey'), 'a #b');
    assert.equal(unwrapSecret('sk_abc #b', 'secretKey'), 'sk_abc #b');
    assert.equal(unwrapSecret('SECRET=sk_abc  # why #2', 'secretKey'), 'sk_abc');
    assert.equal(unwrapSecret('SECRET=a#b', 'secretKey'), 'a#b');
  });

  it('takes off what is there: a lone quote, a comma at the end only, a scheme at the beginning only', () => {
    assert.equal(unwrapSecret('"', 'token'), '');
    assert.equal(unwrapSecret('"opaque', 'secretKey'), 'opaque');
    assert.equal(unwrapSecret('KEY=a,b;c', 'secretKey'), 'a,b;c');
    assert.equal(unwrapSecret('KEY=the bearer abc', 'secretKey'), 'the bearer abc');
    assert.equal(unwrapSecret('a"b', 'secretKey'), 'a"b');
  });

  it('only trims a text that is longer than any file of settings', () => {
    const long = `TOKEN=${token}\n`.padEnd(64 * 1024 + 1, 'x');
    assert.equal(unwrapSecret(` ${long} `, 'token'), long);
    const fits = `TOKEN=${token}\n${'x'.repeat(64 * 1024)}`.slice(0, 64 * 1024);
    assert.equal(unwrapSecret(fits, 'token'), token);
    const many = `${'A=1\n'.repeat(500)}TOKEN=${token}`;
    assert.equal(unwrapSecret(many, 'token'), many);
    assert.equal(unwrapSecret(`${'A=1\r\n\r\n'.repeat(499)}TOKEN=${token}`, 'token'), token);
  });

  it('takes a token without its signature, and a key with padding', () => {
    const unsigned = token.slice(0, token.lastIndexOf('.'));
    assert.equal(unwrapSecret(`NAME=${unsigned}`, 'token'), unsigned);
    assert.equal(unwrapSecret('SECRET=abc+/123==', 'secretKey'), 'abc+/123==');
    assert.equal(unwrapSecret('abc123==', 'secretKey'), 'abc123==');
  });

  it('takes a key out of what stands around it', () => {
    for (const text of ['<sk_live_0123>', 'SECRET_KEY:sk_live_0123', '["sk_live_0123"]', '(sk_live_0123).'])
      assert.equal(unwrapSecret(text, 'secretKey'), 'sk_live_0123', text);
    assert.equal(unwrapSecret('<pk_0123456789>', 'projectApiKey'), 'pk_0123456789');
    assert.equal(unwrapSecret('sk_ab+/c==', 'secretKey'), 'sk_ab+/c==');
  });

  it('cuts nothing out of what is longer than a token, or written in plain base64', () => {
    for (const text of [`<${token}.${'a'.repeat(20)}>`, `(${token}+/ab)`, `${token},${other}`, `my${token}`])
      assert.equal(unwrapSecret(text, 'token'), text);
  });

  it('does not choose between two tokens, nor put together what is not one', () => {
    for (const text of [`${token}\n${other}`, `A=${token}\nB=${other}`, `${token} ${other}`, `${token} x`, 'two words'])
      assert.equal(unwrapSecret(text, 'token'), text);
    assert.equal(unwrapSecret(`${token}\nsome more`, 'token'), token);
  });

  it('leaves everything else as it is', () => {
    for (const text of ['', 'opaque-key', 'hana@example.com', '{"a":', '{}', 'a:b', `${token}\u200b`])
      assert.equal(unwrapSecret(text), text);
  });
});

describe('mayBeSecret', () => {
  const secrets = [
    token,
    `"${token}",`,
    token.slice(0, 30),
    `NAME=${token}`,
    'eyJhbGci',
    'pk_0123456789',
    'sk_live_0123456789',
    'Bearer opaque',
    'SECRET_KEY=abcdefgh',
    '"token": "abcdefgh"',
    // The middle of a token, or a key of a shape of its own.
    'Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM',
    `${'a'.repeat(38)}A1`,
    `see (${'a'.repeat(38)}A1), please`,
  ];
  for (const text of secrets) it(`suspects ${text.slice(0, 12)}…`, () => assert.equal(mayBeSecret(text), true, text));

  const harmless = [
    '',
    'hana@example.com',
    'a.very.long.address.with.many.words.2026@subdomain.of.some.Company.example.com',
    '0195f9a4-7c1b-7e2f-9d3a-1c2b3a4d5e6f',
    '5f7c8ec7c33c6c004bbafe82',
    'auth0|5f7c8ec7c33c6c004bbafe82',
    'XkN3vT9pQ2aWm8LrB5dE7yHcJ4fG',
    'd41d8cd98f00b204e9800998ecf8427ed41d8cd98f00b204e9800998ecf8427e',
    'CI deploy key',
    'token of production',
    `${'a'.repeat(37)}A1`,
    `${'a'.repeat(40)}1`,
    `${'A'.repeat(40)}1`,
    `${'a'.repeat(40)}A`,
    `${'aA1'.repeat(10)}.${'aA1'.repeat(10)}`,
    'ключ',
  ];
  for (const text of harmless) it(`lets “${text}” pass`, () => assert.equal(mayBeSecret(text), false, text));
});

describe('what is pasted, at its worst', () => {
  it('takes linear time', () => {
    const worst = [
      'eyJ',
      'eyJ.',
      'pk_',
      '"',
      "'\n",
      '\\"',
      'a=',
      'A: ',
      '{"a":',
      'bearer ',
      'token',
      'token=',
      ' #',
      '[',
      'Aa1',
      'Aa1.',
      ',;',
    ];
    for (const piece of worst) {
      for (const text of [piece.repeat(200_000), `eyJ${piece.repeat(20_000)}`, `{${piece.repeat(10_000)}`]) {
        const start = process.cpuUsage();
        mayBeSecret(text);
        unwrapSecret(text);
        unwrapSecret(text, 'token');
        // Not by the clock: other programs may have the processor.
        const took = process.cpuUsage(start).user / 1000;
        assert.equal(took < 300, true, `${JSON.stringify(piece)} took ${took} ms`);
      }
    }
  }).timeout(600_000);

  it('never fails', () => {
    const wrapping = fc.constantFrom('', '"', "'", ',', 'A=', 'Bearer ', 'export ', '\n', '{', ' ', '$env:X=');
    const text = fc
      .tuple(wrapping, wrapping, fc.oneof(fc.string(), fc.constant(token)), wrapping, wrapping)
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (pasted) => {
        mayBeSecret(pasted);
        assert.equal(typeof unwrapSecret(pasted, 'token'), 'string');
      }),
      { numRuns: 2_000 },
    );
  }).timeout(600_000);
});
