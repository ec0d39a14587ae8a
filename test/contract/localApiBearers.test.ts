import assert from 'node:assert/strict';
import { decodeJwt, decodeProtectedHeader, jwtVerify, SignJWT } from 'jose';
import { startLocalApi, type LocalApi } from '../server/localApi.ts';
import { codeOf, create, messagesOf, pageOf, send, type WireAnswer } from './localApiWire.ts';

describe('local API: bearers', () => {
  let api: LocalApi;
  let now: Date;

  beforeEach(async () => {
    now = new Date('2026-11-25T12:00:00.000Z');
    api = await startLocalApi({ token: 'any-string-at-all', now: () => now });
  });
  afterEach(() => api.close());

  const list = (token: string | null): Promise<WireAnswer> => send(api, 'GET', '/jwt/project', { token });
  const inbox = (token: string): Promise<WireAnswer> => send(api, 'GET', '/notifications', { token });
  const secret = (text: string): Uint8Array => new TextEncoder().encode(text);

  it("accepts --token as an administrator's, whatever it looks like", async () => {
    assert.equal((await list(api.token)).status, 200);
  });

  it('makes a token that looks like a JWT when none is given, and does not list it', async () => {
    const other = await startLocalApi();
    assert.equal(decodeProtectedHeader(other.token).alg, 'HS256');
    const answer = await send(other, 'GET', '/jwt/project');
    assert.deepEqual([answer.status, pageOf(answer).data], [200, []]);
    await other.close();
  });

  for (const token of [undefined, 'a-given-one']) {
    it(`lists the administrator's token (${token ?? 'made'}) when told to, and ends it when it is discarded`, async () => {
      const other = await startLocalApi({ listAdminToken: true, ...(token === undefined ? {} : { token }) });
      const [row] = pageOf(await send(other, 'GET', '/jwt/project')).data;
      assert.equal(row?.['id'], other.adminTokenId);
      if (token === undefined) assert.equal(decodeJwt(other.token).jti, other.adminTokenId);
      assert.equal((await send(other, 'DELETE', `/jwt/project/${String(row?.['id'])}`)).status, 200);
      assert.equal((await send(other, 'GET', '/jwt/project')).status, 401);
      await other.close();
    });
  }

  it('makes HS256 JWTs with the expiry as claim', async () => {
    const project = await create(api, 'project', { name: 'CI', expiry: 3600 });
    assert.equal(decodeProtectedHeader(project.token).alg, 'HS256');
    assert.equal(decodeJwt(project.token).exp, now.getTime() / 1000 + 3600);
    const forever = await create(api, 'project', { name: 'CI' });
    assert.equal(decodeJwt(forever.token).exp, undefined);
  });

  it("gives user tokens MagicBell's claims, signed with the Secret Key", async () => {
    const { token } = await create(api, 'user', { email: 'hana@example.com', external_id: 'usr_1', expiry: 60 });
    const { payload } = await jwtVerify(token, secret(api.keys.secretKey), { currentDate: now });
    assert.equal(payload['user_email'], 'hana@example.com');
    assert.equal(payload['user_external_id'], 'usr_1');
    assert.equal(payload['api_key'], api.keys.apiKey);
    assert.equal(payload.exp, now.getTime() / 1000 + 60);

    const onlyEmail = decodeJwt((await create(api, 'user', { email: 'noah@example.com' })).token);
    assert.ok(!('user_external_id' in onlyEmail) && onlyEmail.exp === undefined);
  });

  it('accepts a project token while it lives, and refuses it once discarded', async () => {
    const { token, token_id } = await create(api, 'project', { name: 'CI' });
    assert.equal((await list(token)).status, 200);
    assert.equal((await send(api, 'POST', '/jwt/project', { token, body: { name: 'child' } })).status, 201);
    assert.equal((await send(api, 'DELETE', `/jwt/project/${token_id}`, { token })).status, 200);
    const refused = await list(token);
    assert.deepEqual([refused.status, codeOf(refused)], [401, 'jwt_auth_failed']);
  });

  it('accepts a user token on a user route while it lives, and refuses it once discarded', async () => {
    const { token, token_id } = await create(api, 'user', { email: 'hana@example.com' });
    const answer = await inbox(token);
    assert.deepEqual([answer.status, pageOf(answer).data], [200, []]);
    await send(api, 'DELETE', `/jwt/user/${token_id}`);
    const refused = await inbox(token);
    assert.deepEqual([refused.status, codeOf(refused)], [401, 'jwt_auth_failed']);
  });

  it('refuses either kind from the instant it expires', async () => {
    const project = await create(api, 'project', { name: 'CI', expiry: 60 });
    const user = await create(api, 'user', { email: 'hana@example.com', expiry: 60 });
    now = new Date(now.getTime() + 59_999);
    assert.deepEqual([(await list(project.token)).status, (await inbox(user.token)).status], [200, 200]);
    now = new Date(now.getTime() + 1);
    const refused = [await list(project.token), await inbox(user.token)];
    assert.deepEqual(
      refused.map((answer) => [answer.status, codeOf(answer)]),
      [
        [401, 'jwt_auth_failed'],
        [401, 'jwt_auth_failed'],
      ],
    );
  });

  it('accepts a user token that its owner signed with the Secret Key', async () => {
    const sign = (apiKey: string, key: string, expiry: string): Promise<string> =>
      new SignJWT({ user_email: 'self@example.com', api_key: apiKey })
        .setProtectedHeader({ alg: 'HS256' })
        .setExpirationTime(Date.parse(expiry) / 1000)
        .sign(secret(key));
    const { apiKey, secretKey } = api.keys;
    assert.equal((await inbox(await sign(apiKey, secretKey, '2026-11-25T12:00:01Z'))).status, 200);
    assert.equal((await inbox(await sign(apiKey, secretKey, '2026-11-25T12:00:00Z'))).status, 401);
    assert.equal((await inbox(await sign('pk_other', secretKey, '2026-11-25T12:00:01Z'))).status, 401);
    assert.equal((await inbox(await sign(apiKey, 'sk_other', '2026-11-25T12:00:01Z'))).status, 401);
  });

  it('refuses a user token with an email alone that two users share', async () => {
    const { apiKey, secretKey } = api.keys;
    const sign = (claims: Record<string, string>): Promise<string> =>
      new SignJWT({ ...claims, api_key: apiKey }).setProtectedHeader({ alg: 'HS256' }).sign(secret(secretKey));
    api.state.addUser({ email: 'shared@example.com', externalId: 'usr_1' });
    const token = await sign({ user_email: 'shared@example.com' });
    assert.equal((await inbox(token)).status, 200);
    api.state.addUser({ email: 'Shared@example.com', externalId: 'usr_2' });
    const refused = await inbox(token);
    assert.deepEqual([refused.status, codeOf(refused)], [401, 'multiple_users_found_by_email']);
    const named = await sign({ user_email: 'shared@example.com', user_external_id: 'usr_2' });
    assert.equal((await inbox(named)).status, 200);
  });

  describe('project tokens of the RS256 form', () => {
    let rs: LocalApi;

    beforeEach(async () => {
      const projects = [{ id: 7, name: 'Acme' }, { name: 'Other' }];
      rs = await startLocalApi({ projects, switches: { projectTokens: 'RS256' }, now: () => now });
    });
    afterEach(() => rs.close());

    it("carry MagicBell's claims and an end", () => {
      assert.equal(decodeProtectedHeader(rs.token).alg, 'RS256');
      assert.ok(rs.token.length > 500, String(rs.token.length));
      const claims = decodeJwt(rs.token);
      assert.deepEqual(Object.keys(claims).sort(), ['ProjectKey', 'Role', 'UserKey', 'exp']);
      assert.equal(claims['Role'], 'project');
      assert.deepEqual(claims['ProjectKey'], { ID: 7, Name: 'Acme', APIKey: rs.keys.apiKey, WorkspaceID: 71 });
      // It was made an hour ago.
      assert.equal(claims.exp, now.getTime() / 1000 + 365 * 86_400 - 3600);
    });

    it('are accepted while they live, each one by itself', async () => {
      const first = await create(rs, 'project', { name: 'n' });
      const second = await create(rs, 'project', { name: 'n', expiry: 60 });
      assert.deepEqual(
        [decodeJwt(first.token).exp, decodeJwt(second.token).exp],
        [undefined, now.getTime() / 1000 + 60],
      );
      const statuses = async (): Promise<number[]> =>
        Promise.all([first, second].map(async ({ token }) => (await send(rs, 'GET', '/users', { token })).status));
      assert.deepEqual(await statuses(), [200, 200]);
      await send(rs, 'DELETE', `/jwt/project/${first.token_id}`);
      assert.deepEqual(await statuses(), [401, 200]);
      now = new Date(now.getTime() + 60_000);
      assert.deepEqual(await statuses(), [401, 401]);
    });

    it("belong to the project of their claims, and end like any other when they are the administrator's", async () => {
      const token = rs.projects[1]?.token ?? '';
      await send(rs, 'GET', '/users', { token });
      assert.equal(rs.journal.entries.at(-1)?.project, 1);
      now = new Date(now.getTime() + 366 * 86_400_000);
      assert.equal((await send(rs, 'GET', '/users', { token })).status, 401);
    });
  });

  it('does not accept the id of a project token in a user token', async () => {
    const { token_id } = await create(api, 'project', { name: 'CI' });
    const token = await new SignJWT({ user_email: 'self@example.com', api_key: api.keys.apiKey, jti: token_id })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(secret(api.keys.secretKey));
    assert.equal((await inbox(token)).status, 401);
  });

  it('knows the tokens of another run as little as the real API would', async () => {
    const other = await startLocalApi({ token: 'x' });
    const { token } = await create(other, 'project', { name: 'CI' });
    const user = await create(other, 'user', { email: 'hana@example.com' });
    await other.close();
    assert.deepEqual([(await list(token)).status, (await inbox(user.token)).status], [401, 401]);
  });

  describe('wrong role', () => {
    const operations = [
      ['GET', '/jwt/project'],
      ['POST', '/jwt/project'],
      ['DELETE', '/jwt/project/x'],
      ['POST', '/jwt/user'],
      ['GET', '/jwt/user/x'],
      ['DELETE', '/jwt/user/x'],
      ['GET', '/users'],
    ] as const;
    for (const [method, path] of operations) {
      it(`answers ${method} ${path} with a user token: 401 without code`, async () => {
        const { token } = await create(api, 'user', { email: 'hana@example.com' });
        const answer = await send(api, method, path, { token });
        assert.deepEqual([answer.status, codeOf(answer)], [401, undefined]);
        assert.match(
          messagesOf(answer)[0] ?? '',
          /^authorize: incorrect role, claim\[user\] roles\[\[project\]\]: role not found: /,
        );
      });
    }

    it('answers a project token on a user route the same way', async () => {
      const answer = await inbox(api.token);
      assert.deepEqual([answer.status, codeOf(answer)], [401, undefined]);
      assert.deepEqual(messagesOf(answer), [
        'authorize: incorrect role, claim[project] roles[[user]]: role not found: token has invalid claims',
      ]);
    });
  });

  describe('wrong bearer', () => {
    const forged = 'eyJhbGciOiJIUzI1NiJ9.eyJqdGkiOiJ4In0.c2lnbmF0dXJl';
    for (const [name, authorization, code] of [
      ['a project API key', 'Bearer pk_123', 'invalid_jwt_format'],
      ['any other text', 'Bearer nonsense', 'invalid_jwt_format'],
      ['an empty bearer', 'Bearer ', 'invalid_jwt_format'],
      ['another scheme', 'Basic YTpi', 'invalid_jwt_format'],
      ['three parts that do not parse', 'Bearer a.b.c', 'unparsable_jwt_token'],
      ['a wrong signature', `Bearer ${forged}`, 'jwt_auth_failed'],
    ] as const) {
      it(`answers ${name} with 401 ${code}`, async () => {
        const answer = await send(api, 'GET', '/jwt/project', { token: null, headers: { authorization } });
        assert.deepEqual([answer.status, codeOf(answer)], [401, code]);
      });
    }

    it('answers a missing header as one of the wrong form', async () => {
      const answer = await list(null);
      assert.deepEqual([answer.status, codeOf(answer)], [401, 'invalid_jwt_format']);
      assert.deepEqual(messagesOf(answer), ['expected authorization header format: Bearer <token>']);
    });

    it('does not accept a JWT without a signature', async () => {
      const { token } = await create(api, 'project', { name: 'CI' });
      const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${token.split('.')[1] ?? ''}.`;
      assert.equal((await list(none)).status, 401);
    });

    it('does nothing for it', async () => {
      await send(api, 'POST', '/jwt/project', { token: 'nonsense', body: { name: 'n' } });
      assert.deepEqual(api.state.projectTokens(), []);
    });
  });
});
