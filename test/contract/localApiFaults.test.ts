import assert from 'node:assert/strict';
import { request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { FaultSpec } from '../server/faults.ts';
import { startLocalApi, type LocalApi } from '../server/localApi.ts';
import { operationNames } from '../server/routes.ts';
import { startSink, type Sink } from '../server/sink.ts';
import { codeOf, jsonOf, messagesOf, pageOf, pathOf, send, type Page, type WireAnswer } from './localApiWire.ts';

type Fault = FaultSpec['fault'];

describe('local API: faults', () => {
  let api: LocalApi;
  let sink: Sink;

  beforeEach(async () => {
    api = await startLocalApi({ token: 'admin' });
    sink = await startSink();
  });
  afterEach(async () => {
    await api.close();
    await sink.close();
  });

  const post = (): Promise<WireAnswer> => send(api, 'POST', '/jwt/project', { body: { name: 'n' } });
  const list = (): Promise<WireAnswer> => send(api, 'GET', '/jwt/project');
  const add = (fault: Fault, rest: Partial<FaultSpec> = {}): ReturnType<LocalApi['faults']['add']> =>
    api.faults.add({ fault, ...rest });
  const created = (): number => api.state.projectTokens().length;

  describe('which requests they strike', () => {
    const paths = {
      FetchProjectTokens: ['GET', '/jwt/project'],
      CreateProjectJwt: ['POST', '/jwt/project'],
      DiscardProjectJwt: ['DELETE', '/jwt/project/x'],
      CreateUserJwt: ['POST', '/jwt/user'],
      FetchUserTokens: ['GET', '/jwt/user/x'],
      DiscardUserJwt: ['DELETE', '/jwt/user/x'],
      ListUsers: ['GET', '/users'],
      ListNotifications: ['GET', '/notifications'],
    } as const;
    for (const operation of operationNames) {
      it(`strikes ${operation} alone`, async () => {
        add({ kind: 'status', status: 599 }, { operation, times: 'always' });
        for (const [name, [method, path]] of Object.entries(paths)) {
          assert.equal((await send(api, method, path)).status === 599, name === operation, name);
        }
      });
    }

    it('strikes once by default, n times, always, and after some have passed', async () => {
      const statuses = async (): Promise<number[]> => {
        const all: number[] = [];
        for (let index = 0; index < 5; index++) all.push((await list()).status);
        api.faults.clear();
        return all;
      };
      const fault = { kind: 'status', status: 503 } as const;
      add(fault);
      assert.deepEqual(await statuses(), [503, 200, 200, 200, 200]);
      add(fault, { times: 2, skip: 1 });
      assert.deepEqual(await statuses(), [200, 503, 503, 200, 200]);
      add(fault, { times: 'always' });
      assert.deepEqual(await statuses(), [503, 503, 503, 503, 503]);
      assert.deepEqual(await statuses(), [200, 200, 200, 200, 200]);
    });

    it('matches by method and by path; the oldest that fits strikes', async () => {
      add({ kind: 'status', status: 501 }, { method: 'POST' });
      const byPath = add({ kind: 'status', status: 502 }, { path: '/v2/jwt/project' });
      add({ kind: 'status', status: 503 }, { path: '/v2/jwt/project' });
      assert.equal((await send(api, 'GET', '/users')).status, 200);
      assert.deepEqual([(await list()).status, (await post()).status, (await list()).status], [502, 501, 503]);
      assert.equal(byPath.hits, 1);
    });

    it('refuses a specification that does not parse', () => {
      assert.throws(() => add({ kind: 'nonsense' } as unknown as Fault));
      assert.throws(() => add({ kind: 'hang' }, { unknown: 1 } as Partial<FaultSpec>));
    });
  });

  describe('status', () => {
    for (const status of [400, 401, 403, 404, 405, 408, 409, 422, 429, 500, 502, 503, 504]) {
      it(`answers ${status} in the error shape without doing the work`, async () => {
        add({ kind: 'status', status, message: 'Sorry', code: 'some_code' });
        const answer = await post();
        assert.deepEqual([answer.status, messagesOf(answer), codeOf(answer)], [status, ['Sorry'], 'some_code']);
        assert.equal(created(), 0);
      });
    }

    it('answers HTML, text or nothing', async () => {
      add({ kind: 'status', status: 502, body: 'html' });
      add({ kind: 'status', status: 500, body: 'text', message: 'oops' });
      add({ kind: 'status', status: 404, body: 'empty' });
      const [html, text, empty] = [await list(), await list(), await list()];
      assert.match(html.text, /^<!DOCTYPE html>/);
      assert.match(html.headers['content-type'] ?? '', /^text\/html/);
      assert.equal(text.text, 'oops');
      assert.deepEqual([empty.status, empty.text], [404, '']);
    });

    for (const retryAfter of [1, '0', 'Wed, 25 Nov 2026 12:00:00 GMT', '99999999999', '-5', 'soon', undefined]) {
      it(`sends Retry-After: ${String(retryAfter)}`, async () => {
        add({ kind: 'status', status: 429, retryAfter });
        const answer = await list();
        assert.equal(answer.headers['retry-after'], retryAfter === undefined ? undefined : String(retryAfter));
      });
    }

    it('sends as Retry-After a date by its own clock', async () => {
      api.set({ clockOffsetMs: -3_600_000 });
      add({ kind: 'status', status: 503, retryAfter: { dateInSeconds: 90 } });
      const { headers } = await list();
      const seconds = (Date.parse(headers['retry-after'] ?? '') - Date.parse(headers.date ?? '')) / 1000;
      assert.ok(seconds >= 89 && seconds <= 91, String(seconds));
    });

    for (const status of [200, 401, 403, 404]) {
      it(`answers ${status} with a block page and its headers`, async () => {
        add({ kind: 'status', status, body: 'html', headers: { 'cf-mitigated': 'challenge' } });
        const answer = await post();
        assert.deepEqual([answer.status, answer.headers['cf-mitigated']], [status, 'challenge']);
        assert.match(answer.text, /^<!DOCTYPE html>/);
        assert.equal(created(), 0);
      });
    }

    it('strikes the requests of one project alone', async () => {
      const two = await startLocalApi({ projects: [{ token: 'a' }, { token: 'b' }] });
      two.faults.add({ project: 1, times: 'always', fault: { kind: 'forbidden' } });
      const statuses = [];
      for (const token of ['a', 'b', 'c']) statuses.push((await send(two, 'GET', '/users', { token })).status);
      assert.deepEqual(statuses, [200, 403, 401]);
      await two.close();
    });

    it('answers an error though the work is done', async () => {
      add({ kind: 'status', status: 500, at: 'afterWork' });
      assert.equal((await post()).status, 500);
      assert.equal(created(), 1);
      assert.deepEqual([api.journal.entries[0]?.status, api.journal.entries[0]?.isWorkDone], [500, true]);
    });

    it('answers notOffered, wrongRole and forbidden as MagicBell would', async () => {
      add({ kind: 'notOffered' });
      add({ kind: 'wrongRole' });
      add({ kind: 'forbidden' });
      const [notOffered, wrongRole, forbidden] = [await post(), await post(), await post()];
      assert.deepEqual([notOffered.status, notOffered.text, notOffered.headers.allow], [405, '', 'GET,OPTIONS']);
      assert.deepEqual([wrongRole.status, codeOf(wrongRole)], [401, undefined]);
      assert.match(messagesOf(wrongRole)[0] ?? '', /incorrect role/);
      assert.equal(forbidden.status, 403);
      assert.equal(created(), 0);
    });
  });

  describe('body', () => {
    for (const [body, expected] of [
      ['null', 'null'],
      ['emptyObject', '{}'],
      ['emptyArray', '[]'],
      ['empty', ''],
    ] as const) {
      it(`answers ${body} with the right status, the work done`, async () => {
        add({ kind: 'body', body });
        const answer = await post();
        assert.deepEqual([answer.status, answer.text, created()], [201, expected, 1]);
      });
    }

    for (const body of ['garbage', 'truncatedJson', 'html'] as const) {
      it(`answers ${body}, which does not parse`, async () => {
        add({ kind: 'body', body, status: 200 });
        const answer = await post();
        assert.throws(() => jsonOf(answer));
        assert.deepEqual([answer.status, created()], [200, 1]);
      });
    }

    it('answers right JSON under a wrong content type', async () => {
      add({ kind: 'body', body: 'wrongContentType' });
      const answer = await post();
      assert.match(answer.headers['content-type'] ?? '', /^text\/html/);
      assert.ok('token' in jsonOf(answer));
    });

    it('ends before Content-Length is reached', async () => {
      add({ kind: 'body', body: 'shorterThanContentLength' });
      await assert.rejects(post(), { code: 'ECONNRESET' });
      assert.equal(created(), 1);
    });

    it('answers what says gzip and is not', async () => {
      add({ kind: 'body', body: 'gzipGarbage' });
      await assert.rejects(fetch(`${api.url}/jwt/project`, { headers: auth() }).then((answer) => answer.text()));
    });
  });

  it('edits: a creation without token, with status 200, with other fields', async () => {
    add({ kind: 'edit', omit: ['token'] });
    add({ kind: 'edit', status: 200, set: { token_id: null }, headers: { 'x-extra': 'yes' } });
    const withoutToken = await post();
    assert.deepEqual(
      [withoutToken.status, Object.keys(jsonOf(withoutToken)).sort()],
      [201, ['created_at', 'token_id']],
    );
    const as200 = await post();
    assert.deepEqual([as200.status, jsonOf(as200)['token_id'], as200.headers['x-extra']], [200, null, 'yes']);
    assert.equal(created(), 2);
  });

  it('delays', async () => {
    add({ kind: 'delay', ms: 120 });
    const start = performance.now();
    assert.equal((await post()).status, 201);
    assert.ok(performance.now() - start >= 118);
  });

  for (const at of ['beforeWork', 'afterWork'] as const) {
    const done = at === 'afterWork';

    it(`hangs ${at} until the client gives up`, async () => {
      add({ kind: 'hang', at });
      const controller = new AbortController();
      const answer = fetch(`${api.url}/jwt/project`, {
        method: 'POST',
        headers: auth(),
        body: '{"name":"n"}',
        signal: controller.signal,
      });
      await api.journal.waitFor((entry) => entry.body !== '' && entry.isWorkDone === done);
      controller.abort();
      await assert.rejects(answer, { name: 'AbortError' });
      const entry = await api.journal.waitFor(({ isOver }) => isOver);
      assert.deepEqual(
        [entry.status, entry.isCutShort, entry.isWorkDone, created()],
        [undefined, true, done, done ? 1 : 0],
      );
    });

    it(`holds ${at} until released, then answers`, async () => {
      const hold = add({ kind: 'hold', at });
      const answer = post();
      await hold.untilHeld();
      assert.deepEqual([hold.heldCount, created()], [1, done ? 1 : 0]);
      hold.release();
      assert.equal((await answer).status, 201);
      assert.deepEqual([hold.heldCount, created()], [0, 1]);
    });

    it(`resets ${at}`, async () => {
      add({ kind: 'reset', at });
      await assert.rejects(post(), { code: 'ECONNRESET' });
      const entry = await api.journal.waitFor(({ isOver }) => isOver);
      assert.deepEqual([entry.status, entry.isCutShort, entry.isWorkDone], [undefined, true, done]);
      assert.equal(created(), done ? 1 : 0);
    });
  }

  it('carries out a DELETE and does not answer it', async () => {
    const { id } = api.state.addProjectToken({ name: 'n', createdAt: new Date() });
    add({ kind: 'hang', at: 'afterWork' }, { method: 'DELETE' });
    const gaveUp = fetch(`${api.url}/jwt/project/${id}`, {
      method: 'DELETE',
      headers: auth(),
      signal: AbortSignal.timeout(200),
    });
    await assert.rejects(gaveUp, { name: 'TimeoutError' });
    assert.notEqual(api.state.token(id)?.discardedAt, null);
  });

  it('delays one operation, before or after its work', async () => {
    add({ kind: 'delay', ms: 60, at: 'afterWork' }, { operation: 'CreateProjectJwt' });
    const start = performance.now();
    const answer = post();
    await api.journal.waitFor(({ isWorkDone }) => isWorkDone);
    assert.equal(api.journal.entries[0]?.isOver, false);
    assert.equal((await answer).status, 201);
    assert.ok(performance.now() - start >= 59, 'it came at once');
  });

  it('redirects a creation that was carried out', async () => {
    add({ kind: 'redirect', status: 303, to: 'same', at: 'afterWork' });
    assert.deepEqual([(await post()).status, created()], [303, 1]);
  });

  it('does the work of a held request even if the client has gone', async () => {
    const hold = add({ kind: 'hold' });
    const controller = new AbortController();
    const answer = fetch(`${api.url}/jwt/project`, {
      method: 'POST',
      headers: auth(),
      body: '{"name":"n"}',
      signal: controller.signal,
    });
    await hold.untilHeld();
    controller.abort();
    await assert.rejects(answer);
    await api.journal.waitFor(({ isOver }) => isOver);
    hold.release();
    await api.journal.waitFor(({ isWorkDone }) => isWorkDone);
    assert.equal(created(), 1);
  });

  it('releases what a removed fault holds', async () => {
    const hold = add({ kind: 'hold' });
    const answer = post();
    await hold.untilHeld();
    api.faults.clear();
    assert.equal((await answer).status, 201);
  });

  it('resets in the middle of the body', async () => {
    add({ kind: 'reset', at: 'midBody' });
    const res = await open();
    assert.equal(res.statusCode, 200);
    await assert.rejects(res.toArray(), { code: 'ECONNRESET' });
  });

  it('sends headers slowly, and whole in the end', async () => {
    add({ kind: 'slowHeaders', intervalMs: 20 });
    const start = performance.now();
    const answer = await post();
    assert.ok(performance.now() - start >= 80);
    assert.equal(answer.status, 201);
    assert.ok('token' in jsonOf(answer));
    assert.ok(answer.headers.date);
  });

  it('sends the headers at once and the body in drops', async () => {
    add({ kind: 'slowBody', intervalMs: 1, bytes: 7 });
    const res = await open();
    assert.equal(res.statusCode, 200);
    const chunks = (await res.toArray()) as Buffer[];
    assert.ok(chunks.length > 3, `${chunks.length} chunks`);
    assert.deepEqual(Object.keys(JSON.parse(Buffer.concat(chunks).toString()) as object), ['data', 'links']);
  });

  it('sends an endless body for as long as somebody reads', async () => {
    add({ kind: 'endlessBody' });
    const res = await open();
    let size = 0;
    for await (const chunk of res as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > 5_000_000) break;
    }
    const entry = await api.journal.waitFor(({ isOver }) => isOver);
    assert.deepEqual([entry.status, entry.isCutShort], [200, true]);
  });

  it('sends a huge body of valid JSON, 50 MB by default', async () => {
    add({ kind: 'hugeBody' });
    const answer = await list();
    assert.equal(answer.headers['content-length'], String(50 * 1024 * 1024));
    assert.equal(Buffer.byteLength(answer.text), 50 * 1024 * 1024);
    assert.deepEqual(pageOf(answer).data, []);
  });

  for (const status of [300, 301, 302, 303, 304, 307, 308]) {
    it(`redirects with ${status} to this origin and to another`, async () => {
      add({ kind: 'redirect', status, to: 'same' });
      add({ kind: 'redirect', status, to: sink.origin });
      const same = await send(api, 'GET', '/users?query=a');
      assert.deepEqual([same.status, same.headers.location], [status, `${api.url}/users?query=a&redirected=1`]);
      const other = await send(api, 'GET', '/users?query=a');
      assert.deepEqual([other.status, other.headers.location], [status, `${sink.origin}/v2/users?query=a`]);
      assert.equal((await post()).status, 201);
    });
  }

  it('shows by its sink what a client carries to a foreign origin', async () => {
    add({ kind: 'redirect', status: 307, to: sink.origin });
    await fetch(`${api.url}/jwt/project`, { method: 'POST', headers: { ...auth(), 'x-own': 'kept' }, body: '{}' });
    assert.deepEqual(
      sink.requests.map(({ method, path, body, headers }) => [method, path, body, headers['x-own']]),
      [['POST', '/v2/jwt/project', '{}', 'kept']],
    );
    assert.equal(sink.connections, 1);
  });

  describe('paging', () => {
    beforeEach(() => {
      for (let index = 1; index <= 6; index++) api.state.addProjectToken({ name: `t${index}`, createdAt: new Date() });
    });
    const names = (answer: WireAnswer): unknown[] => pageOf(answer).data.map(({ name }) => name);

    it('repeats the cursor of the first page forever', async () => {
      add({ kind: 'repeatedCursor' }, { times: 'always' });
      const first = pageOf(await send(api, 'GET', '/jwt/project?limit=2'));
      const second = pageOf(await send(api, 'GET', pathOf(api, first.links.next)));
      assert.equal(second.links.next, first.links.next);
      assert.deepEqual(
        second.data.map(({ name }) => name),
        ['t4', 't3'],
      );
    });

    it('repeats the cursor also where there is one page', async () => {
      add({ kind: 'repeatedCursor' });
      assert.equal(pageOf(await list()).links.next, `${api.url}/jwt/project`);
    });

    it('repeats rows within a page and across pages', async () => {
      add({ kind: 'duplicateRows' }, { times: 'always' });
      const first = await send(api, 'GET', '/jwt/project?limit=2');
      const second = await send(api, 'GET', pathOf(api, pageOf(first).links.next));
      assert.deepEqual(
        [names(first), names(second)],
        [
          ['t6', 't5', 't5'],
          ['t5', 't4', 't3', 't3'],
        ],
      );
    });

    it('begins each page with the last rows of the page before', async () => {
      add({ kind: 'overlap', rows: 2 }, { times: 'always' });
      const first = await send(api, 'GET', '/jwt/project?limit=3');
      const second = await send(api, 'GET', pathOf(api, pageOf(first).links.next));
      const again = await send(api, 'GET', '/jwt/project?limit=3');
      assert.deepEqual(names(second), ['t5', 't4', 't3', 't2', 't1']);
      assert.deepEqual(names(again), names(first));
    });

    for (const [rows, expected] of [
      ['new', ['t6', 't5', 't4', 't3']],
      ['same', ['t6', 't5', 't4', 't3']],
      ['none', []],
    ] as const) {
      it(`goes on for ever with ${rows} rows`, async () => {
        add({ kind: 'endlessList', rows }, { times: 'always' });
        const ids = new Set<unknown>();
        const cursors = new Set<unknown>();
        const pages: Page[] = [];
        for (let path = '/jwt/project?limit=4'; pages.length < 6;) {
          const page = pageOf(await send(api, 'GET', path));
          pages.push(page);
          for (const { id } of page.data) ids.add(id);
          cursors.add(page.links.next);
          path = pathOf(api, page.links.next);
        }
        assert.deepEqual(
          pages[5]?.data.map(({ name }) => name),
          expected,
        );
        assert.equal(ids.size, rows === 'new' ? 6 + 4 * 4 : 6);
        assert.equal(cursors.size, 6);
      });
    }

    it('goes on for ever by page numbers too', async () => {
      for (let index = 1; index <= 3; index++) api.state.addUser({ externalId: `usr_${index}` });
      api.set({ userCursors: 'pageNumber' });
      add({ kind: 'endlessList' }, { times: 'always' });
      let page = pageOf(await send(api, 'GET', '/users?limit=2'));
      for (let count = 0; count < 3; count++) page = pageOf(await send(api, 'GET', pathOf(api, page.links.next)));
      assert.equal(page.data.length, 2);
    });

    it('names a foreign origin in the links', async () => {
      add({ kind: 'foreignLinks', origin: sink.origin });
      const { links } = pageOf(await send(api, 'GET', '/jwt/project?limit=2'));
      assert.equal(links.first, `${sink.origin}/v2/jwt/project?limit=2`);
      assert.equal(new URL(links.next ?? '').origin, sink.origin);
      assert.equal(links.prev, null);
    });
  });

  it('closes at once whatever is still open', async () => {
    for (const fault of [
      { kind: 'hang' },
      { kind: 'hold' },
      { kind: 'delay', ms: 60_000 },
      { kind: 'endlessBody' },
    ] as const) {
      const other = await startLocalApi({ token: 'admin' });
      other.faults.add({ fault });
      const answer = send(other, 'GET', '/jwt/project');
      await other.journal.waitFor(({ method }) => method === 'GET');
      await Promise.all([assert.rejects(answer), other.close()]);
    }
  });

  it('leaves the connection usable after a fault that only answers', async () => {
    add({ kind: 'status', status: 500 });
    const socket = connect(api.port, '127.0.0.1');
    const get = `GET /v2/users HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer admin\r\n\r\n`;
    socket.write(get + get.replace('Host: x', 'Host: x\r\nConnection: close'));
    const text = Buffer.concat((await socket.toArray()) as Buffer[]).toString();
    assert.deepEqual(text.match(/HTTP\/1.1 \d+/g), ['HTTP/1.1 500', 'HTTP/1.1 200']);
  });

  function auth(): Record<string, string> {
    return { authorization: `Bearer ${api.token}`, 'content-type': 'application/json' };
  }

  /** The answer with its body still to be read. */
  function open(): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const req = request(`${api.url}/jwt/project`, { headers: auth(), agent: false }, resolve);
      req.on('error', reject);
      req.end();
    });
  }
});
