import assert from 'node:assert/strict';
import { Agent, request } from 'node:http';
import * as v from 'valibot';
import { startLocalApi, type LocalApi } from '../server/localApi.ts';
import { codeOf, create, jsonOf, pageOf, send } from './localApiWire.ts';

/** What MagicBell's own clients send and demand, as read in their sources. */
describe("local API: MagicBell's clients", () => {
  let api: LocalApi;

  beforeEach(async () => {
    api = await startLocalApi({ token: 'admin', seed: 'demo' });
  });
  afterEach(() => api.close());

  // As strict as the strictest of them: optional is not nullable.
  const tokenRow = v.object({
    created_at: v.string(),
    id: v.optional(v.string()),
    name: v.optional(v.nullable(v.string())),
    expires_at: v.optional(v.string()),
    discarded_at: v.optional(v.nullable(v.string())),
  });
  const links = v.object({
    first: v.string(),
    next: v.optional(v.nullable(v.string())),
    prev: v.optional(v.nullable(v.string())),
  });
  const tokens = v.object({ data: v.array(tokenRow), links });
  const creation = v.object({
    created_at: v.string(),
    expires_at: v.optional(v.nullable(v.string())),
    token: v.string(),
    token_id: v.string(),
  });
  const discard = v.object({ discarded_at: v.string(), token_id: v.string() });

  it('parse every list of the sample data', async () => {
    v.parse(tokens, jsonOf(await send(api, 'GET', '/jwt/project')));
    for (const { id } of api.state.users()) {
      v.parse(tokens, jsonOf(await send(api, 'GET', `/jwt/user/${id}`)));
    }
  });

  it('parse an empty list', async () => {
    const empty = await startLocalApi({ token: 'admin' });
    v.parse(tokens, jsonOf(await send(empty, 'GET', '/jwt/project')));
    await empty.close();
  });

  for (const [kind, body] of [
    ['project', { name: 'n' }],
    ['project', { name: 'n', expiry: 60 }],
    ['user', { email: 'a@b.c' }],
    ['user', { external_id: 'usr_1', email: null, name: null, expiry: null }],
  ] as const) {
    it(`parse the creation (201) and the discarding (200, JSON) of ${kind} ${JSON.stringify(body)}`, async () => {
      const answer = await send(api, 'POST', `/jwt/${kind}`, { body });
      assert.equal(answer.status, 201);
      const { token_id } = v.parse(creation, jsonOf(answer));
      const discarded = await send(api, 'DELETE', `/jwt/${kind}/${token_id}`);
      assert.equal(discarded.status, 200);
      assert.match(discarded.headers['content-type'] ?? '', /^application\/json/);
      v.parse(discard, jsonOf(discarded));
    });
  }

  for (const [name, headers] of [
    ['with a charset', { 'content-type': 'application/json; charset=utf-8' }],
    ['with odd capitals', { 'CONTENT-TYPE': 'APPLICATION/JSON' }],
    ['without a content type', { 'content-type': '' }],
    ['with Accept', { accept: 'application/json' }],
    ['with Accept */* and compression', { accept: '*/*', 'accept-encoding': 'gzip, deflate, br' }],
    ['with Expect', { expect: '100-continue' }],
  ] as const) {
    it(`create ${name}`, async () => {
      const answer = await send(api, 'POST', '/jwt/project', { body: { name: 'n' }, headers });
      assert.equal(answer.status, 201);
      assert.equal(answer.headers['content-encoding'], undefined);
      v.parse(creation, jsonOf(answer));
    });
  }

  it('create with a body in chunks, a character split between two of them', async () => {
    const body = Buffer.from(JSON.stringify({ name: 'é🔔' }));
    const status = await new Promise((resolve, reject) => {
      const headers = { authorization: 'Bearer admin', 'content-type': 'application/json' };
      const req = request(`${api.url}/jwt/project`, { method: 'POST', headers, agent: false }, (res) => {
        res.resume();
        res.on('end', () => resolve(res.statusCode));
      });
      req.on('error', reject);
      assert.equal(req.getHeader('content-length'), undefined);
      const middle = body.indexOf('é') + 1;
      req.write(body.subarray(0, middle), () => req.end(body.subarray(middle)));
    });
    assert.equal(status, 201);
    assert.equal(api.journal.entries[0]?.headers['transfer-encoding'], 'chunked');
    assert.equal(pageOf(await send(api, 'GET', '/jwt/project')).data[0]?.['name'], 'é🔔');
  });

  it('use one connection for everything', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ports = new Set<number | undefined>();
    agent.on('free', (socket: { localPort?: number }) => ports.add(socket.localPort));
    for (const [method, path, body] of [
      ['GET', '/jwt/project', undefined],
      ['POST', '/jwt/project', { name: 'n' }],
      ['POST', '/jwt/project', {}],
      ['PUT', '/jwt/project', { name: 'n' }],
      ['GET', '/users', undefined],
    ] as const) {
      await send(api, method, path, { agent, body });
    }
    assert.equal(ports.size, 1);
    agent.destroy();
  });

  it('accept "bearer" in any case, as HTTP has it', async () => {
    const headers = { authorization: 'bearer admin' };
    assert.equal((await send(api, 'GET', '/jwt/project', { token: null, headers })).status, 200);
  });

  it('send DELETE with a content type and a body of {}, or none', async () => {
    const first = await create(api, 'project', { name: 'n' });
    const second = await create(api, 'project', { name: 'n' });
    assert.equal((await send(api, 'DELETE', `/jwt/project/${first.token_id}`, { body: {} })).status, 200);
    const headers = { 'content-type': 'application/json' };
    assert.equal((await send(api, 'DELETE', `/jwt/project/${second.token_id}`, { headers })).status, 200);
  });

  it('read the code of an error, and a Date in every answer', async () => {
    const refused = await send(api, 'GET', '/jwt/project', { token: 'wrong' });
    assert.equal(codeOf(refused), 'invalid_jwt_format');
    for (const answer of [refused, await send(api, 'PUT', '/x'), await send(api, 'GET', '/users')]) {
      assert.ok(Math.abs(Date.parse(answer.headers.date ?? '') - Date.now()) < 5000);
    }
  });

  it('page in the way of either generation, empty cursors included', async () => {
    const all = pageOf(await send(api, 'GET', '/users')).data.map(({ id }) => id);
    for (const [size, after] of [
      ['limit', 'starting_after'],
      ['page%5Bsize%5D', 'page%5Bafter%5D'],
    ] as const) {
      const ids: unknown[] = [];
      let cursor = '';
      do {
        const page = pageOf(await send(api, 'GET', `/users?${size}=5&${after}=${encodeURIComponent(cursor)}`));
        ids.push(...page.data.map(({ id }) => id));
        const next = page.links.next ? new URL(page.links.next).searchParams : undefined;
        cursor = next?.get(decodeURIComponent(after)) ?? '';
      } while (cursor !== '');
      assert.deepEqual(ids, all);
    }
  });

  it('create twice when they repeat a POST, as the real API is feared to', async () => {
    api.faults.add({ operation: 'CreateProjectJwt', fault: { kind: 'status', status: 500, at: 'afterWork' } });
    const before = api.state.projectTokens().length;
    for (let attempt = 0; attempt < 2; attempt++) {
      const headers = { 'idempotency-key': 'the-same' };
      await send(api, 'POST', '/jwt/project', { body: { name: 'n' }, headers });
    }
    assert.equal(api.state.projectTokens().length, before + 2);
  });
});
