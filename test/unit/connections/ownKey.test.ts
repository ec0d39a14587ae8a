import assert from 'node:assert/strict';
import { Secret } from '../../../src/core/base/secret.ts';
import { mayHideOwnKey, ownKeyMatch, withOwnKey } from '../../../src/core/connections/ownKey.ts';
import { tokenId } from '../../../src/core/model/token.ts';
import { presentToken } from '../../../src/core/tokens/tokenPresentation.ts';
import { aToken } from '../../support/builders.ts';

const part = (json: object): string => Buffer.from(JSON.stringify(json)).toString('base64url');
const keyWith = (claims: object): Secret => new Secret(`${part({ alg: 'RS256' })}.${part(claims)}.c2ln`);

const createdAt = new Date('2026-11-01T10:00:00Z');
const expiresAt = new Date('2027-01-15T08:00:00Z');
const own = aToken({ id: tokenId('token-1'), createdAt, expiresAt });
const other = aToken({ id: tokenId('token-2'), createdAt, expiresAt: new Date('2027-06-01T00:00:00Z') });
const exp = expiresAt.getTime() / 1000;

describe('ownKeyMatch', () => {
  it('is sure of a token whose id the claims name', () => {
    const key = keyWith({ jti: 'token-1' });
    assert.equal(ownKeyMatch(key, own), 'sure');
    assert.equal(ownKeyMatch(key, other), undefined);
  });

  it('takes a token that expires with the key for a likely one', () => {
    const key = keyWith({ Role: 'project', exp });
    assert.equal(ownKeyMatch(key, own), 'likely');
    assert.equal(ownKeyMatch(key, other), undefined);
  });

  it('tells nothing of a key without claims, or without times', () => {
    for (const key of [new Secret('opaque'), keyWith({ Role: 'project' })])
      assert.equal(ownKeyMatch(key, own), undefined);
  });

  it('never takes a user’s token for the key', () =>
    assert.equal(ownKeyMatch(keyWith({ jti: 'token-1', exp }), { ...own, kind: 'user' }), undefined));
});

describe('mayHideOwnKey', () => {
  it('is so where no listed token can be recognised as the key', () => {
    assert.equal(mayHideOwnKey(keyWith({ Role: 'project' }), [own, other], [own, other]), true);
    assert.equal(mayHideOwnKey(keyWith({ jti: 'token-1' }), [other], [own, other]), false);
    assert.equal(mayHideOwnKey(keyWith({ jti: 'token-1' }), [other], [other]), true);
  });

  it('is not so of users’ tokens: the key is a project token', () =>
    assert.equal(mayHideOwnKey(keyWith({ Role: 'project' }), [{ ...own, kind: 'user' }], []), false));
});

describe('withOwnKey', () => {
  const now = new Date('2026-11-02T10:00:00Z');
  it('marks the row for the eye, for the ear and under the mouse', () => {
    const row = withOwnKey(presentToken(own, now, 7), 'sure');
    assert.match(row.description, / · your API key$/);
    assert.match(row.accessibleLabel, /, your API key$/);
    assert.match(row.tooltip.join(), /uses this token as its API key/);
    assert.match(withOwnKey(presentToken(own, now, 7), 'likely').description, / · perhaps your API key$/);
  });

  it('leaves all other rows as they are', () => {
    const row = presentToken(own, now, 7);
    assert.equal(withOwnKey(row, undefined), row);
  });
});
