import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { asMagicBellError, type MagicBellError } from '../../src/core/magicbell/errors.ts';
import { fetchAllPages, type AllPages } from '../../src/core/magicbell/pages.ts';
import { tokenId, type Token } from '../../src/core/model/token.ts';
import { userId } from '../../src/core/model/user.ts';
import type { ActiveFault } from '../server/faults.ts';
import type { LocalApi } from '../server/localApi.ts';
import { startSink } from '../server/sink.ts';
import type { Switches } from '../server/switches.ts';
import { everythingOf, newClient, operationNames, startRig, type Rig } from './clientRig.ts';

const firstPage = { limit: 2 };

async function failureOf(call: Promise<unknown>): Promise<MagicBellError> {
  const error = await call.then(
    () => assert.fail('it succeeded'),
    (thrown: unknown) => thrown,
  );
  return asMagicBellError(error) ?? assert.fail('not an error of the client');
}

async function untilHeld(hold: ActiveFault, count: number): Promise<void> {
  while (hold.heldCount < count) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('client', function () {
  this.timeout(60_000);
  let rig: Rig;
  let api: LocalApi;

  beforeEach(async () => {
    rig = await startRig();
    api = rig.api;
  });
  afterEach(() => api.close());

  it('speaks the wire as MagicBell does', async () => {
    for (const operation of operationNames) await rig.call(operation);
    const { projectToken, userToken, user } = rig.ids;
    assert.deepEqual(
      api.journal.entries.map(({ method, path, query, body, status }) => [method, path + query, body, status]),
      [
        ['GET', '/v2/jwt/project?limit=2', '', 200],
        ['POST', '/v2/jwt/project', '{"name":"ci","expiry":60}', 201],
        ['DELETE', `/v2/jwt/project/${projectToken}`, '', 200],
        ['POST', '/v2/jwt/user', '{"email":"hana@example.com"}', 201],
        ['DELETE', `/v2/jwt/user/${userToken}`, '', 200],
        ['GET', `/v2/jwt/user/${user}?limit=2`, '', 200],
        ['GET', '/v2/users?limit=2&query=example', '', 200],
      ],
    );
    for (const { headers, method, bearer } of api.journal.entries) {
      assert.equal(bearer, api.token);
      assert.equal(headers['accept'], 'application/json');
      assert.match(headers['user-agent'] ?? '', /^magicbell-tokens\//);
      assert.equal(headers['content-type'], method === 'POST' ? 'application/json' : undefined);
      assert.equal(headers['idempotency-key'] === undefined, method !== 'POST');
    }
  });

  it('gives a value that works as a bearer until it is revoked', async () => {
    const issued = await rig.client.jwt.createProjectJwt({ name: 'ci', expirySeconds: 3600 });
    assert.ok(issued.id);
    const { client } = newClient(api.url, issued.value.reveal());
    assert.ok((await client.jwt.fetchProjectTokens(firstPage)).items.length > 0);
    const { revokedAt } = await rig.client.jwt.discardProjectJwt(issued.id);
    assert.ok(Math.abs(revokedAt.getTime() - Date.now()) < 5000);
    assert.equal((await failureOf(client.jwt.fetchProjectTokens(firstPage))).reason, 'unauthorized');
  });

  it('tells a user token from a wrong one', async () => {
    const issued = await rig.client.jwt.createUserJwt({
      email: 'hana@example.com',
      externalId: undefined,
      name: undefined,
      expirySeconds: undefined,
    });
    const { client } = newClient(api.url, issued.value.reveal());
    assert.equal((await failureOf(client.jwt.fetchProjectTokens(firstPage))).reason, 'wrongTokenKind');
  });

  it('passes MagicBell’s messages on, and not into its own', async () => {
    const bare = { email: undefined, externalId: undefined, name: undefined, expirySeconds: undefined };
    const error = await failureOf(rig.client.jwt.createUserJwt(bare));
    assert.equal(error.reason, 'invalidInput');
    assert.deepEqual(error.details.serverMessages, ["Param 'email' or 'external_id' is missing"]);
    assert.equal(error.message, 'POST /jwt/user: 422');
  });

  it('knows how far the server’s clock is ahead', async () => {
    api.set({ clockOffsetMs: 90_000 });
    await rig.call('ListUsers');
    assert.ok(Math.abs((rig.client.clockOffsetMs ?? 0) - 90_000) < 3000);
  });

  describe('paging', () => {
    const allTokens = (): Promise<AllPages<Token>> =>
      fetchAllPages((next) => rig.client.jwt.fetchProjectTokens({ ...firstPage, next }));

    it('follows the cursors of links to the end', async () => {
      const { items, cutShort } = await allTokens();
      assert.deepEqual(items.map(({ name }) => name).sort(), ['a', 'b', 'c']);
      assert.equal(cutShort, undefined);
      assert.match(api.journal.entries[1]?.query ?? '', /^\?limit=2&starting_after=/);
    });

    it('keeps the filter on later pages', async () => {
      const users = await fetchAllPages((next) => rig.client.users.listUsers('ana', { limit: 1, next }));
      assert.deepEqual(users.items.map(({ email }) => email).sort(), ['hana@example.com', 'jana@example.com']);
    });

    it('takes only the cursor of links that name another host', async () => {
      const sink = await startSink();
      api.faults.add({ fault: { kind: 'foreignLinks', origin: sink.origin }, times: 'always' });
      assert.equal((await allTokens()).items.length, 3);
      assert.equal(sink.connections, 0);
      assert.deepEqual([...new Set(api.journal.entries.map(({ path }) => path))], ['/v2/jwt/project']);
      await sink.close();
    });

    it('stops at a cursor that repeats, keeps the rows, and says that there may be more', async () => {
      api.faults.add({ fault: { kind: 'repeatedCursor' }, times: 'always' });
      const { items, cutShort } = await allTokens();
      assert.equal(cutShort, 'repeats');
      assert.ok(items.length >= 2);
      assert.ok(api.journal.entries.length <= 3);
    });

    it('shows each row once', async () => {
      api.faults.add({ fault: { kind: 'duplicateRows' }, times: 'always' });
      const { items } = await allTokens();
      assert.deepEqual(items.map(({ name }) => name).sort(), ['a', 'b', 'c']);
      const page = await rig.client.jwt.fetchProjectTokens(firstPage);
      assert.equal(new Set(page.items.map(({ id }) => id)).size, page.items.length);
    });

    for (const next of [7, {}, 'https://api.magicbell.com/v2/users', '?limit=2']) {
      it(`calls a page with the next ${JSON.stringify(next)} cut short`, async () => {
        api.faults.add({ fault: { kind: 'edit', set: { links: { next } } } });
        const page = await rig.client.jwt.fetchProjectTokens(firstPage);
        assert.deepEqual([page.items.length, page.next, page.cutShort], [2, undefined, 'unreadableLink']);
        assert.match(rig.logger.text, /cut short/);
      });
    }

    it('counts rows that cannot be read, and shows the others', async () => {
      const row = { id: 'x', created_at: '2026-01-01T00:00:00Z' };
      api.faults.add({ fault: { kind: 'edit', set: { data: [row, { id: 'y' }, null] } } });
      const page = await rig.client.jwt.fetchProjectTokens(firstPage);
      assert.deepEqual([page.items.length, page.unreadableItems], [1, 2]);
      assert.match(rig.logger.text, /2 rows could not be read/);
    });

    it('reads 100 pages in a row without being held back', async () => {
      for (let count = 0; count < 100; count++) api.state.addProjectToken({ name: `n${count}`, createdAt: new Date() });
      const startedAt = performance.now();
      const all = await fetchAllPages((next) => rig.client.jwt.fetchProjectTokens({ limit: 1, next }));
      assert.equal(all.items.length, 103);
      // The budget of a minute would be felt.
      assert.ok(performance.now() - startedAt < 45_000);
    });
  });

  describe('what is unknown about the API', () => {
    const variants: Partial<Switches>[] = [
      { neverExpires: 'absent', notDiscarded: 'absent', emptyUserFields: 'absent', fractionDigits: 0 },
      { fractionDigits: 'varying', userCursors: 'pageNumber', compression: 'brotli' },
      { neverExpires: 'null', notDiscarded: 'null', emptyUserFields: 'null', fractionDigits: 6 },
      { neverExpires: 'farDate', fractionDigits: 9, lastUsedField: 'last_used_at' },
      { collection: 'noLinks', lastUsedField: 'last_accessed_at', order: 'shuffled', listDiscarded: true },
    ];
    for (const switches of variants) {
      it(`makes no difference: ${JSON.stringify(switches)}`, async () => {
        api.set(switches);
        const issued = await rig.client.jwt.createProjectJwt({ name: 'ci', expirySeconds: undefined });
        assert.equal(issued.expiresAt, undefined);
        const { items, unreadableItems } = await rig.client.jwt.fetchProjectTokens({ limit: 10 });
        assert.equal(unreadableItems, 0);
        assert.equal(items.length, 4);
        for (const token of items) assert.deepEqual([token.expiresAt, token.revokedAt], [undefined, undefined]);
        const users = await rig.client.users.listUsers(undefined, { limit: 10 });
        assert.deepEqual(users.items.map(({ email }) => email).sort()[0], 'hana@example.com');
        await rig.call('DiscardUserJwt');
      });
    }

    for (const collection of ['noData', 'emptyObject'] as const) {
      it(`an empty list without keys is an empty list: ${collection}`, async () => {
        api.set({ collection, firstOfEmptyList: 'emptyString' });
        assert.deepEqual((await rig.client.jwt.fetchProjectTokens(firstPage)).items, []);
      });
    }

    it('an operation that is not offered is that alone', async () => {
      api.set({ notOffered: ['CreateUserJwt', 'FetchUserTokens'] });
      assert.equal((await failureOf(rig.call('CreateUserJwt'))).reason, 'notOffered');
      assert.equal((await failureOf(rig.call('FetchUserTokens'))).reason, 'notOffered');
      await rig.call('CreateProjectJwt');
      await rig.call('ListUsers');
    });
  });

  describe('aborting', () => {
    it('ends the wait for a creation at once, which is carried out once all the same', async () => {
      const hold = api.faults.add({ fault: { kind: 'hold' } });
      const controller = new AbortController();
      const call = failureOf(rig.call('CreateProjectJwt', { signal: controller.signal }));
      await hold.untilHeld();
      const startedAt = performance.now();
      controller.abort();
      const error = await call;
      assert.ok(performance.now() - startedAt < 5000);
      assert.deepEqual([error.reason, error.details.notSent], ['cancelled', undefined]);
      hold.release();
      await api.journal.waitFor(({ isOver }) => isOver);
      assert.equal(rig.entries('CreateProjectJwt').length, 1);
    });

    it('ends a connection in the middle of a body', async () => {
      api.faults.add({ fault: { kind: 'slowBody', intervalMs: 20 } });
      const controller = new AbortController();
      const call = failureOf(rig.call('FetchProjectTokens', { signal: controller.signal }));
      await api.journal.waitFor(({ status }) => status === 200);
      controller.abort();
      assert.equal((await call).reason, 'cancelled');
      assert.equal((await api.journal.waitFor(({ isOver }) => isOver)).isCutShort, true);
    });

    it('leaves no trace of a call that waited for its turn', async () => {
      const hold = api.faults.add({ fault: { kind: 'hold' }, times: 'always' });
      const running = Array.from({ length: 6 }, () => rig.call('ListUsers'));
      const controller = new AbortController();
      const waiting = failureOf(rig.call('FetchProjectTokens', { signal: controller.signal }));
      await untilHeld(hold, 6);
      controller.abort();
      assert.equal((await waiting).details.notSent, true);
      hold.release();
      api.faults.clear();
      await Promise.all(running);
      assert.equal(rig.entries('FetchProjectTokens').length, 0);
    });
  });

  it('lets a person go before the background when calls wait', async () => {
    const hold = api.faults.add({ fault: { kind: 'hold' }, times: 6 });
    const running = Array.from({ length: 6 }, () => rig.call('ListUsers'));
    await untilHeld(hold, 6);
    const background = rig.call('FetchUserTokens', { priority: 'background' });
    const interactive = rig.call('FetchProjectTokens');
    hold.release();
    await Promise.all([...running, background, interactive]);
    assert.deepEqual(
      api.journal.entries.slice(6).map(({ operation }) => operation),
      ['FetchProjectTokens', 'FetchUserTokens'],
    );
  });

  it('waits as long as Retry-After says, in seconds', async () => {
    api.faults.add({ fault: { kind: 'status', status: 429, body: 'magicbell', retryAfter: 1 } });
    const startedAt = performance.now();
    await rig.call('FetchProjectTokens');
    assert.ok(performance.now() - startedAt >= 990);
    assert.equal(rig.entries('FetchProjectTokens').length, 2);
  });

  it('stops at 5 MB with its real limit', async () => {
    api.faults.add({ fault: { kind: 'hugeBody', megabytes: 50 } });
    const { client } = newClient(api.url, api.token, { maxBodyBytes: 5 * 1024 * 1024 });
    assert.equal((await failureOf(client.jwt.fetchProjectTokens(firstPage))).reason, 'unexpectedResponse');
    api.faults.add({ fault: { kind: 'hugeBody', megabytes: 4 } });
    assert.equal((await client.jwt.fetchProjectTokens(firstPage)).items.length, 2);
  });

  it('sends nothing of a key that cannot be a header', async () => {
    for (const key of ['a\nb', 'ключ', 'a\u0000']) {
      const { client } = newClient(api.url, key);
      const error = await failureOf(client.jwt.fetchProjectTokens(firstPage));
      assert.deepEqual([error.reason, error.details.notSent], ['unauthorized', true]);
    }
    assert.equal(api.journal.entries.length, 0);
  });

  it('sends ids only as one segment of the path', async () => {
    await failureOf(rig.client.jwt.fetchUserTokens(userId('../project?x=#y'), firstPage));
    await failureOf(rig.client.jwt.discardProjectJwt(tokenId('..')));
    assert.deepEqual(
      api.journal.entries.map(({ path }) => path),
      ['/v2/jwt/user/..%2Fproject%3Fx%3D%23y'],
    );
  });

  it('recovers with the next call after an outage', async () => {
    for (const retryAfter of [undefined, 100_000]) {
      const fault = { kind: 'status', status: 429, ...(retryAfter === undefined ? {} : { retryAfter }) } as const;
      const outage = api.faults.add({ fault, times: 'always' });
      await failureOf(rig.call('FetchProjectTokens'));
      api.faults.remove(outage.id);
      await rig.call('FetchProjectTokens');
    }
  });
});

describe('client: answers as other servers write them', function () {
  this.timeout(60_000);
  let answer: (req: IncomingMessage, res: ServerResponse) => void;
  const server = createServer((req, res) => answer(req, res));
  const json = Buffer.from('{"data":[{"id":"u","email":"Zoë"}],"links":{}}');

  before(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  after(() => {
    server.close();
    server.closeAllConnections();
  });
  const client = (key = 'key'): ReturnType<typeof newClient> =>
    newClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v2`, key);

  const encodings: [string, Buffer][] = [
    ['gzip', gzipSync(json)],
    ['deflate', deflateSync(json)],
    ['deflate', deflateRawSync(json)],
    ['br', brotliCompressSync(json)],
    ['identity', json],
  ];
  for (const [encoding, body] of encodings) {
    it(`reads ${encoding} (${body.length} bytes)`, async () => {
      answer = (_req, res) => void res.writeHead(200, { 'content-encoding': encoding }).end(body);
      assert.equal((await client().client.users.listUsers(undefined, firstPage)).items[0]?.email, 'Zoë');
    });
  }

  const created = Buffer.from('{"token":"eyJ.a.b","token_id":"1"}');
  const zipped = gzipSync(created);
  const wrongSum = Buffer.from(zipped);
  wrongSum.writeUInt32LE(7, wrongSum.length - 8);
  const encodedValues: [string, string, Buffer][] = [
    ['as it is', 'identity', created],
    ['compressed without being asked', 'gzip', zipped],
    ['compressed as deflate', 'deflate', deflateSync(created)],
    ['compressed as raw deflate', 'deflate', deflateRawSync(created)],
    ['compressed as br', 'br', brotliCompressSync(created)],
    ['plain, though its header says gzip', 'gzip', created],
    ['plain, though its header says br', 'br', created],
    ['compressed, though no header says so', 'identity', zipped],
    ['compressed, with a wrong checksum', 'gzip', wrongSum],
  ];
  for (const [how, encoding, body] of encodedValues)
    it(`loses no value that comes ${how}`, async () => {
      let accepted: string | undefined;
      answer = (req, res) => {
        accepted = req.headers['accept-encoding'];
        res.writeHead(201, { 'content-encoding': encoding }).end(body);
      };
      const issued = await client().client.jwt.createProjectJwt({ name: 'n', expirySeconds: 60 });
      assert.deepEqual([issued.value.reveal(), accepted], ['eyJ.a.b', 'identity']);
    });

  for (const page of ['<html>blocked</html>', '\u0000', '\u0004', 'a', 'Forbidden', gzipSync('<html>blocked</html>')])
    it(`takes no page of somebody else for a refusal of a creation: ${JSON.stringify(page).slice(0, 30)}`, async () => {
      answer = (_req, res) => void res.writeHead(401).end(page);
      const error = await failureOf(client().client.jwt.createProjectJwt({ name: 'n', expirySeconds: 60 }));
      assert.deepEqual([error.reason, error.details.unexpected], ['unexpectedResponse', 'blocked']);
    });

  it('reads a refusal of a creation in each encoding', async () => {
    answer = (_req, res) =>
      void res
        .writeHead(401, { 'content-encoding': 'gzip' })
        .end(gzipSync('{"errors":[{"message":"no","code":"jwt_auth_failed"}]}'));
    const error = await failureOf(client().client.jwt.createProjectJwt({ name: 'n', expirySeconds: 60 }));
    assert.deepEqual([error.reason, error.details.code], ['unauthorized', 'jwt_auth_failed']);
  });

  it('counts the size after decompression', async () => {
    answer = (_req, res) =>
      void res.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(100_000_000)));
    const error = await failureOf(client().client.users.listUsers(undefined, firstPage));
    assert.match(error.message, /too large/);
  });

  it('reads a byte order mark and any content type', async () => {
    answer = (_req, res) =>
      void res
        .writeHead(200, { 'content-type': 'text/plain; charset=utf-8' })
        .end(Buffer.concat([Buffer.from('\uFEFF'), json]));
    assert.equal((await client().client.users.listUsers(undefined, firstPage)).items.length, 1);
  });

  it('shows nobody a key or a token that the server sends back', async () => {
    const key = 'my-key-is-not-a-jwt-but-secret';
    answer = (req, res) => {
      const echoed = `you sent ${req.headers.authorization ?? ''} and eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.c2ln`;
      res
        .writeHead(422, echoed.replaceAll(' ', '-'), { 'x-echo': echoed })
        .end(JSON.stringify({ errors: [{ message: echoed, code: key }] }));
    };
    const { client: api, logger } = client(key);
    const error = await failureOf(api.users.listUsers(undefined, firstPage));
    assert.deepEqual(error.details.serverMessages, ['you sent Bearer <redacted> and <redacted>']);
    assert.doesNotMatch(everythingOf(error) + logger.text, /my-key|eyJ/);
  });

  it('survives an abort with an unread redirect', async () => {
    answer = (_req, res) => {
      res.writeHead(302, { location: '/v2/again', 'content-encoding': 'gzip' });
      res.write('not gzip at all');
    };
    assert.equal((await failureOf(client().client.users.listUsers(undefined, firstPage))).reason, 'unexpectedResponse');
    await new Promise((resolve) => setTimeout(resolve, 50));
  });
});
