import assert from 'node:assert/strict';
import { Secret } from '../../../src/core/base/secret.ts';
import { findListed, identityOf, isSameProject, matchOf } from '../../../src/core/checking/tokenIdentity.ts';
import { tokenId } from '../../../src/core/model/token.ts';
import { aToken, aTokenWithoutId } from '../../support/builders.ts';

const part = (json: object): string => Buffer.from(JSON.stringify(json)).toString('base64url');
const jwt = (claims: object, alg = 'RS256'): Secret => new Secret(`${part({ alg })}.${part(claims)}.c2ln`);

const seen = {
  Role: 'project',
  UserKey: { ID: 'u-1', ExternalID: '', Email: 'admin@example.com' },
  ProjectKey: { ID: 4711, Name: 'Acme', APIKey: 'pk_acme', WorkspaceID: 9 },
  exp: 1_800_000_000,
};

describe('identityOf', () => {
  it('reads what the claims of a real project token say', () => {
    const identity = identityOf(jwt(seen));
    assert.equal(identity?.apiKey?.reveal(), 'pk_acme');
    assert.deepEqual(
      { ...identity, apiKey: undefined },
      {
        kind: 'project',
        projectId: '4711',
        projectName: 'Acme',
        workspaceId: '9',
        apiKey: undefined,
        userId: 'u-1',
        userEmail: 'admin@example.com',
        userExternalId: undefined,
        ids: ['project', '1800000000'],
        issuedAt: undefined,
        expiresAt: new Date('2027-01-15T08:00:00Z'),
        isExpiryUnknown: false,
        isMagicBells: true,
      },
    );
  });

  it('requires no claim', () => {
    assert.equal(identityOf(new Secret('opaque')), undefined);
    const nothing = identityOf(jwt({ ProjectKey: 'x', UserKey: null, Role: 7, exp: 'soon' }));
    assert.equal(nothing?.kind, undefined);
    assert.equal(nothing?.projectId, undefined);
    assert.equal(nothing?.expiresAt, undefined);
    assert.equal(nothing?.isMagicBells, false);
  });

  it('knows the token of a user by its role, or by the user', () => {
    assert.equal(identityOf(jwt({ Role: 'user', ProjectKey: {} }))?.kind, 'user');
    const signed = identityOf(jwt({ user_external_id: 'x-1', api_key: 'pk_acme' }, 'HS256'));
    assert.equal(signed?.kind, 'user');
    assert.equal(signed.userExternalId, 'x-1');
    assert.equal(signed.apiKey?.reveal(), 'pk_acme');
  });
});

describe('isSameProject', () => {
  const project = (ID: unknown, APIKey?: string) => identityOf(jwt({ Role: 'project', ProjectKey: { ID, APIKey } }));
  it('compares the projects, then the project API keys, and else does not know', () => {
    assert.equal(isSameProject(project(1), project('1')), true);
    assert.equal(isSameProject(project(1, 'pk_a'), project(2, 'pk_a')), false);
    const user = identityOf(jwt({ user_email: 'a@b', api_key: 'pk_a' }));
    assert.equal(isSameProject(project(1, 'pk_a'), user), true);
    assert.equal(isSameProject(project(1, 'pk_b'), user), false);
    assert.equal(isSameProject(project(1), user), undefined);
    assert.equal(isSameProject(undefined, project(1)), undefined);
  });
});

describe('matchOf', () => {
  const createdAt = new Date('2026-11-25T12:00:00.900Z');
  const expiresAt = new Date('2027-01-15T08:00:00.000Z');
  const iat = Math.floor(createdAt.getTime() / 1000);
  const token = aToken({ id: tokenId('token-1'), createdAt, expiresAt });

  it('is sure of an id, in the claims or known from the issuance', () => {
    assert.equal(matchOf(identityOf(jwt({ jti: 'token-1' })), token), 'sure');
    assert.equal(matchOf(undefined, token, 'token-1'), 'sure');
    assert.equal(matchOf(identityOf(jwt({ jti: 'token-1' })), token, 'token-2'), undefined);
  });

  it('else goes by the times that the claims name', () => {
    const match = (claims: object): string | undefined => matchOf(identityOf(jwt(claims)), token);
    assert.equal(match({ iat, exp: seen.exp }), 'likely');
    assert.equal(match({ exp: seen.exp }), 'likely');
    assert.equal(match({ iat, exp: seen.exp + 60 }), undefined);
    assert.equal(match({ iat: iat + 60, exp: seen.exp }), undefined);
    assert.equal(match({ iat }), undefined);
    assert.equal(match({}), undefined);
    assert.equal(matchOf(identityOf(jwt({ iat })), { ...token, expiresAt: undefined }), 'likely');
    assert.equal(matchOf(identityOf(jwt({ iat, exp: seen.exp })), { ...token, expiresAt: undefined }), undefined);
    assert.equal(matchOf(undefined, token), undefined);
    // A date of the year 9000 or later is how the API writes "never".
    assert.equal(matchOf(identityOf(jwt({ iat, exp: 253_402_300_799 })), { ...token, expiresAt: undefined }), 'likely');
    assert.equal(match({ iat, exp: 253_402_300_799 }), undefined);
    assert.equal(matchOf(identityOf(jwt({ iat, exp: seen.exp })), aTokenWithoutId({ createdAt, expiresAt })), 'likely');
  });

  it('finds the row: a sure one first, a likely one only when it is the only one', () => {
    const row = (id: string, parts = {}) => ({
      connectionId: 'c-1',
      token: aToken({ id: tokenId(id), createdAt, expiresAt, ...parts }),
    });
    const identity = identityOf(jwt({ jti: 'b', iat, exp: seen.exp }));
    assert.equal(findListed(identity, [row('a'), row('b')])?.row.token.id, 'b');
    assert.equal(findListed(identity, [row('a')])?.match, 'likely');
    assert.equal(findListed(identity, [row('a'), row('c')]), undefined);
    assert.equal(findListed(identity, [row('a', { kind: 'user' })])?.match, 'likely');
    const ofUser = identityOf(jwt({ Role: 'user', iat, exp: seen.exp }));
    assert.equal(findListed(ofUser, [row('a')]), undefined);
    assert.equal(findListed(ofUser, [row('a', { kind: 'user' })])?.match, 'likely');
    assert.equal(findListed(undefined, [row('a'), row('b')], 'b')?.match, 'sure');
  });
});
