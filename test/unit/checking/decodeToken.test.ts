import assert from 'node:assert/strict';
import fc from 'fast-check';
import { claimRows } from '../../../src/core/checking/claimRows.ts';
import { claimInstant, claimText, decodeToken } from '../../../src/core/checking/decodeToken.ts';
import { unwrapSecret } from '../../../src/core/checking/pastedSecret.ts';
import { identityOfClaims } from '../../../src/core/checking/tokenIdentity.ts';

const encoded = (text: string): string => Buffer.from(text).toString('base64url');
const part = (json: object): string => encoded(JSON.stringify(json));
const header = part({ alg: 'HS256', typ: 'JWT' });
const signature = 's'.repeat(43);

const whole = `${header}.${part({ user_email: 'a@example.com', exp: 1_800_000_000 })}.${signature}`;
const seeds: readonly string[] = [
  '',
  whole,
  `{"token":"${whole}"}`,
  JSON.stringify({ Role: 'project', ProjectKey: { ID: 1, APIKey: 'pk_0123456789' }, UserKey: {}, exp: 1, iat: null }),
  JSON.stringify({ user_email: 'a@b.c', nested: { deeper: [{ token: whole }, whole] }, text: `x${whole}y` }),
  '{"a":9007199254740993,"b":-12345678901234567890,"exp":1e400,"iat":1e15,"c":"\\ud800"}',
];
const pieces: readonly string[] = [
  ...[
    '',
    '.',
    '"',
    '\\',
    '{',
    '}',
    '[',
    ',',
    ':',
    '=',
    '\n',
    '\0',
    '\u202e',
    '🎉',
    'é',
    '\ud800',
    ' ',
    'Bearer ',
    'eyJ',
  ],
  ...[
    '99999999999999999999',
    '-',
    'e',
    'null',
    'true',
    '"exp":',
    '"__proto__":{},',
    '"Role":"user",',
    whole,
    'a'.repeat(300),
  ],
];

/** The same numbers in [0, 1) each time (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

describe('decodeToken', () => {
  const claimsOf = (text: string): unknown => {
    const decoded = decodeToken(text);
    return decoded.ok ? decoded.claims : decoded.problem;
  };
  const problemsOf = (text: string): string => {
    const decoded = decodeToken(text);
    return decoded.ok ? decoded.problems.join(' ') : decoded.problem;
  };

  it('reads header and claims, and has nothing to say against a whole token', () => {
    const decoded = decodeToken(` ${header}.${part({ a: 1 })}.${signature}\n`);
    assert.deepEqual(decoded, { ok: true, header: { alg: 'HS256', typ: 'JWT' }, claims: { a: 1 }, problems: [] });
  });

  it('reads claims in UTF-8', () => {
    assert.deepEqual(claimsOf(`${header}.${part({ name: 'Grüße 🎉' })}.${signature}`), { name: 'Grüße 🎉' });
  });

  it('keeps the digits of integers over 2^53, and nothing else changes', () => {
    const json =
      '{"a":9007199254740993,"b":-12345678901234567890,"c":9007199254740991,"d":"12345678901234567890","e":1.5e3,' +
      '"f":[9007199254740993],"g":"\\\\\\"9007199254740993"}';
    assert.deepEqual(claimsOf(`${header}.${encoded(json)}.${signature}`), {
      a: '9007199254740993',
      b: '-12345678901234567890',
      c: 9007199254740991,
      d: '12345678901234567890',
      e: 1500,
      f: ['9007199254740993'],
      g: '\\"9007199254740993',
    });
  });

  it('reads what has no signature, or is padded, and says so', () => {
    assert.deepEqual(claimsOf(`${header}.${part({ a: 1 })}`), { a: 1 });
    assert.match(problemsOf(`${header}.${part({ a: 1 })}`), /signature is missing/);
    assert.match(problemsOf(`${header}.${part({ a: 1 })}.`), /signature is missing/);
    const padded = [{ alg: 'HS256' }, { a: '??>>' }].map((json) =>
      Buffer.from(JSON.stringify(json)).toString('base64'),
    );
    assert.deepEqual(claimsOf(`${padded.join('.')}.${signature}`), { a: '??>>' });
    assert.match(problemsOf(`${padded.join('.')}.${signature}`), /plain base64/);
  });

  const wrong: readonly (readonly [string, string, RegExp])[] = [
    ['nothing', ' ', /nothing to check/],
    ['a project API key', 'pk_0123456789', /project API key/],
    ['a Secret Key', 'sk_0123456789', /Secret Key/],
    ['a word', 'opaque', /not a JWT/],
    ['the first part', header, /only the first part/],
    ['an encrypted token', 'eyJh.a.b.c.d', /encrypted/],
    ['a version', '1.2.3.4', /more than three parts/],
    ['a host', 'www.example.com', /not a JWT: its header part/],
    ['a header that is no object', `${encoded('[1]')}.${part({})}.x`, /header part is not an object/],
    [
      'a header that is not UTF-8',
      `${Buffer.from([0xff, 0xfe]).toString('base64url')}.${part({})}.x`,
      /not text in UTF-8/,
    ],
    [
      'claims that are cut',
      `${header}.${part({ abc: 'def' }).slice(0, 12)}.${signature}`,
      /claims part is not JSON, or is cut/,
    ],
    ['claims that are cut inside a byte', `${header}.${part({ abc: 1 }).slice(0, 9)}`, /claims part is cut off/],
    ['no claims', `${header}..${signature}`, /claims part is empty/],
    ['a cut signature', `${header}.${part({})}.abc`, /signature is cut off/],
    ['too much', `${header}.${part({})}.${signature}abc`, /signature is too long/],
    ['a signature with an ellipsis', `${header}.${part({})}.ab…`, /characters that no token has/],
    ['something huge', `${header}.${'a'.repeat(70_000)}`, /too long/],
  ];
  for (const [what, text, problem] of wrong) {
    it(`says what is wrong with ${what}, without quoting it`, () => {
      assert.match(problemsOf(text), problem);
      for (const piece of text.split('.')) if (piece.length > 8) assert.equal(problemsOf(text).includes(piece), false);
    });
  }

  it('survives 100,000 inputs, and never shows a secret that they hold', () => {
    const random = randomNumbers(20261130);
    const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
    const now = new Date('2026-11-30T12:00:00Z');
    for (let count = 0; count < 100_000; count++) {
      let text = pick(seeds);
      for (let changes = Math.floor(random() * 4); changes > 0; changes--) {
        const at = Math.floor(random() * (text.length + 1));
        text = text.slice(0, at) + pick(pieces) + text.slice(at + Math.floor(random() * pick([0, 1, 8, 64])));
      }
      // Every other one is changed inside its claims, not in the token's text.
      const decoded = decodeToken(unwrapSecret(count % 2 === 0 ? text : `${header}.${encoded(text)}.${signature}`));
      if (!decoded.ok) continue;
      identityOfClaims(decoded.claims ?? {});
      for (const { name, value } of claimRows(decoded.claims ?? {}, now))
        assert.equal(/eyJ[\w-]{8}/.test(`${name} ${value}`), false, 'a token is shown');
    }
  }).timeout(900_000);

  it('reads any claims, however the token was wrapped', () => {
    const wrappings: readonly ((token: string) => string)[] = [
      (token) => token,
      (token) => `"${token}",`,
      (token) => `export TOKEN='${token}'`,
      (token) => `Authorization: Bearer ${token}`,
      (token) => JSON.stringify({ token }, undefined, 2),
      (token) => `${token.slice(0, 60)}\n  ${token.slice(60)}`,
    ];
    const name = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => text !== '__proto__');
    const claim = fc.oneof(fc.string({ unit: 'grapheme' }), fc.maxSafeInteger(), fc.boolean(), fc.constant(null));
    fc.assert(
      fc.property(fc.dictionary(name, claim), fc.constantFrom(...wrappings), (claims, wrapped) => {
        const read = claimsOf(unwrapSecret(wrapped(`${header}.${part(claims)}.${signature}`), 'token'));
        assert.equal(JSON.stringify(read), JSON.stringify(claims));
      }),
      { numRuns: 2000 },
    );
  });

  it('reads its worst in linear time', () => {
    const worst = ['[', '{"a":', '"\\"', '1', '-', '1e', '"', '\\', '{"a":1,'];
    for (const piece of worst) {
      const start = process.cpuUsage();
      const decoded = decodeToken(`${header}.${encoded(piece.repeat(48_000 / piece.length))}.x`);
      assert.equal(decoded.ok, true);
      // Not by the clock: other programs may have the processor.
      const took = process.cpuUsage(start).user / 1000;
      assert.equal(took < 300, true, `${piece} took ${took} ms`);
    }
  }).timeout(300_000);
});

describe('claims', () => {
  it('are instants only where they are numbers that are dates', () => {
    assert.deepEqual(claimInstant(1_800_000_000), new Date('2027-01-15T08:00:00Z'));
    for (const claim of [undefined, null, '1800000000', 1e300, NaN, {}]) assert.equal(claimInstant(claim), undefined);
    assert.equal(claimText(''), undefined);
    assert.equal(claimText(12), '12');
  });

  it('are rows for a person, without secrets, and in bounds', () => {
    const now = new Date('2026-11-30T12:00:00Z');
    const rows = claimRows(
      {
        Role: 'project',
        ProjectKey: { ID: 7, Name: 'Acme $(alert)', APIKey: 'pk_0123456789abcd', empty: {} },
        exp: now.getTime() / 1000 + 86_400,
        nested: `${header}.${part({ a: 1 })}.${signature}`,
        list: [1, 2],
      },
      now,
      { locale: 'en', timeZone: 'UTC' },
    );
    assert.deepEqual(rows, [
      { name: 'Role', value: 'project' },
      { name: 'ProjectKey.ID', value: '7' },
      { name: 'ProjectKey.Name', value: 'Acme $ (alert)' },
      { name: 'ProjectKey.APIKey', value: 'pk_…abcd' },
      { name: 'ProjectKey.empty', value: '{}' },
      { name: 'exp', value: 'Dec 1, 2026, 12:00 PM UTC (tomorrow)' },
      { name: 'nested', value: '<redacted>' },
      { name: 'list', value: '[1,2]' },
    ]);
    const many = claimRows(Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`c${index}`, index])), now);
    assert.equal(many.length, 51);
    assert.equal(many.at(-1)?.value, 'there are more claims');
  });
});
