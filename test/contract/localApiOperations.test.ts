import assert from 'node:assert/strict';
import { startLocalApi, type LocalApi } from '../server/localApi.ts';
import { create, jsonOf, messagesOf, pageOf, send, type WireAnswer } from './localApiWire.ts';

const uuid = /^[\da-f]{8}-[\da-f]{4}-[47][\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;
const sixDigits = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;
/** Go's RFC3339Nano: no trailing zeros. */
const nano = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{0,8}[1-9])?Z$/;
const unknownId = '11111111-1111-4111-8111-111111111111';

describe('local API: operations', () => {
  let api: LocalApi;

  beforeEach(async () => {
    api = await startLocalApi({ token: 'admin' });
  });
  afterEach(() => api.close());

  it('creates a project token: 201 with token, token_id, created_at and no expires_at', async () => {
    const answer = await send(api, 'POST', '/jwt/project', { body: { name: 'CI' } });
    assert.equal(answer.status, 201);
    assert.match(answer.headers['content-type'] ?? '', /^application\/json/);
    const json = jsonOf(answer);
    assert.deepEqual(Object.keys(json).sort(), ['created_at', 'token', 'token_id']);
    assert.match(String(json['token_id']), uuid);
    assert.match(String(json['created_at']), nano);
    assert.match(String(json['token']), /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/);
  });

  it('lists what was created, newest first, without the value', async () => {
    const first = await create(api, 'project', { name: 'first' });
    const second = await create(api, 'project', { name: 'second', expiry: 60 });
    const answer = await send(api, 'GET', '/jwt/project');
    assert.equal(answer.status, 200);
    assert.deepEqual(pageOf(answer).data, [
      { id: second.token_id, name: 'second', created_at: second.created_at, expires_at: second.expires_at },
      { id: first.token_id, name: 'first', created_at: first.created_at },
    ]);
    assert.ok(!answer.text.includes(first.token) && !answer.text.includes(second.token));
  });

  it('counts expiry in seconds from the moment of creation', async () => {
    const { created_at, expires_at } = await create(api, 'project', { name: 'hour', expiry: 3600 });
    assert.equal(Date.parse(expires_at ?? '') - Date.parse(created_at), 3_600_000);
  });

  it('discards a project token: 200 with token_id and discarded_at; then 404, and gone from the list', async () => {
    const { token_id } = await create(api, 'project', { name: 'CI' });
    const answer = await send(api, 'DELETE', `/jwt/project/${token_id}`);
    assert.equal(answer.status, 200);
    assert.deepEqual(Object.keys(jsonOf(answer)).sort(), ['discarded_at', 'token_id']);
    assert.equal(jsonOf(answer)['token_id'], token_id);
    assert.match(String(jsonOf(answer)['discarded_at']), nano);

    const again = await send(api, 'DELETE', `/jwt/project/${token_id}`);
    assert.deepEqual([again.status, messagesOf(again)], [404, ['Token not found']]);
    assert.deepEqual(pageOf(await send(api, 'GET', '/jwt/project')).data, []);
  });

  for (const path of [`/jwt/project/${unknownId}`, `/jwt/user/${unknownId}`, '/jwt/project/not%2Fa%20uuid']) {
    it(`answers DELETE of the unknown ${path} with 404`, async () => {
      const answer = await send(api, 'DELETE', path);
      assert.deepEqual([answer.status, messagesOf(answer)], [404, ['Token not found']]);
    });
  }

  it('does not discard a token under the path of the other kind', async () => {
    const project = await create(api, 'project', { name: 'CI' });
    const user = await create(api, 'user', { email: 'hana@example.com' });
    assert.equal((await send(api, 'DELETE', `/jwt/user/${project.token_id}`)).status, 404);
    assert.equal((await send(api, 'DELETE', `/jwt/project/${user.token_id}`)).status, 404);
    assert.equal((await send(api, 'DELETE', `/jwt/user/${user.token_id}`)).status, 200);
    assert.equal((await send(api, 'DELETE', `/jwt/project/${project.token_id}`)).status, 200);
  });

  it('creates the user of a user token when there is none, and finds it again', async () => {
    const first = await create(api, 'user', { email: 'hana@example.com', name: 'Phone' });
    const second = await create(api, 'user', { email: 'Hana@Example.com', external_id: 'usr_1' });
    const users = pageOf(await send(api, 'GET', '/users?query=hana')).data;
    assert.deepEqual(
      users.map(({ email, external_id }) => [email, external_id]),
      [['hana@example.com', 'usr_1']],
    );
    assert.match(String(users[0]?.['id']), uuid);

    const tokens = pageOf(await send(api, 'GET', `/jwt/user/${String(users[0]?.['id'])}`)).data;
    assert.deepEqual(
      tokens.map(({ id, name }) => [id, name]),
      [
        [second.token_id, null],
        [first.token_id, 'Phone'],
      ],
    );
    assert.deepEqual(pageOf(await send(api, 'GET', '/jwt/project')).data, []);
  });

  it('shares /jwt/user/{x} between user ids (GET) and token ids (DELETE)', async () => {
    const { token_id } = await create(api, 'user', { external_id: 'usr_1' });
    const [user] = pageOf(await send(api, 'GET', '/users')).data;
    const userId = String(user?.['id']);
    assert.equal((await send(api, 'GET', `/jwt/user/${token_id}`)).status, 404);
    assert.equal((await send(api, 'DELETE', `/jwt/user/${userId}`)).status, 404);
    assert.equal((await send(api, 'GET', `/jwt/user/${userId}`)).status, 200);
  });

  for (const [id, status, message] of [
    ['external_id%3Ausr_1', 400, 'uuid: incorrect UUID length 17 in string "external_id:usr_1"'],
    ['hana%40example.com', 400, 'uuid: incorrect UUID length 16 in string "hana@example.com"'],
    [unknownId, 404, 'User not found'],
  ] as const) {
    it(`answers the tokens of user ${id} with ${status}`, async () => {
      const answer = await send(api, 'GET', `/jwt/user/${id}`);
      assert.deepEqual([answer.status, messagesOf(answer)], [status, [message]]);
    });
  }

  it('filters users by part of the email or external id, without regard to case', async () => {
    api.state.addUser({ email: 'Hana@example.com' });
    api.state.addUser({ externalId: 'HANA/7' });
    api.state.addUser({ email: 'noah@example.com', firstName: 'Hana' });
    const found = pageOf(await send(api, 'GET', '/users?query=hAnA')).data;
    assert.deepEqual(found.map(({ email, external_id }) => email ?? external_id).sort(), [
      'HANA/7',
      'Hana@example.com',
    ]);
    assert.equal(pageOf(await send(api, 'GET', '/users?query=%2F7')).data.length, 1);
    assert.equal(pageOf(await send(api, 'GET', '/users?query=')).data.length, 3);
  });

  it('shows all ten fields of a user, empty ones as null, or leaves these out when told to', async () => {
    const { id } = api.state.addUser({});
    const empty = ['email', 'external_id', 'first_name', 'last_name', 'custom_attributes', 'created_at', 'updated_at'];
    const nulls = Object.fromEntries([...empty, 'last_seen_at', 'last_notified_at'].map((name) => [name, null]));
    const users = async (): Promise<unknown> => pageOf(await send(api, 'GET', '/users')).data;
    assert.deepEqual(await users(), [{ id, ...nulls }]);
    api.set({ userProjectId: 'number' });
    assert.deepEqual(await users(), [{ id, project_id: 4101, ...nulls }]);
    api.set({ emptyUserFields: 'absent', userProjectId: 'absent' });
    assert.deepEqual(await users(), [{ id }]);
  });

  describe('validation', () => {
    const long = 'x'.repeat(256);
    const unicode = '🔔'.repeat(255);
    const cases: [kind: 'project' | 'user', body: unknown, status: number, message?: string][] = [
      ['project', {}, 422, "Param 'name' is missing"],
      ['project', { name: '' }, 422, "Param 'name' is missing"],
      ['project', { name: null }, 422, "Param 'name' is missing"],
      ['project', { name: 7 }, 422, "Param 'name' should be of type string"],
      ['project', { name: long }, 422, "Param 'name' is too long"],
      ['project', { name: 'x'.repeat(255) }, 201],
      ['project', { name: unicode }, 201],
      ['project', { name: 'n', unknown: true }, 201],
      ['project', { name: 'n', expiry: null }, 201],
      ['project', { name: 'n', expiry: 1 }, 201],
      ['project', { name: 'n', expiry: 0 }, 422, "Param 'expiry' is too small"],
      ['project', { name: 'n', expiry: -1 }, 422, "Param 'expiry' is too small"],
      ['project', { name: 'n', expiry: 1.5 }, 422, "Param 'expiry' should be of type integer"],
      ['project', { name: 'n', expiry: '60' }, 422, "Param 'expiry' should be of type integer"],
      ['project', { name: 'n', expiry: 1e15 }, 422, "Param 'expiry' is too large"],
      ['user', {}, 422, "Param 'email' or 'external_id' is missing"],
      ['user', { name: 'n' }, 422, "Param 'email' or 'external_id' is missing"],
      ['user', { email: long }, 422, "Param 'email' is too long"],
      ['user', { external_id: long }, 422, "Param 'external_id' is too long"],
      ['user', { email: 'a@b.c', name: long }, 422, "Param 'name' is too long"],
      ['user', { email: null, external_id: 'usr_1', name: null, expiry: null }, 201],
      ['project', '{"name":', 400, 'invalid JSON in the request body'],
      ['project', '', 400, 'invalid JSON in the request body'],
      ['project', 'null', 400, 'invalid JSON in the request body'],
      ['project', '[]', 400, 'invalid JSON in the request body'],
    ];
    for (const [kind, body, status, message] of cases) {
      const shown = JSON.stringify(body).slice(0, 50);
      it(`answers ${status} to ${kind} ${shown}${message === undefined ? '' : `: ${message}`}`, async () => {
        const answer = await send(api, 'POST', `/jwt/${kind}`, { body });
        assert.equal(answer.status, status, answer.text);
        if (message !== undefined) {
          assert.deepEqual(messagesOf(answer), [message]);
          assert.deepEqual(api.state.projectTokens(), []);
          assert.deepEqual(api.state.users(), []);
        }
      });
    }

    it('names every problem at once', async () => {
      const answer = await send(api, 'POST', '/jwt/project', { body: { expiry: 0 } });
      assert.equal(messagesOf(answer).length, 2);
    });

    it('refuses a body beyond any request of this API with 413', async () => {
      const answer = await send(api, 'POST', '/jwt/project', { body: { name: 'x'.repeat(1024 * 1024) } });
      assert.equal(answer.status, 413);
    });
  });

  describe('what is not routed', () => {
    for (const [method, path] of [
      ['GET', ''],
      ['GET', '/'],
      ['GET', '/jwt'],
      ['PUT', '/jwt/project'],
      ['PATCH', '/jwt/user'],
      ['HEAD', '/jwt/project'],
      ['GET', '/jwt/user'],
      ['GET', '/jwt/project/'],
      ['GET', `/jwt/project/${unknownId}`],
      ['DELETE', '/jwt/project'],
      ['POST', `/jwt/user/${unknownId}`],
      ['DELETE', '/users'],
      ['GET', '/nothing/here'],
      ['GET', '/../v1/jwt/project'],
    ] as const) {
      it(`answers ${method} ${path} with 405, empty, text/plain, even without a token`, async () => {
        const answer = await send(api, method, path, { token: null });
        assert.deepEqual([answer.status, answer.text], [405, '']);
        assert.match(answer.headers['content-type'] ?? '', /^text\/plain/);
      });
    }

    for (const [path, allow] of [
      ['/jwt/project', 'GET,POST,OPTIONS'],
      [`/jwt/user/${unknownId}`, 'GET,DELETE,OPTIONS'],
      ['/users', 'GET,OPTIONS'],
      [`/users/${unknownId}`, 'OPTIONS'],
      ['/nothing/here', 'OPTIONS'],
    ] as const) {
      it(`names in Allow what ${path} has`, async () => {
        const answer = await send(api, 'PUT', path, { token: null });
        assert.deepEqual([answer.status, answer.headers.allow, answer.headers['content-length']], [405, allow, '0']);
      });

      it(`answers OPTIONS ${path} with 200 and null`, async () => {
        const answer = await send(api, 'OPTIONS', path, { token: null });
        assert.deepEqual([answer.status, answer.text], [200, 'null']);
      });
    }

    it('asks for the bearer first when told to', async () => {
      api.set({ notRoutedChecksBearer: true });
      assert.equal((await send(api, 'GET', '/nothing/here', { token: 'wrong' })).status, 401);
      assert.equal((await send(api, 'GET', '/nothing/here')).status, 405);
    });
  });

  it('gives every answer an id of its own, which the journal knows', async () => {
    api.faults.add({ path: '/v2/users', fault: { kind: 'status', status: 503, body: 'html' } });
    const ids: unknown[] = [];
    for (const path of ['/users', '/jwt/project', '/nothing/here']) {
      ids.push((await send(api, 'GET', path)).headers['x-amzn-requestid']);
    }
    assert.deepEqual(
      ids,
      api.journal.entries.map(({ requestId }) => requestId),
    );
    assert.equal(new Set(ids).size, 3);
    assert.match(String(ids[0]), uuid);
  });

  describe('switches', () => {
    it('shows a token that never expires with expires_at absent, null or far away', async () => {
      await create(api, 'project', { name: 'n' });
      const row = async (): Promise<unknown> => pageOf(await send(api, 'GET', '/jwt/project')).data[0]?.['expires_at'];
      assert.equal(await row(), undefined);
      api.set({ neverExpires: 'null' });
      assert.equal(await row(), null);
      assert.equal((await create(api, 'project', { name: 'n' })).expires_at, null);
      api.set({ neverExpires: 'farDate' });
      assert.match(String(await row()), /^9999-12-31T/);
    });

    it('writes times with 0, 6, 9 or a varying number of digits after the second', async () => {
      for (const [fractionDigits, pattern] of [
        [0, /^[\d-]{10}T[\d:]{8}Z$/],
        [6, sixDigits],
        [9, /^[\d-]{10}T[\d:]{8}\.\d{9}Z$/],
        ['varying', nano],
      ] as const) {
        api.set({ fractionDigits });
        assert.match((await create(api, 'project', { name: 'n' })).created_at, pattern);
      }
    });

    it('varies the digits of a time from token to token, but not from answer to answer', async () => {
      for (let at = 1; at <= 50; at++) api.state.addProjectToken({ createdAt: new Date(at) });
      const times = async (): Promise<string[]> =>
        pageOf(await send(api, 'GET', '/jwt/project')).data.map(({ created_at }) => String(created_at));
      const first = await times();
      assert.deepEqual([...new Set(first.map(({ length }) => length))].sort(), [25, 26, 27, 28, 29, 30]);
      assert.deepEqual(
        first.map((time) => Date.parse(time)),
        Array.from({ length: 50 }, (_, index) => 50 - index),
      );
      assert.deepEqual(await times(), first);
    });

    it('lists discarded tokens, and leaves out expired ones, when told to', async () => {
      const hour = 3_600_000;
      const now = Date.now();
      api.state.addProjectToken({ name: 'live', createdAt: new Date(now - hour) });
      api.state.addProjectToken({ name: 'expired', createdAt: new Date(now - hour), expiresAt: new Date(now - 1) });
      api.state.addProjectToken({ name: 'discarded', createdAt: new Date(now - hour), discardedAt: new Date(now) });
      const names = async (): Promise<unknown[]> =>
        pageOf(await send(api, 'GET', '/jwt/project')).data.map(({ name }) => name);
      assert.deepEqual(await names(), ['expired', 'live']);
      api.set({ listDiscarded: true, listExpired: false });
      assert.deepEqual(await names(), ['discarded', 'live']);
      assert.match(String(pageOf(await send(api, 'GET', '/jwt/project')).data[0]?.['discarded_at']), nano);
    });

    it('shows discarded_at of a live token as null when told to', async () => {
      await create(api, 'project', { name: 'n' });
      assert.ok(!('discarded_at' in (pageOf(await send(api, 'GET', '/jwt/project')).data[0] ?? {})));
      api.set({ notDiscarded: 'null' });
      assert.equal(pageOf(await send(api, 'GET', '/jwt/project')).data[0]?.['discarded_at'], null);
    });

    it('shows the last use when told to', async () => {
      const { token } = await create(api, 'project', { name: 'n' });
      api.set({ lastUsedField: 'last_used_at' });
      const lastUsed = async (): Promise<unknown> =>
        pageOf(await send(api, 'GET', '/jwt/project')).data[0]?.['last_used_at'];
      assert.equal(await lastUsed(), null);
      await send(api, 'GET', '/users', { token });
      assert.match(String(await lastUsed()), nano);
    });

    it('answers 405 with what the path still has for an operation that is not offered, and serves the rest', async () => {
      api.set({ notOffered: ['CreateUserJwt', 'FetchUserTokens'] });
      const answer = await send(api, 'POST', '/jwt/user', { body: { email: 'a@b.c' } });
      assert.deepEqual([answer.status, answer.text, answer.headers.allow], [405, '', 'OPTIONS']);
      const other = await send(api, 'GET', `/jwt/user/${unknownId}`);
      assert.deepEqual([other.status, other.headers.allow], [405, 'DELETE,OPTIONS']);
      assert.equal((await send(api, 'POST', '/jwt/project', { body: { name: 'n' } })).status, 201);
    });

    it('is the API of June 2026 when told to: nothing under /jwt, users as before', async () => {
      const june = await startLocalApi({ token: 'admin', seed: 'june-2026' });
      for (const [method, path] of [
        ['GET', '/jwt/project'],
        ['POST', '/jwt/project'],
        ['POST', '/jwt/user'],
        ['GET', `/jwt/user/${unknownId}`],
        ['DELETE', `/jwt/user/${unknownId}`],
        ['DELETE', `/jwt/project/${unknownId}`],
      ] as const) {
        const answer = await send(june, method, path, { body: { name: 'n', email: 'a@b.c' } });
        assert.deepEqual([answer.status, answer.text, answer.headers.allow], [405, '', 'OPTIONS'], `${method} ${path}`);
      }
      assert.equal(pageOf(await send(june, 'GET', '/users')).data.length, 12);
      assert.equal((await send(june, 'GET', '/users', { token: 'wrong' })).status, 401);
      assert.equal((await send(june, 'GET', `/users/${unknownId}`)).status, 405);
      await june.close();
    });

    it('answers unknown and malformed ids with 400 when told to', async () => {
      api.set({ unknownIdStatus: 400 });
      for (const [method, path, message] of [
        ['GET', `/jwt/user/${unknownId}`, `invalid user for the project with id: projectID[4101] userID[${unknownId}]`],
        [
          'DELETE',
          `/jwt/user/${unknownId}`,
          `invalid token for the project with id: projectID[4101] tokenID[${unknownId}]`,
        ],
        ['DELETE', '/jwt/project/usr_0001', 'uuid: incorrect UUID length 8 in string "usr_0001"'],
      ] as const) {
        const answer = await send(api, method, path);
        assert.deepEqual([answer.status, messagesOf(answer)], [400, [message]]);
      }
    });

    it('accepts an empty name and no recipient when told to', async () => {
      api.set({ emptyName: 'accepted', noRecipient: 'accepted' });
      assert.equal((await send(api, 'POST', '/jwt/project', { body: { name: '' } })).status, 201);
      assert.equal((await send(api, 'POST', '/jwt/project', { body: {} })).status, 422);
      assert.equal((await send(api, 'POST', '/jwt/user', { body: {} })).status, 201);
    });

    it('has a far date of its own for tokens that never expire', async () => {
      api.set({ neverExpires: 'farDate', farDate: '2125-01-01T00:00:00Z', fractionDigits: 0 });
      assert.equal((await create(api, 'project', { name: 'n' })).expires_at, '2125-01-01T00:00:00Z');
    });

    it('allows so many reads and writes per minute as it is told, and says when there is room again', async () => {
      api.set({ readsPerMinute: 2, writesPerMinute: 1, retryAfter: 'seconds' });
      const post = (): Promise<WireAnswer> => send(api, 'POST', '/jwt/project', { body: { name: 'n' } });
      const statuses = [await send(api, 'GET', '/users'), await send(api, 'GET', '/jwt/project'), await post()];
      assert.deepEqual(
        statuses.map(({ status }) => status),
        [200, 200, 201],
      );
      const refused = [await send(api, 'GET', '/users'), await post()];
      assert.deepEqual(
        refused.map(({ status }) => status),
        [429, 429],
      );
      const seconds = Number(refused[0]?.headers['retry-after']);
      assert.ok(seconds > 0 && seconds <= 60, String(seconds));
      api.set({ clockOffsetMs: 60_000, retryAfter: 'absent' });
      assert.equal((await send(api, 'GET', '/users')).status, 200);
      assert.equal(api.state.projectTokens().length, 1);
    });

    it('compresses for those who accept it when told to', async () => {
      api.set({ compression: 'brotli' });
      const headers = { 'accept-encoding': 'gzip, br' };
      assert.equal((await send(api, 'GET', '/users', { headers })).headers['content-encoding'], 'br');
      assert.equal((await send(api, 'GET', '/users')).headers['content-encoding'], undefined);
    });

    it('puts the server clock off: Date, created_at and expiry follow it', async () => {
      const offset = -6 * 3_600_000;
      api.set({ clockOffsetMs: offset });
      const before = Date.now() + offset;
      const answer = await send(api, 'POST', '/jwt/project', { body: { name: 'n', expiry: 60 } });
      const after = Date.now() + offset;
      const created = Date.parse(String(jsonOf(answer)['created_at']));
      assert.ok(before <= created && created <= after);
      // The Date header has whole seconds.
      const date = Date.parse(answer.headers.date ?? '');
      assert.ok(before - 1000 < date && date <= after);
      const token = String(jsonOf(answer)['token']);
      assert.equal((await send(api, 'GET', '/users', { token })).status, 200);
      api.set({ clockOffsetMs: 0 });
      assert.equal((await send(api, 'GET', '/users', { token })).status, 401);
    });

    it('ignores Idempotency-Key, or honours it when told to', async () => {
      const post = (key: string): Promise<unknown> =>
        send(api, 'POST', '/jwt/project', { body: { name: 'n' }, headers: { 'idempotency-key': key } }).then(
          (answer) => jsonOf(answer)['token_id'],
        );
      assert.notEqual(await post('a'), await post('a'));
      api.set({ idempotencyKey: 'honoured' });
      assert.equal(await post('b'), await post('b'));
      assert.notEqual(await post('b'), await post('c'));
      assert.equal(api.state.projectTokens().length, 4);
    });

    it('refuses a switch that does not exist', () => {
      assert.throws(() => api.set({ fractionDigits: 3 as 6 }));
      assert.throws(() => api.set({ unknown: true } as object));
    });
  });
});
