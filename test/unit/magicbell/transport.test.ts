import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { PassThrough } from 'node:stream';
import { createMagicBellApi, type ClientLimits } from '../../../src/core/magicbell/client.ts';
import { asMagicBellError, type ErrorReason, MagicBellError } from '../../../src/core/magicbell/errors.ts';
import type { FetchInit, FetchLike, FetchResponse } from '../../../src/core/magicbell/fetchLike.ts';
import { pathSegment } from '../../../src/core/magicbell/transport.ts';
import type { MagicBellApi } from '../../../src/core/magicbell/magicBellApi.ts';
import type { NextPage } from '../../../src/core/magicbell/paging.ts';
import { Secret } from '../../../src/core/base/secret.ts';
import { tokenId } from '../../../src/core/model/token.ts';
import { userId } from '../../../src/core/model/user.ts';
import { FakeClock, settle } from '../../support/fakeClock.ts';
import { RecordingLogger } from '../../support/recordingLogger.ts';

interface Call {
  readonly url: string;
  readonly init: FetchInit;
}

const page = { limit: 50 };

function answer(
  status: number,
  body: string | AsyncIterable<Uint8Array | string> | null,
  headers: Record<string, string> = {},
): FetchResponse {
  return {
    status,
    headers: { get: (name) => headers[name.toLowerCase()] ?? null },
    body: typeof body === 'string' ? pieces(body) : body,
  };
}

async function* pieces(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  for (const text of texts) yield Buffer.from(text);
}

async function* never(): AsyncGenerator<Uint8Array> {
  await new Promise(() => undefined);
  yield Buffer.from('');
}

describe('the client, with a fetch and a clock of the test', () => {
  let clock: FakeClock;
  let logger: RecordingLogger;
  let calls: Call[];

  beforeEach(() => {
    clock = new FakeClock();
    logger = new RecordingLogger();
    calls = [];
  });

  function client(
    answers: readonly (FetchResponse | Error | Promise<FetchResponse>)[],
    { key = 'key', limits = {} }: { key?: string; limits?: Partial<ClientLimits> } = {},
  ): MagicBellApi {
    const fetch: FetchLike = (url, init) => {
      calls.push({ url, init });
      const next = answers[calls.length - 1] ?? assert.fail('one request too many');
      return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
    };
    const options = { baseUrl: 'https://api.magicbell.com/v2', key: new Secret(key), fetch, clock, logger, limits };
    return createMagicBellApi({ ...options, random: () => 0.5, version: '1.2.3' });
  }

  const failureOf = async (call: Promise<unknown>): Promise<MagicBellError> => {
    const error = await call.then(
      () => assert.fail('it succeeded'),
      (thrown: unknown) => thrown,
    );
    return asMagicBellError(error) ?? assert.fail('not an error of the client');
  };

  /** The failure, watched from the start, so that the clock can be moved meanwhile. */
  const watch = (
    call: Promise<unknown>,
  ): { readonly failure: Promise<MagicBellError>; readonly isOver: () => boolean } => {
    let isOver = false;
    const failure = failureOf(call).finally(() => (isOver = true));
    return { failure, isOver: () => isOver };
  };

  it('sends the key, what it accepts and who it is, and follows no redirect by itself', async () => {
    await client([answer(200, '{"data":[]}')]).jwt.fetchProjectTokens(page);
    const [call] = calls;
    assert.ok(call);
    assert.equal(call.url, 'https://api.magicbell.com/v2/jwt/project?limit=50');
    const { method, headers, body, redirect } = call.init;
    assert.deepEqual([method, body, redirect], ['GET', undefined, 'manual']);
    assert.deepEqual(headers, {
      Authorization: 'Bearer key',
      Accept: 'application/json',
      'User-Agent': 'magicbell-tokens/1.2.3',
    });
  });

  it('lets go of the connection whatever happened', async () => {
    const api = client([answer(200, '{}'), answer(401, ''), answer(307, never())]);
    await api.jwt.fetchProjectTokens(page);
    await failureOf(api.jwt.fetchProjectTokens(page));
    await failureOf(api.jwt.fetchProjectTokens(page));
    assert.deepEqual(
      calls.map(({ init }) => init.signal.aborted),
      [true, true, true],
    );
  });

  it('waits 15 seconds for headers, to the millisecond, and leaves no timer behind', async () => {
    const { failure, isOver } = watch(
      client([new Promise<FetchResponse>(() => undefined)]).jwt.fetchProjectTokens(page),
    );
    await clock.advance(14_999);
    assert.equal(isOver(), false);
    await clock.advance(1);
    assert.equal((await failure).reason, 'timeout');
    assert.equal(clock.timerCount, 0);
    assert.equal(calls.length, 1);
  });

  it('waits 15 seconds for headers and body together, though the stream does not listen to its signal', async () => {
    const late = new Promise<FetchResponse>((resolve) => clock.after(10_000, () => resolve(answer(200, never()))));
    const { failure, isOver } = watch(client([late]).jwt.fetchProjectTokens(page));
    await clock.advance(14_999);
    assert.equal(isOver(), false);
    await clock.advance(1);
    assert.deepEqual([(await failure).reason, (await failure).details.status], ['timeout', 200]);
  });

  it('ends all attempts together within 30 seconds', async () => {
    const failing = Array.from({ length: 4 }, () => answer(503, ''));
    const { failure } = watch(
      client(failing, { limits: { baseDelayMs: 28_000, maxDelayMs: 60_000 } }).jwt.fetchProjectTokens(page),
    );
    // 14 s, then 28 s more would be needed.
    await clock.advance(14_000);
    assert.equal((await failure).reason, 'serverError');
    assert.equal(calls.length, 2);
    assert.equal(clock.timerCount, 0);
  });

  it('gives the last attempt only what is left of the 30 seconds', async () => {
    const answers = [answer(503, ''), new Promise<FetchResponse>(() => undefined)];
    const { failure, isOver } = watch(
      client(answers, { limits: { baseDelayMs: 50_000, maxDelayMs: 60_000 } }).jwt.fetchProjectTokens(page),
    );
    await clock.advance(29_999);
    assert.equal(isOver(), false);
    await clock.advance(1);
    assert.equal((await failure).reason, 'timeout');
  });

  it('waits as long as Retry-After says, by the server’s clock', async () => {
    const date = (seconds: number): string => new Date(Date.UTC(2030, 0, 1, 0, 0, seconds)).toUTCString();
    const busy = answer(429, '', { 'retry-after': date(7), date: date(0) });
    const call = client([busy, answer(200, '{}')]).jwt.fetchProjectTokens(page);
    await clock.advance(6999);
    assert.equal(calls.length, 1);
    await clock.advance(300);
    await call;
  });

  it('keeps other reads waiting as long as Retry-After says, and lets writes go', async () => {
    const api = client([
      answer(429, '', { 'retry-after': '20' }),
      answer(201, '{"token":"t"}'),
      answer(200, '{}'),
      answer(200, '{}'),
    ]);
    const first = api.jwt.fetchProjectTokens(page);
    await settle();
    const second = api.users.listUsers(undefined, page);
    await api.jwt.createProjectJwt({ name: 'n', expirySeconds: undefined });
    await clock.advance(19_999);
    assert.equal(calls.length, 2);
    await clock.advance(1000);
    await Promise.all([first, second]);
  });

  it('does not send again when the queue has taken the rest of the time', async () => {
    const api = client([answer(503, ''), answer(429, '', { 'retry-after': '30' })]);
    const first = watch(api.jwt.fetchProjectTokens(page));
    await settle();
    const second = watch(api.users.listUsers(undefined, page));
    await clock.advance(30_000);
    assert.deepEqual([(await first.failure).reason, (await second.failure).reason], ['serverError', 'rateLimited']);
    assert.equal(calls.length, 2);
  });

  it('says what it waits for between two attempts', async () => {
    const busy = answer(429, '', { 'retry-after': '7' });
    const waits: string[] = [];
    const onWait = (until: Date, reason: string): number =>
      waits.push(`${until.toISOString().slice(11, 19)} ${reason}`);
    const call = client([busy, answer(503, ''), answer(200, '{}')]).jwt.fetchProjectTokens(page, { onWait });
    await clock.advance(10_000);
    await call;
    assert.deepEqual(waits, ['12:00:07 serverBusy', '12:00:07 retry']);
  });

  it('says what the path has when the operation is not offered, and which request it was', async () => {
    const headers = { allow: 'OPTIONS', 'x-amzn-requestid': '6f1c0a52-8d0e' };
    const { reason, details } = await failureOf(client([answer(405, '', headers)]).jwt.fetchProjectTokens(page));
    assert.deepEqual([reason, details.allow, details.requestId], ['notOffered', ['OPTIONS'], '6f1c0a52-8d0e']);
    assert.match(logger.text, /GET \/jwt\/project: notOffered 405 in 0 ms, request id 6f1c0a52-8d0e \(attempt 1\)/);
  });

  const foreign: [string, FetchResponse, string, RegExp][] = [
    ['a page that blocks', answer(403, '<html>'), 'blocked', /unexpectedResponse 403 \(403 with HTML\)/],
    ['a page with 200', answer(200, '<html>'), 'foreign', /unexpectedResponse 200 \(200 with HTML\)/],
    ['null', answer(200, 'null'), 'foreign', /200 without a readable collection/],
    [
      'a redirect to elsewhere',
      answer(302, '', { location: 'https://other.example/' }),
      'redirected',
      /unexpectedResponse 302 \(302, a redirect to another origin, which is refused: the key stays here\)/,
    ],
    ['too much', answer(200, 'x'.repeat(99)), 'tooLarge', /unexpectedResponse 200 \(the answer is too large\)/],
  ];
  for (const [what, response, unexpected, line] of foreign) {
    it(`says in its error and in the log that the answer was ${what}`, async () => {
      const api = client([response], { limits: { maxBodyBytes: 50 } });
      const error = await failureOf(api.jwt.fetchProjectTokens(page));
      assert.deepEqual([error.reason, error.details.unexpected], ['unexpectedResponse', unexpected]);
      assert.match(logger.text, line);
    });
  }

  it('says how long to wait when that is too long to wait here', async () => {
    const error = await failureOf(client([answer(429, '', { 'retry-after': '31' })]).jwt.fetchProjectTokens(page));
    assert.deepEqual([error.reason, error.details.retryAfterMs], ['rateLimited', 31_000]);
  });

  it('gives up after four attempts', async () => {
    const { failure } = watch(client(Array.from({ length: 4 }, () => answer(500, ''))).jwt.fetchProjectTokens(page));
    await clock.advance(30_000);
    assert.equal((await failure).reason, 'serverError');
    assert.equal(calls.length, 4);
    assert.deepEqual(
      logger.lines.map(({ message }) => message),
      [1, 2, 3, 4].map((attempt) => `GET /jwt/project: serverError 500 in 0 ms (attempt ${attempt})`),
    );
  });

  describe('aborting', () => {
    it('before it is sent sends nothing, and says so', async () => {
      const error = await failureOf(client([]).jwt.fetchProjectTokens(page, { signal: AbortSignal.abort() }));
      assert.deepEqual([error.reason, error.details.notSent], ['cancelled', true]);
    });

    for (const [when, pending] of [
      ['while headers are awaited', () => new Promise<FetchResponse>(() => undefined)],
      ['in the body', () => Promise.resolve(answer(200, never()))],
    ] as const) {
      it(`${when} ends the call at once, and does not say that it was not sent`, async () => {
        const controller = new AbortController();
        const { failure } = watch(client([pending()]).jwt.fetchProjectTokens(page, { signal: controller.signal }));
        await settle();
        controller.abort(new Error('a reason with a secret'));
        const error = await failure;
        assert.deepEqual([error.reason, error.details.notSent], ['cancelled', undefined]);
        assert.doesNotMatch(error.message + logger.text, /secret/);
        assert.equal(clock.timerCount, 0);
        assert.equal(calls[0]?.init.signal.aborted, true);
      });
    }

    it('before another attempt ends the wait, and does not say that nothing was sent', async () => {
      const controller = new AbortController();
      const { failure } = watch(client([answer(500, '')]).jwt.fetchProjectTokens(page, { signal: controller.signal }));
      await settle();
      controller.abort();
      const error = await failure;
      assert.deepEqual([error.reason, error.details.notSent], ['cancelled', undefined]);
      assert.equal(clock.timerCount, 0);
    });

    it('in the queue before another attempt does not say that nothing was sent', async () => {
      const controller = new AbortController();
      const busy = (): FetchResponse => answer(429, '', { 'retry-after': '5' });
      const api = client([busy(), busy()]);
      const id = tokenId('t');
      const { failure } = watch(api.jwt.discardProjectJwt(id, { signal: controller.signal }));
      await settle();
      await clock.advance(4000);
      // Another call prolongs the pause, so that the first one goes from its own wait into the queue.
      const other = watch(api.jwt.discardProjectJwt(id));
      await clock.advance(1300);
      controller.abort();
      const error = await failure;
      assert.equal(error.reason, 'cancelled');
      assert.equal(error.details.notSent, undefined);
      await clock.advance(60_000);
      await other.failure.catch(() => undefined);
    });
  });

  describe('keys that cannot be sent', () => {
    for (const key of ['', 'a\nb-secret', 'a\r\nX: secret', 'schlüssel-secret', 'a b secret', '\u0000secret']) {
      it(`refuses ${JSON.stringify(key)} without saying it`, async () => {
        const error = await failureOf(client([], { key }).jwt.fetchProjectTokens(page));
        assert.deepEqual([error.reason, error.details.notSent], ['unauthorized', true]);
        assert.doesNotMatch(`${error.message} ${error.stack ?? ''} ${logger.text}`, /secret|schl/);
      });
    }
  });

  describe('ids in paths', () => {
    it('are encoded', async () => {
      const api = client([answer(200, '{}'), answer(204, '')]);
      await api.jwt.fetchUserTokens(userId('a/b?c#d%2e é'), page);
      await api.jwt.discardUserJwt(tokenId('../project/x'));
      assert.deepEqual(
        calls.map(({ url }) => new URL(url).pathname),
        ['/v2/jwt/user/a%2Fb%3Fc%23d%252e%20%C3%A9', '/v2/jwt/user/..%2Fproject%2Fx'],
      );
    });

    for (const id of ['', '.', '..', '\uD800']) {
      it(`may not be ${JSON.stringify(id)}`, async () => {
        assert.throws(() => pathSegment(id), { reason: 'invalidInput' });
        const api = client([]);
        assert.equal((await failureOf(api.jwt.discardProjectJwt(tokenId(id)))).details.notSent, true);
        assert.equal((await failureOf(api.jwt.fetchUserTokens(userId(id), page))).details.notSent, true);
      });
    }
  });

  it('stops at the size limit, counted over all pieces', async () => {
    let sent = 0;
    async function* endless(): AsyncGenerator<string> {
      for (; sent < 1000; sent++) {
        await Promise.resolve();
        yield ' '.repeat(1024);
      }
    }
    const error = await failureOf(
      client([answer(200, endless())], { limits: { maxBodyBytes: 10_240 } }).jwt.fetchProjectTokens(page),
    );
    assert.equal(error.reason, 'unexpectedResponse');
    assert.equal(sent, 10);
  });

  it('reads what just fits', async () => {
    const fits = `{"data":[],"x":"${'y'.repeat(10_222)}"}`;
    assert.equal(fits.length, 10_240);
    await client([answer(200, fits)], { limits: { maxBodyBytes: 10_240 } }).jwt.fetchProjectTokens(page);
  });

  it('reads JSON in pieces, cut inside a character, after a byte order mark', async () => {
    const bytes = Buffer.from('\uFEFF{"data":[{"id":"u","email":"Zoë 🔔"}]}');
    async function* bytewise(): AsyncGenerator<Uint8Array> {
      await Promise.resolve();
      for (const byte of bytes) yield Uint8Array.of(byte);
    }
    const users = await client([answer(200, bytewise())]).users.listUsers(undefined, page);
    assert.equal(users.items[0]?.email, 'Zoë 🔔');
  });

  it('keeps a refusal a refusal when its text breaks off', async () => {
    async function* broken(): AsyncGenerator<string> {
      await Promise.resolve();
      yield '{"errors":';
      throw Object.assign(new Error('secret'), { code: 'ECONNRESET' });
    }
    const api = client([answer(401, broken()), answer(403, broken())]);
    assert.equal((await failureOf(api.jwt.fetchProjectTokens(page))).reason, 'unauthorized');
    assert.equal((await failureOf(api.jwt.fetchProjectTokens(page))).reason, 'forbidden');
  });

  it('does not take a page of somebody else for a refusal that breaks off, is too large, or not in its encoding', async () => {
    async function* cut(code: string, ...texts: readonly string[]): AsyncGenerator<string> {
      await Promise.resolve();
      yield* texts;
      throw Object.assign(new Error('secret'), { code });
    }
    const bodies = [
      () => cut('ECONNRESET', '<html><bo'),
      () => cut('Z_DATA_ERROR'),
      () => cut('Z_BUF_ERROR', '{"errors":'),
      () => pieces('<html>', 'x'.repeat(6 * 1024 * 1024)),
    ];
    for (const status of [401, 403])
      for (const body of bodies) {
        calls = [];
        const { reason, details } = await failureOf(client([answer(status, body())]).jwt.fetchProjectTokens(page));
        assert.deepEqual([reason, details.unexpected], ['unexpectedResponse', 'blocked']);
      }
    for (const body of bodies) {
      calls = [];
      assert.equal(
        (await failureOf(client([answer(422, body())]).jwt.fetchProjectTokens(page))).reason,
        'unexpectedResponse',
      );
    }
  });

  it('says when an earlier attempt may have been carried out, whatever the last one was told', async () => {
    const { failure } = watch(
      client([answer(500, ''), answer(429, '', { 'retry-after': '45' })]).jwt.discardProjectJwt(tokenId('t')),
    );
    await clock.advance(2000);
    assert.deepEqual([(await failure).reason, (await failure).details.wasPerhapsDone], ['rateLimited', true]);
    calls = [];
    const refused = watch(
      client([answer(429, '', { 'retry-after': '1' }), answer(403, '')]).jwt.fetchProjectTokens(page),
    );
    await clock.advance(62_000);
    assert.deepEqual(
      [(await refused.failure).reason, (await refused.failure).details.wasPerhapsDone],
      ['forbidden', undefined],
    );
  });

  it('keeps MagicBell’s messages: few, not too long, without secrets', async () => {
    const message = `bad eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.c2ln and my-own-key ${'x'.repeat(2000)}`;
    const errors = Array.from({ length: 9 }, () => ({ message, code: 'my-own-key' }));
    const error = await failureOf(
      client([answer(422, JSON.stringify({ errors }))], { key: 'my-own-key' }).jwt.fetchProjectTokens(page),
    );
    const { serverMessages = [], code } = error.details;
    assert.equal(serverMessages.length, 5);
    assert.match(serverMessages[0] ?? '', /^bad <redacted> and <redacted> x{100,1000}$/);
    assert.equal(code, undefined);
  });

  it('names MagicBell’s known codes', async () => {
    const errors = [{ message: 'm', code: 'jwt_auth_failed' }];
    const error = await failureOf(client([answer(401, JSON.stringify({ errors }))]).jwt.fetchProjectTokens(page));
    assert.deepEqual([error.reason, error.details.code], ['unauthorized', 'jwt_auth_failed']);
  });

  it('knows the server’s clock from the Date header, and nothing from a bad one', async () => {
    const at = new Date(clock.now().getTime() + 120_000);
    const api = client([answer(200, '{}', { date: 'yesterday' }), answer(404, '', { date: at.toUTCString() })]);
    assert.equal(api.clockOffsetMs, undefined);
    await api.jwt.fetchProjectTokens(page);
    assert.equal(api.clockOffsetMs, undefined);
    const error = await failureOf(api.jwt.fetchProjectTokens(page));
    assert.equal(api.clockOffsetMs, 120_000);
    assert.deepEqual(error.details.serverTime, at);
  });

  it('does not take a proxy’s clock for the server’s', async () => {
    const api = client([answer(407, '', { date: new Date(0).toUTCString() })]);
    assert.equal((await failureOf(api.jwt.fetchProjectTokens(page))).reason, 'proxy');
    assert.equal(api.clockOffsetMs, undefined);
  });

  it('listens to the errors of a stream that it does not read: unheard, they end the process', async () => {
    const body = new PassThrough();
    await failureOf(client([answer(304, body)]).jwt.fetchProjectTokens(page));
    assert.ok(body.listenerCount('error') > 0);
  });

  it('gives a creation without a date the server’s time', async () => {
    const at = new Date('2030-01-01T00:00:00Z');
    const issued = await client([answer(201, '{"token":"t"}', { date: at.toUTCString() })]).jwt.createProjectJwt({
      name: 'n',
      expirySeconds: undefined,
    });
    assert.deepEqual(issued.createdAt, at);
  });

  describe('creations', () => {
    it('are sent once, with a key of their own or the caller’s', async () => {
      const api = client([answer(201, '{"token":"t"}'), answer(201, '{"token":"t"}'), answer(500, '')]);
      const token = { name: 'n', expirySeconds: 60 };
      await api.jwt.createProjectJwt(token);
      await api.jwt.createProjectJwt(token, { idempotencyKey: 'mine' });
      await failureOf(api.jwt.createProjectJwt(token));
      const keys = calls.map(({ init }) => init.headers['Idempotency-Key'] ?? '');
      assert.match(keys[0] ?? '', /^[0-9a-f-]{36}$/);
      assert.equal(keys[1], 'mine');
      assert.notEqual(keys[2], keys[0]);
      assert.equal(calls[0]?.init.headers['Content-Type'], 'application/json');
      assert.equal(calls[0].init.body, '{"name":"n","expiry":60}');
    });

    for (const expirySeconds of [NaN, Infinity, 0, -1, 1.5, 2 ** 60]) {
      it(`never send ${expirySeconds} as a lifetime: null would mean for ever`, async () => {
        const api = client([]);
        const bare = { email: 'e', externalId: undefined, name: undefined };
        for (const call of [
          api.jwt.createProjectJwt({ name: 'n', expirySeconds }),
          api.jwt.createUserJwt({ ...bare, expirySeconds }),
        ]) {
          const error = await failureOf(call);
          assert.deepEqual([error.reason, error.details.notSent], ['invalidInput', true]);
        }
      });
    }

    it('without a value name the token that now exists', async () => {
      const error = await failureOf(
        client([answer(201, '{"token_id":"t1"}')]).jwt.createProjectJwt({ name: 'n', expirySeconds: undefined }),
      );
      assert.deepEqual([error.reason, error.details.createdTokenId], ['unexpectedResponse', 't1']);
    });

    for (const [how, end] of [
      ['breaks off', () => Promise.reject(Object.assign(new Error(''), { code: 'ECONNRESET' }))],
      ['never ends', () => new Promise<never>(() => undefined)],
    ] as const) {
      const creation = async (body: string, status = 201): Promise<unknown> => {
        async function* unfinished(): AsyncGenerator<string> {
          await Promise.resolve();
          yield body;
          await end();
        }
        const call = client([answer(status, unfinished())]).jwt.createProjectJwt({
          name: 'n',
          expirySeconds: undefined,
        });
        const result = call.then(
          ({ value }) => value.reveal(),
          (error: unknown) => asMagicBellError(error)?.reason,
        );
        await clock.advance(15_000);
        return result;
      };
      it(`keep a value that has arrived when the connection ${how}`, async () =>
        assert.equal(await creation('{"token":"t"}'), 't'));
      it(`keep no half of one when the connection ${how}`, async () =>
        assert.match(String(await creation('{"token":"t')), /connectionLost|timeout/));
      it(`keep none of a refusal when the connection ${how}`, async () =>
        assert.notEqual(await creation('{"token":"t"}', 500), 't'));
    }
  });

  describe('answers', () => {
    const token = { name: 'n', expirySeconds: undefined };
    const withErrors = (...messages: readonly string[]): string =>
      JSON.stringify({ errors: messages.map((message) => ({ message })) });
    const refusals: [status: number, body: string, ErrorReason][] = [
      [400, '', 'invalidInput'],
      [409, '', 'invalidInput'],
      [422, '', 'invalidInput'],
      [401, '', 'unauthorized'],
      [401, withErrors('x', 'Incorrect role'), 'wrongTokenKind'],
      [403, withErrors('x'), 'forbidden'],
      [403, withErrors('x', 'claim[role] is wrong'), 'wrongTokenKind'],
      [404, '<html>', 'notOffered'],
      [404, withErrors('x'), 'notFound'],
      [410, '', 'notOffered'],
      [410, withErrors('x'), 'notFound'],
      [405, withErrors('x'), 'notOffered'],
      [407, '', 'proxy'],
      [408, '', 'timeout'],
      [429, '', 'rateLimited'],
      [418, '', 'unexpectedResponse'],
      [418, withErrors('x'), 'invalidInput'],
      [499, withErrors('x'), 'invalidInput'],
      [500, '', 'serverError'],
      [599, '', 'serverError'],
      [600, withErrors('x'), 'unexpectedResponse'],
      [199, withErrors('x'), 'unexpectedResponse'],
      [300, '{"token":"t"}', 'unexpectedResponse'],
      [399, '{"token":"t"}', 'unexpectedResponse'],
    ];
    for (const [status, body, reason] of refusals) {
      it(`of ${status} with ${body || 'nothing'} are ${reason}`, async () => {
        const error = await failureOf(client([answer(status, body)]).jwt.createProjectJwt(token));
        assert.deepEqual([error.reason, error.details.status], [reason, status]);
        assert.ok(error.message.startsWith(`POST /jwt/project: ${status}`), error.message);
        const [label, what] = error.message.split(': ');
        const said = reason === 'unexpectedResponse' ? ` (${what})` : '';
        assert.equal(logger.text, `${label}: ${reason} ${status}${said} in 0 ms (attempt 1)`);
      });
    }

    for (const [body, kind] of [
      [' \n', 'an empty body'],
      [' <p>Welcome', 'HTML'],
      ['pong <', 'a body that is not JSON'],
    ] as const) {
      it(`of 200 with ${kind} are unexpected`, async () => {
        const at = new Date('2030-01-01T00:00:00Z');
        const { reason, details, message } = await failureOf(
          client([answer(200, body, { date: at.toUTCString() })]).jwt.fetchProjectTokens(page),
        );
        const expected = { status: 200, serverTime: at, requestId: undefined };
        assert.deepEqual(
          [reason, { ...details, unexpected: undefined }],
          ['unexpectedResponse', { ...expected, unexpected: undefined }],
        );
        assert.equal(message, `GET /jwt/project: 200 with ${kind}`);
      });
    }

    it('say when to come back with 429 and 503, and with nothing else', async () => {
      const wait = async (status: number): Promise<number | undefined> => {
        const api = client([answer(status, '', { 'retry-after': '7' })]);
        calls = [];
        return (await failureOf(api.jwt.createProjectJwt(token))).details.retryAfterMs;
      };
      assert.deepEqual(
        [await wait(429), await wait(503), await wait(500), await wait(404)],
        [7000, 7000, undefined, undefined],
      );
    });

    it('may have no body at all', async () => {
      const api = client([answer(204, null), answer(401, null)]);
      await api.jwt.discardProjectJwt(tokenId('t'));
      assert.equal((await failureOf(api.jwt.fetchProjectTokens(page))).reason, 'unauthorized');
    });

    it('are logged, each attempt in one line', async () => {
      await client([answer(200, '{}')]).jwt.fetchProjectTokens(page);
      assert.deepEqual(logger.lines, [{ level: 'info', message: 'GET /jwt/project: 200 in 0 ms (attempt 1)' }]);
    });

    it('of a GET count only when they have ended', async () => {
      async function* unfinished(): AsyncGenerator<string> {
        await Promise.resolve();
        yield '{"data":[]}';
        await new Promise(() => undefined);
      }
      const { failure } = watch(client([answer(200, unfinished())]).jwt.fetchProjectTokens(page));
      await clock.advance(15_000);
      assert.equal((await failure).reason, 'timeout');
    });

    it('that break off say with which status they began', async () => {
      async function* broken(): AsyncGenerator<string> {
        await Promise.resolve();
        yield '{"tok';
        throw Object.assign(new Error(''), { code: 'ECONNRESET' });
      }
      const { reason, details } = await failureOf(client([answer(201, broken())]).jwt.createProjectJwt(token));
      assert.deepEqual([reason, details.status], ['connectionLost', 201]);
    });
  });

  describe('each operation', () => {
    const user = { email: 'e', externalId: undefined, name: undefined, expirySeconds: 1 };
    const operations: [string, (api: MagicBellApi) => Promise<unknown>][] = [
      ['GET /v2/jwt/project?limit=50', (api) => api.jwt.fetchProjectTokens(page)],
      ['GET /v2/jwt/user/u?limit=50', (api) => api.jwt.fetchUserTokens(userId('u'), page)],
      ['GET /v2/jwt/project?limit=50&a=1', (api) => api.jwt.fetchProjectTokens({ limit: 50, next: 'a=1' as NextPage })],
      [
        'GET /v2/users?limit=50&query=R%26D&starting_after=Mg',
        (api) => api.users.listUsers('R&D', { limit: 50, next: 'starting_after=Mg' as NextPage }),
      ],
      ['GET /v2/users?limit=50', (api) => api.users.listUsers(undefined, page)],
      ['GET /v2/users?limit=50', (api) => api.users.listUsers('', page)],
      ['GET /v2/users?limit=50&query=a%26b', (api) => api.users.listUsers('a&b', page)],
      ['POST /v2/jwt/project', (api) => api.jwt.createProjectJwt({ name: 'n', expirySeconds: 1 })],
      ['POST /v2/jwt/user', (api) => api.jwt.createUserJwt(user)],
      ['DELETE /v2/jwt/project/t', (api) => api.jwt.discardProjectJwt(tokenId('t'))],
      ['DELETE /v2/jwt/user/t', (api) => api.jwt.discardUserJwt(tokenId('t'))],
    ];
    for (const [wanted, call] of operations) {
      it(`asks for ${wanted}`, async () => {
        await call(client([answer(200, '{"data":[],"links":{},"token":"v","token_id":"t"}')]));
        assert.deepEqual(
          calls.map(({ url, init }) => `${init.method} ${url}`),
          [wanted.replace(' ', ' https://api.magicbell.com')],
        );
      });
    }

    it('says of which kind the tokens are, and how many rows it cannot read', async () => {
      const rows = '{"data":[{"id":"t","created_at":"2026-06-01T10:20:30Z"},{}]}';
      const api = client([answer(200, rows), answer(200, rows)]);
      const project = await api.jwt.fetchProjectTokens(page);
      const users = await api.jwt.fetchUserTokens(userId('u'), page);
      assert.deepEqual([project.items[0]?.kind, users.items[0]?.kind], ['project', 'user']);
      assert.deepEqual([project.unreadableItems, project.next, project.cutShort], [1, undefined, undefined]);
      const warnings = logger.lines.filter(({ level }) => level === 'warn').map(({ message }) => message);
      assert.deepEqual(warnings, [
        'GET /jwt/project: 1 rows could not be read',
        'GET /jwt/user/{user_id}: 1 rows could not be read',
      ]);
    });

    it('names the next page, and says when it cannot be followed', async () => {
      const linked = (next: unknown): FetchResponse => answer(200, JSON.stringify({ data: [], links: { next } }));
      const api = client([linked('/x?starting_after=1'), linked('nonsense')]);
      const first = await api.users.listUsers(undefined, page);
      assert.deepEqual([first.next, first.cutShort], ['starting_after=1', undefined]);
      assert.doesNotMatch(logger.text, /links\.next|rows/);
      const second = await api.users.listUsers(undefined, page);
      assert.deepEqual([second.next, second.cutShort], [undefined, 'unreadableLink']);
      assert.match(logger.text, /GET \/users: links\.next has no cursor/);
    });

    it('says when the next page is the page itself', async () => {
      const links = { next: '/users?starting_after=Mg' };
      const api = client([answer(200, JSON.stringify({ data: [], links }))]);
      const again = await api.users.listUsers(undefined, { limit: 50, next: 'starting_after=Mg' as NextPage });
      assert.deepEqual([again.next, again.cutShort], [undefined, 'repeats']);
      assert.match(logger.text, /GET \/users: links\.next leads to the same page/);
    });

    it('does not take another answer for an empty list', async () => {
      const at = new Date('2030-01-01T00:00:00Z');
      const busy = answer(200, '{"status":"ok"}', { date: at.toUTCString() });
      const { reason, details } = await failureOf(client([busy]).users.listUsers(undefined, page));
      const expected = { status: 200, serverTime: at, requestId: undefined };
      assert.deepEqual(
        [reason, { ...details, unexpected: undefined }],
        ['unexpectedResponse', { ...expected, unexpected: undefined }],
      );
      assert.match(logger.text, /GET \/users: 200 without a readable collection/);
    });

    it('does not take another answer for a revocation, and dates one by the server', async () => {
      const date = { date: 'Tue, 01 Jan 2030 00:00:00 GMT' };
      const api = client([answer(204, '', date), answer(204, ''), answer(200, '{"token_id":"other"}', date)]);
      const id = tokenId('t');
      assert.deepEqual(await api.jwt.discardUserJwt(id), { id, revokedAt: new Date(date.date) });
      assert.deepEqual(await api.jwt.discardUserJwt(id), { id, revokedAt: clock.now() });
      const { reason, details } = await failureOf(api.jwt.discardUserJwt(id));
      const expected = { status: 200, serverTime: new Date(date.date), requestId: undefined };
      assert.deepEqual([reason, details], ['unexpectedResponse', expected]);
      assert.match(logger.text, /DELETE \/jwt\/user\/\{token_id\}: 200 without the discarded token/);
    });
  });

  it('sends nothing that is aborted already, also in a pause that a person does not wait for', async () => {
    const api = client([answer(429, '', { 'retry-after': '45' })]);
    await failureOf(api.jwt.fetchProjectTokens(page));
    const { reason, details } = await failureOf(api.jwt.fetchProjectTokens(page, { signal: AbortSignal.abort() }));
    assert.deepEqual([reason, details.notSent], ['cancelled', true]);
    assert.equal(calls.length, 1);
  });

  it('leaves no listener on a signal that lives on', async () => {
    const { signal } = new AbortController();
    await client([answer(200, '{}')]).jwt.fetchProjectTokens(page, { signal });
    assert.equal(getEventListeners(signal, 'abort').length, 0);
  });

  describe('redirects of another request', () => {
    for (const status of [301, 302, 303, 307, 308]) {
      it(`are not followed (${status})`, async () => {
        const api = client([answer(status, '', { location: '/x' }), answer(status, '', { location: '/x' })]);
        const creation = await failureOf(api.jwt.createProjectJwt({ name: 'n', expirySeconds: undefined }));
        const revocation = await failureOf(api.jwt.discardProjectJwt(tokenId('t')));
        assert.deepEqual([creation.details.status, revocation.details.status], [status, status]);
      });
    }
  });

  describe('redirects of a GET', () => {
    const to = (location: string, status = 302): FetchResponse => answer(status, '', { location });
    it('are followed at the same origin, with the key', async () => {
      await client([
        to('/elsewhere?x=1'),
        to('https://api.magicbell.com/third'),
        answer(200, '{}'),
      ]).jwt.fetchProjectTokens(page);
      assert.deepEqual(
        calls.map(({ url }) => url),
        [
          'https://api.magicbell.com/v2/jwt/project?limit=50',
          'https://api.magicbell.com/elsewhere?x=1',
          'https://api.magicbell.com/third',
        ],
      );
    });

    it('are followed three times', async () => {
      const round = Array.from({ length: 4 }, () => to('/again'));
      const error = await failureOf(client(round).jwt.fetchProjectTokens(page));
      assert.deepEqual([error.reason, calls.length], ['unexpectedResponse', 4]);
      calls = [];
      await client([...round.slice(1), answer(200, '{}')]).jwt.fetchProjectTokens(page);
    });

    it('lead nowhere without an address', async () => {
      const error = await failureOf(client([answer(302, '')]).jwt.fetchProjectTokens(page));
      assert.deepEqual([error.reason, error.details.status], ['unexpectedResponse', 302]);
    });

    for (const location of [
      'https://hana@api.magicbell.com/',
      'https://:pw@api.magicbell.com/',
      'https://evil.example/v2/jwt/project',
      '//evil.example/',
      'http://api.magicbell.com/v2/jwt/project',
      'https://api.magicbell.com:8443/',
      'https://api.magicbell.com.evil.example/',
      'https://api.magicbell.com@evil.example/',
      'https://hana:pw@api.magicbell.com/',
      'data:application/json,{}',
      'file:///etc/passwd',
      'http://',
    ]) {
      it(`are not followed to ${location}`, async () => {
        const error = await failureOf(client([to(location)]).jwt.fetchProjectTokens(page));
        assert.deepEqual([error.reason, error.details.status], ['unexpectedResponse', 302]);
        assert.doesNotMatch(error.message, /evil|hana|passwd/);
      });
    }
  });

  it('makes an error of its own of whatever a fetch throws', async () => {
    const raw = Object.assign(new Error('Bearer key at https://api.magicbell.com?limit=50'), {
      code: 'ENOTFOUND',
      config: 'key',
    });
    const error = await failureOf(client([raw]).jwt.fetchProjectTokens(page));
    assert.equal(error.reason, 'dns');
    assert.equal(error.cause, undefined);
    assert.doesNotMatch(`${error.stack ?? ''} ${JSON.stringify(error)} ${logger.text}`, /Bearer|limit=/);
  });

  it('refuses a base URL that could take the key elsewhere', () => {
    const options = { key: new Secret('key'), fetch: () => assert.fail(), clock, logger };
    assert.throws(() => createMagicBellApi({ ...options, baseUrl: 'http://api.magicbell.com/v2' }), TypeError);
  });
});
