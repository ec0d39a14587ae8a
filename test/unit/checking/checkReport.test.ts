import assert from 'node:assert/strict';
import { Secret } from '../../../src/core/base/secret.ts';
import { aliveVerdict } from '../../../src/core/checking/aliveVerdict.ts';
import { type CheckInput, type ComparedConnection, reportOnToken } from '../../../src/core/checking/checkReport.ts';
import type { ListedToken } from '../../../src/core/checking/tokenIdentity.ts';
import { tokenId } from '../../../src/core/model/token.ts';
import { type BaseUrl, parseBaseUrl } from '../../../src/core/magicbell/baseUrl.ts';
import { aToken } from '../../support/builders.ts';

const part = (json: object): string => Buffer.from(JSON.stringify(json)).toString('base64url');
const jwt = (claims: object, alg = 'RS256'): Secret => new Secret(`${part({ alg })}.${part(claims)}.c2ln`);
const projectKey = (ID: number, more: object = {}): Secret =>
  jwt({ Role: 'project', ProjectKey: { ID, Name: `Project ${ID}`, APIKey: `pk_${ID}` }, ...more });

const now = new Date('2026-11-30T12:00:00Z');
const createdAt = new Date('2026-11-25T12:00:00Z');
const iat = createdAt.getTime() / 1000;

function url(text: string): BaseUrl {
  const parsed = parseBaseUrl(text);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.baseUrl;
}

function aConnection(number: number, parts: Partial<ComparedConnection> = {}): ComparedConnection {
  return {
    id: `c-${number}`,
    name: `Acme ${number}`,
    baseUrl: url(`https://${number}.example.com/v2`),
    key: projectKey(number),
    now,
    rows: [],
    ...parts,
  };
}

const check = (token: Secret, parts: Partial<CheckInput<ListedToken>> = {}) =>
  reportOnToken({
    token,
    connections: [],
    record: undefined,
    defaultBaseUrl: url('https://api.magicbell.com/v2'),
    now,
    format: { locale: 'en', timeZone: 'UTC' },
    ...parts,
  });

describe('checkToken', () => {
  const row = { connectionId: 'c-1', token: aToken({ id: tokenId('token-1'), createdAt }) };

  it('knows the extension’s own key', () => {
    const connections = [aConnection(1), aConnection(2)];
    const report = check(projectKey(2), { connections });
    assert.equal(report.summary, 'This is the API key that this extension uses in Acme 2.');
    assert.deepEqual(report.baseUrls, ['https://2.example.com/v2']);
  });

  it('finds the row by the id, and says when only the times agree', () => {
    const connections = [aConnection(1, { rows: [row] })];
    const sure = check(jwt({ role: 'project', jti: 'token-1' }), { connections });
    assert.equal(sure.summary, 'This is “CI deploy”.');
    assert.equal(sure.row, row);
    assert.equal(sure.lifetime, 'It names no expiry: it lasts until it is revoked.');
    assert.deepEqual(sure.notes, []);
    const likely = check(jwt({ role: 'project', iat }), { connections });
    assert.equal(likely.row, row);
    assert.match(likely.notes.join(' '), /its id is not in its claims/);
  });

  it('does not take an expiry that cannot be read for none', () => {
    for (const exp of ['soon', '1798761600', 1e300, [1], {}]) {
      const { lifetime, row: likely } = check(projectKey(1, { exp, iat }), {
        connections: [aConnection(1, { rows: [row] })],
      });
      assert.match(lifetime ?? '', /^It is not known when it expires/, JSON.stringify(exp));
      assert.equal(likely, undefined);
    }
    for (const exp of [null, undefined])
      assert.match(check(projectKey(1, { exp })).lifetime ?? '', /^It names no expiry/);
  });

  it('goes by the clock of the token’s own project', () => {
    const exp = now.getTime() / 1000 + 600;
    const connections = [aConnection(1), aConnection(2, { now: new Date(now.getTime() + 900_000) })];
    assert.match(check(projectKey(1, { exp }), { connections }).lifetime ?? '', /^Expires in 10 minutes/);
    assert.match(check(projectKey(2, { exp }), { connections }).lifetime ?? '', /^Expired 5 minutes ago/);
  });

  it('looks at no row of a project that the claims exclude', () => {
    const report = check(projectKey(2, { iat, jti: 'token-1' }), { connections: [aConnection(1, { rows: [row] })] });
    assert.equal(report.row, undefined);
    assert.match(report.summary, /^This is a project token of the project “Project 2”, which is not known to belong/);
  });

  it('names the project of a token that is in no list', () => {
    const connections = [aConnection(1), aConnection(2)];
    const report = check(
      jwt({ user_email: 'a@example.com', api_key: 'pk_2', exp: now.getTime() / 1000 + 7200 }, 'HS256'),
      {
        connections,
      },
    );
    assert.equal(report.summary, 'This is a user token for a@example.com in Acme 2. It is in no list that is loaded.');
    assert.equal(report.lifetime, 'Expires in 2 hours: Nov 30, 2026, 2:00 PM UTC.');
    assert.deepEqual(report.baseUrls, ['https://2.example.com/v2']);
  });

  it('offers each address once where the project is not known, and the default one where there is none', () => {
    const token = jwt({ role: 'project' });
    const same = { baseUrl: url('https://same.example.com/v2') };
    assert.deepEqual(check(token, { connections: [aConnection(1, same), aConnection(2, same)] }).baseUrls, [
      same.baseUrl,
    ]);
    assert.deepEqual(check(token).baseUrls, ['https://api.magicbell.com/v2']);
    assert.equal(check(token).summary, 'This is a project token.');
  });

  it('never sends what another issuer has made, and what cannot be decoded', () => {
    const foreign = check(jwt({ iss: 'https://accounts.example.com', sub: '1', exp: 1 }), {
      connections: [aConnection(1)],
    });
    assert.match(foreign.summary, /^This is a JWT of another issuer/);
    assert.deepEqual(foreign.baseUrls, []);
    assert.match(foreign.lifetime ?? '', /^Expired /);
    assert.deepEqual(
      foreign.claims.map(({ name }) => name),
      ['iss', 'sub', 'exp'],
    );
    const opaque = check(new Secret('opaque'), { connections: [aConnection(1)] });
    assert.match(opaque.summary, /not a JWT/);
    assert.deepEqual([opaque.baseUrls, opaque.claims, opaque.notes, opaque.lifetime], [[], [], [], undefined]);
  });

  it('is exact about what was issued or signed here', () => {
    const record = {
      connectionId: 'c-2',
      isSigned: false,
      tokenId: 'token-1',
      name: 'CI deploy',
      recipient: undefined,
    };
    const two = [aConnection(1), aConnection(2, { rows: [{ ...row, connectionId: 'c-2' }] })];
    const listed = check(jwt({}), { connections: two, record });
    assert.equal(listed.summary, 'This is “CI deploy” in Acme 2.');
    const unlisted = check(jwt({}), { connections: [aConnection(1), aConnection(2)], record });
    assert.equal(unlisted.summary, 'This is “CI deploy”, issued here in Acme 2.');
    const signed = {
      ...record,
      isSigned: true,
      tokenId: undefined,
      name: undefined,
      recipient: { email: 'a@example.com' },
    };
    assert.equal(check(jwt({}), { record: signed }).summary, 'This token was signed here for a@example.com.');
    const ofUser = { ...signed, isSigned: false };
    assert.equal(check(jwt({}), { record: ofUser }).summary, 'This is “a@example.com”, issued here.');
    const unnamed = check(jwt({}), { record: { ...ofUser, recipient: undefined } });
    assert.equal(unnamed.summary, 'This is “Unnamed token”, issued here.');
    assert.equal(check(new Secret('opaque'), { record }).summary, 'This is “CI deploy”, issued here');
  });

  it('says what is wrong with it, and that a listed one is revoked', () => {
    const revoked = { ...row, token: { ...row.token, revokedAt: new Date('2026-11-29T12:00:00Z') } };
    const connections = [aConnection(1, { rows: [revoked] })];
    const report = check(new Secret(`${part({ alg: 'HS256' })}.${part({ role: 'project', jti: 'token-1' })}`), {
      connections,
    });
    assert.equal(report.lifetime, 'Revoked yesterday.');
    assert.match(report.notes.join(' '), /signature is missing/);
  });
});

describe('aliveVerdict', () => {
  const details = {};
  const user = { kind: 'user', expiresAt: undefined } as const;
  it('takes MagicBell’s answer for what it proves, and nothing else', () => {
    assert.match(aliveVerdict(undefined, undefined, now) ?? '', /alive.*project token/);
    assert.match(aliveVerdict({ reason: 'wrongTokenKind', details }, undefined, now) ?? '', /alive.*user token/);
    assert.match(aliveVerdict({ reason: 'forbidden', details }, undefined, now) ?? '', /alive.*403/);
    assert.match(aliveVerdict({ reason: 'unauthorized', details }, undefined, now) ?? '', /dead.*revoked/);
    assert.match(aliveVerdict({ reason: 'unauthorized', details }, user, now) ?? '', /Secret Key/);
    const expired = { kind: 'user', expiresAt: now } as const;
    assert.match(aliveVerdict({ reason: 'unauthorized', details }, expired, now) ?? '', /has expired/);
    for (const reason of ['offline', 'timeout', 'notOffered', 'serverError', 'rateLimited'] as const)
      assert.equal(aliveVerdict({ reason, details }, user, now), undefined);
  });
});
