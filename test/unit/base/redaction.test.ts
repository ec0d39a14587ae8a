import assert from 'node:assert/strict';
import { Redactor, redactPatterns } from '../../../src/core/base/redaction.ts';
import { Secret } from '../../../src/core/base/secret.ts';
import { cpuMs } from '../../support/cpuTime.ts';

const value = 'S3cret/with+signs="and"\\more-than-twenty-characters';

describe('Redactor', () => {
  let redactor: Redactor;
  beforeEach(() => {
    redactor = new Redactor();
    redactor.remember(new Secret(value));
  });

  const forms: [string, string][] = [
    ['as it is', value],
    ['URL-encoded', encodeURIComponent(value)],
    ['as JSON', JSON.stringify({ value }).slice(10, -2)],
    ['as base64', Buffer.from(value).toString('base64')],
    ['as base64url', Buffer.from(value).toString('base64url')],
    ['cut at the front', value.slice(10)],
    ['cut at the end', value.slice(0, 20)],
    ['cut on both sides', value.slice(5, 30)],
  ];
  for (const [how, form] of forms) {
    it(`takes out a known value ${how}`, () => {
      const redacted = redactor.redact(`before ${form}, after ${form}`);
      assert.match(redacted, /^before <redacted>=*, after <redacted>=*$/);
    });
  }

  it('takes out the longest form: a shorter one inside it would leave its rest', () => {
    redactor.remember(new Secret('12345678%'));
    assert.equal(redactor.redact('a 12345678%25 b'), 'a <redacted> b');
  });

  it('leaves pieces that are too short to tell, and other text', () => {
    const text = `piece ${value.slice(0, 19)} of GET /jwt/project: 200 in 12 ms`;
    assert.equal(redactor.redact(text), text);
  });

  it('leaves nothing of a value that stands twice without a gap', () => {
    assert.equal(redactor.redact(value + value).replaceAll('<redacted>', ''), '');
  });

  it('forgets', () => {
    redactor.forget(new Secret(value));
    assert.equal(redactor.redact(value), value);
    assert.doesNotMatch(JSON.stringify(redactor), /S3cret/);
  });

  it('knows several, each remembered once', () => {
    redactor.remember(new Secret('another value'));
    redactor.remember(new Secret(value));
    assert.equal(redactor.redact(`another value ${value}`), '<redacted> <redacted>');
    redactor.forget(new Secret(value));
    assert.equal(redactor.redact(`another value ${value}`), `<redacted> ${value}`);
  });

  it('takes no short text for a secret, which would eat the log', () => {
    redactor.remember(new Secret('GET'));
    redactor.remember(new Secret('/eight/8'));
    assert.equal(redactor.redact('GET /eight/8'), 'GET <redacted>');
    redactor.remember(new Secret(''));
    assert.equal(redactor.redact('GET /users'), 'GET /users');
  });

  it('takes out what has the shape of a secret', () => {
    assert.equal(redactor.redact('key eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.c2ln.'), 'key <redacted>');
  });
});

describe('redactPatterns', () => {
  const cases: [string, string][] = [
    ['a eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.c2ln b', 'a <redacted> b'],
    ['a eyJhbGciOiJIUzI1NiJ9 b', 'a <redacted> b'],
    ['Authorization: Bearer abc.def', 'Authorization: Bearer <redacted>'],
    ['"authorization":"bearer abc"', '"authorization":"bearer <redacted>"'],
    ['Bearer%20abc', 'Bearer%20<redacted>'],
    ['pk_abc123def sk_abc123def', '<redacted> <redacted>'],
    ['https://hana:pw@host/x', 'https://<redacted>@host/x'],
    ['GET /jwt/user/{user_id}: 200 in 3 ms', 'GET /jwt/user/{user_id}: 200 in 3 ms'],
    ['task_pk_1 and keyJson', 'task_pk_1 and keyJson'],
  ];
  for (const [text, expected] of cases) {
    it(`makes ${text} into ${expected}`, () => assert.equal(redactPatterns(text), expected));
  }

  it('changes nothing the second time', () => {
    for (const [text] of cases) assert.equal(redactPatterns(redactPatterns(text)), redactPatterns(text));
  });

  it('is fast on hostile text', () => {
    for (const piece of ['eyJ', 'Bearer ', '://', 'pk_', 'eyJaaaaaaaaa.'])
      assert.ok(cpuMs(() => redactPatterns(piece.repeat(200_000))) < 1000, piece);
  });
});
