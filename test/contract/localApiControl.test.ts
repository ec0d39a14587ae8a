import assert from 'node:assert/strict';
import { startLocalApi, type LocalApi } from '../server/localApi.ts';
import { startSink } from '../server/sink.ts';
import { create, jsonOf, send, type WireAnswer } from './localApiWire.ts';

describe('local API: journal', () => {
  let api: LocalApi;

  beforeEach(async () => {
    api = await startLocalApi({ token: 'admin' });
  });
  afterEach(() => api.close());

  it('keeps what arrived and how it ended', async () => {
    await send(api, 'POST', '/jwt/project?x=1', {
      body: { name: 'n' },
      headers: { 'idempotency-key': 'abc', 'user-agent': 'test/1' },
    });
    const entry = await api.journal.waitFor(({ isOver }) => isOver);
    const { seq, port, method, path, query, operation, bearer, body, fault, status, isWorkDone, isCutShort } = entry;
    assert.deepEqual(
      { seq, port, method, path, query, operation, bearer, body, fault, status, isWorkDone, isCutShort },
      {
        seq: 1,
        port: api.port,
        method: 'POST',
        path: '/v2/jwt/project',
        query: '?x=1',
        operation: 'CreateProjectJwt',
        bearer: 'admin',
        body: '{"name":"n"}',
        fault: undefined,
        status: 201,
        isWorkDone: true,
        isCutShort: false,
      },
    );
    assert.deepEqual([entry.headers['idempotency-key'], entry.headers['user-agent']], ['abc', 'test/1']);
  });

  it('keeps what the API does not route, and wrong bearers, and does not say that work was done', async () => {
    await send(api, 'PUT', '/elsewhere', { token: 'wrong' });
    await send(api, 'POST', '/jwt/project', { token: null, body: { name: 'n' } });
    await send(api, 'POST', '/jwt/project', { body: {} });
    assert.deepEqual(
      api.journal.entries.map(({ operation, bearer, isWorkDone }) => [operation, bearer, isWorkDone]),
      [
        [undefined, 'wrong', false],
        ['CreateProjectJwt', undefined, false],
        ['CreateProjectJwt', 'admin', false],
      ],
    );
  });

  it('counts by method and operation, and clears', async () => {
    await create(api, 'project', { name: 'n' });
    await create(api, 'user', { email: 'a@b.c' });
    await send(api, 'GET', '/users');
    assert.equal(api.journal.count({ method: 'POST' }), 2);
    assert.equal(api.journal.count({ operation: 'CreateUserJwt' }), 1);
    assert.equal(api.journal.count({}), 3);
    api.journal.clear();
    assert.deepEqual(api.journal.entries, []);
  });

  it('waits for a request to come, and gives up after its time', async () => {
    const waiting = api.journal.waitFor(({ operation }) => operation === 'ListUsers');
    await send(api, 'GET', '/jwt/project');
    await send(api, 'GET', '/users');
    assert.equal((await waiting).path, '/v2/users');
    await assert.rejects(
      api.journal.waitFor(() => false, 5),
      /No such request within 5 ms/,
    );
  });

  it('names the fault that a request met', async () => {
    api.faults.add({ fault: { kind: 'forbidden' } });
    await send(api, 'GET', '/users');
    assert.equal(api.journal.entries[0]?.fault, 'forbidden');
  });
});

describe('local API: control endpoints', () => {
  let api: LocalApi;

  beforeEach(async () => {
    api = await startLocalApi({ token: 'admin', seed: 'demo' });
  });
  afterEach(() => api.close());

  const control = (
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<WireAnswer> =>
    send(api, method, `/__control${path}`, { token: null, body, ...(headers ? { headers } : {}) });

  it('sets, lists and removes faults', async () => {
    const spec = { operation: 'ListUsers', times: 'always', fault: { kind: 'status', status: 503 } };
    const added = await control('POST', '/faults', spec);
    assert.equal(added.status, 201);
    assert.equal((await send(api, 'GET', '/users')).status, 503);
    const [listed] = JSON.parse((await control('GET', '/faults')).text) as Record<string, unknown>[];
    assert.equal(listed?.['hits'], 1);
    await control('DELETE', `/faults/${String(listed['id'])}`);
    assert.equal((await send(api, 'GET', '/users')).status, 200);
    await control('POST', '/faults', spec);
    await control('DELETE', '/faults');
    assert.equal((await send(api, 'GET', '/users')).status, 200);
  });

  it('tells when a request is held, and releases it', async () => {
    const id = String(jsonOf(await control('POST', '/faults', { fault: { kind: 'hold' } }))['id']);
    const held = control('GET', `/faults/${id}/held`);
    const answer = send(api, 'GET', '/users');
    assert.equal(jsonOf(await held)['held'], 1);
    await control('POST', `/faults/${id}/release`);
    assert.equal((await answer).status, 200);
    assert.equal((await control('POST', '/faults/99/release')).status, 404);
  });

  it('reads, waits for and clears the journal; is not in it', async () => {
    const waiting = control('GET', '/journal?operation=ListUsers&atLeast=2');
    await send(api, 'GET', '/users');
    await send(api, 'GET', '/jwt/project');
    await send(api, 'GET', '/users');
    const entries = JSON.parse((await waiting).text) as { operation: string; bearer: string }[];
    assert.deepEqual(
      entries.map(({ operation, bearer }) => [operation, bearer]),
      [
        ['ListUsers', 'admin'],
        ['ListUsers', 'admin'],
      ],
    );
    assert.equal((JSON.parse((await control('GET', '/journal')).text) as unknown[]).length, 3);
    assert.equal((await control('GET', '/journal?operation=Nonsense')).status, 422);
    await control('DELETE', '/journal');
    assert.equal((await control('GET', '/journal')).text, '[]');
  });

  it('reads and changes switches', async () => {
    assert.equal(jsonOf(await control('GET', '/switches'))['fractionDigits'], 'varying');
    assert.equal((await control('PATCH', '/switches', { fractionDigits: 9 })).status, 200);
    assert.equal(api.switches.fractionDigits, 9);
    for (const wrong of [{ fractionDigits: 4 }, { nonsense: 1 }]) {
      assert.equal((await control('PATCH', '/switches', wrong)).status, 422);
    }
    assert.equal((await control('PATCH', '/switches', '{')).status, 400);
  });

  it('goes back to the seed, without faults, journal and changed switches', async () => {
    const before = api.state.projectTokens().length;
    await create(api, 'project', { name: 'n' });
    api.set({ fractionDigits: 0 });
    api.faults.add({ fault: { kind: 'hang' } });
    await control('POST', '/reset');
    assert.equal(api.state.projectTokens().length, before);
    assert.deepEqual([api.switches.fractionDigits, api.faults.all, api.journal.entries], ['varying', [], []]);
  });

  it('tells the keys that sign user tokens', async () => {
    assert.deepEqual(jsonOf(await control('GET', '/project')), api.keys);
  });

  it('answers 404 for anything else', async () => {
    assert.equal((await control('GET', '/nonsense')).status, 404);
    assert.equal((await control('GET', '')).status, 404);
  });

  describe('out of reach for web pages', () => {
    const port = (): string => String(api.port);
    for (const [name, headers] of [
      ['another host', () => ({ host: 'evil.example' })],
      ['another host with the right port', () => ({ host: `evil.example:${port()}` })],
      ['the right host without its port', () => ({ host: '127.0.0.1' })],
      ['an origin', () => ({ origin: 'https://evil.example' })],
      ['its own origin', () => ({ origin: `http://127.0.0.1:${port()}` })],
      ['the origin null', () => ({ origin: 'null' })],
      ['a fetch from another site', () => ({ 'sec-fetch-site': 'cross-site' })],
    ] as const) {
      it(`refuses ${name}`, async () => {
        const answer = await control('POST', '/faults', { fault: { kind: 'hang' } }, headers());
        assert.equal(answer.status, 403);
        assert.deepEqual(api.faults.all, []);
        assert.equal((await control('GET', '/journal', undefined, headers())).status, 403);
      });
    }

    it('serves localhost', async () => {
      assert.equal((await control('GET', '/faults', undefined, { host: `localhost:${port()}` })).status, 200);
    });
  });
});

describe('sink', () => {
  it('counts connections and keeps requests', async () => {
    const sink = await startSink({ hello: true });
    const answer = await fetch(`${sink.origin}/a?b=c`, { method: 'POST', headers: { 'x-key': 'k' }, body: 'text' });
    assert.deepEqual(await answer.json(), { hello: true });
    const [request] = sink.requests;
    assert.deepEqual(
      [sink.connections, request?.method, request?.path, request?.headers['x-key'], request?.body],
      [1, 'POST', '/a?b=c', 'k', 'text'],
    );
    await sink.close();
  });
});
