import assert from 'node:assert/strict';
import { SignJWT } from 'jose';
import { startLocalApi, type LocalApi } from '../server/localApi.ts';
import { codeOf, jsonOf, pageOf, send, type Json } from './localApiWire.ts';

describe('local API: several projects behind one address', () => {
  let api: LocalApi;

  beforeEach(async () => {
    api = await startLocalApi({
      seed: 'demo',
      projects: [{ name: 'A' }, { name: 'B', token: 'given' }, { name: 'C' }],
    });
  });
  afterEach(() => api.close());

  const tokenOf = (index: number): string => api.projects[index]?.token ?? 'none';
  const list = async (index: number): Promise<readonly Json[]> =>
    pageOf(await send(api, 'GET', '/jwt/project', { token: tokenOf(index) })).data;

  it('gives each its own token, keys and name; the first is that of the API', () => {
    assert.deepEqual(
      api.projects.map(({ index, name }) => [index, name]),
      [
        [0, 'A'],
        [1, 'B'],
        [2, 'C'],
      ],
    );
    for (const key of ['token', 'id'] as const) assert.equal(new Set(api.projects.map((one) => one[key])).size, 3, key);
    for (const key of ['apiKey', 'secretKey'] as const)
      assert.equal(new Set(api.projects.map(({ keys }) => keys[key])).size, 3, key);
    assert.deepEqual([api.token, api.keys, api.state], [tokenOf(0), api.projects[0].keys, api.projects[0].state]);
    assert.equal(tokenOf(1), 'given');
  });

  it('plants the same names in all of them, under other ids', async () => {
    const [a, b] = [await list(0), await list(1)];
    assert.ok(a.length > 0, 'the seed has tokens');
    assert.deepEqual(
      a.map(({ name }) => name),
      b.map(({ name }) => name),
    );
    assert.equal(new Set([...a, ...b].map(({ id }) => id)).size, 2 * a.length);
  });

  for (const projectTokens of ['HS256', 'RS256'] as const) {
    it(`keeps what one does from the others (${projectTokens})`, async () => {
      api.set({ projectTokens });
      const before = await list(0);
      const made = jsonOf(await send(api, 'POST', '/jwt/project', { token: tokenOf(1), body: { name: 'new' } }));
      assert.deepEqual(await list(0), before);
      const id = String(made['token_id']);
      assert.equal((await send(api, 'DELETE', `/jwt/project/${id}`, { token: tokenOf(0) })).status, 404);
      const token = String(made['token']);
      const seen = pageOf(await send(api, 'GET', '/jwt/project', { token })).data;
      assert.ok(
        seen.some((row) => row['id'] === id),
        'a token of B lists those of B',
      );
      assert.equal(api.journal.entries.at(-1)?.project, 1);
    });
  }

  it('asks of a user token the Secret Key of its own project', async () => {
    const [, b, c] = api.projects;
    const sign = (apiKey = '', secretKey = ''): Promise<string> =>
      new SignJWT({ user_external_id: 'usr_1', api_key: apiKey })
        .setProtectedHeader({ alg: 'HS256' })
        .sign(new TextEncoder().encode(secretKey));
    const inbox = (token: string): ReturnType<typeof send> => send(api, 'GET', '/notifications', { token });
    assert.equal((await inbox(await sign(b?.keys.apiKey, b?.keys.secretKey))).status, 200);
    assert.equal(b?.journal.count({ operation: 'ListNotifications' }), 1);
    const crossed = await inbox(await sign(b.keys.apiKey, c?.keys.secretKey));
    assert.deepEqual([crossed.status, codeOf(crossed)], [401, 'jwt_auth_failed']);
  });

  it('tells the requests of one from those of the others, and leaves out unknown bearers', async () => {
    await list(0);
    await list(2);
    await list(2);
    await send(api, 'GET', '/users', { token: 'unknown' });
    await send(api, 'GET', '/users', { token: null });
    const counts = api.projects.map((project) => api.journal.count({ project }));
    assert.deepEqual(counts, [1, 0, 2]);
    assert.equal(api.journal.count({ project: 2, method: 'GET' }), 2);
    assert.equal(api.projects[2]?.journal.count({ operation: 'FetchProjectTokens' }), 2);
    assert.equal(api.projects[2].journal.entries.length, 2);
    assert.equal((await api.projects[2].journal.waitFor(({ isOver }) => isOver)).project, 2);
    assert.equal(api.journal.count({}), 5);
  });

  it('still knows whose a discarded token was', async () => {
    const body = { name: 'n' };
    const { token, token_id } = jsonOf(await send(api, 'POST', '/jwt/project', { token: tokenOf(1), body }));
    await send(api, 'DELETE', `/jwt/project/${String(token_id)}`, { token: tokenOf(1) });
    assert.equal((await send(api, 'GET', '/users', { token: String(token) })).status, 401);
    assert.equal(api.journal.entries.at(-1)?.project, 1);
  });

  it('counts the budget of each by itself', async () => {
    api.set({ readsPerMinute: 1 });
    const get = async (index: number): Promise<number> =>
      (await send(api, 'GET', '/users', { token: tokenOf(index) })).status;
    assert.deepEqual([await get(0), await get(0), await get(1), await get(1)], [200, 429, 200, 429]);
  });

  it('has switches and faults for one alone', async () => {
    api.projects[1]?.set({ june2026: true });
    api.faults.add({ project: 2, times: 'always', fault: { kind: 'status', status: 403, body: 'html' } });
    const get = async (index: number): Promise<number> =>
      (await send(api, 'GET', '/jwt/project', { token: tokenOf(index) })).status;
    assert.deepEqual([await get(0), await get(1), await get(2)], [200, 405, 403]);
    assert.throws(() => api.projects[1]?.set({ unknown: true } as object));
    api.reset();
    assert.deepEqual([await get(0), await get(1), await get(2)], [200, 200, 200]);
  });

  it('is told about over the control endpoint', async () => {
    const control = (method: string, path: string, body?: unknown): ReturnType<typeof send> =>
      send(api, method, `/__control${path}`, { token: null, body });
    const told = JSON.parse((await control('GET', '/projects')).text) as unknown;
    assert.deepEqual(
      told,
      api.projects.map(({ index, id, name, token, keys }) => ({ index, id, name, token, ...keys })),
    );
    assert.equal((await control('PATCH', '/projects/1', { june2026: true })).status, 200);
    assert.deepEqual([api.projects[0].switches.june2026, api.projects[1]?.switches.june2026], [false, true]);
    assert.equal((await control('PATCH', '/projects/9', {})).status, 404);
    await list(2);
    assert.equal((JSON.parse((await control('GET', '/journal?project=2')).text) as unknown[]).length, 1);
    assert.equal((await control('GET', '/journal?project=1')).text, '[]');
  });
});
