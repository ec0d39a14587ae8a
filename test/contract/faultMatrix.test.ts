import assert from 'node:assert/strict';
import { createServer as createHttpsServer } from 'node:https';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { describeError } from '../../src/core/describeError.ts';
import {
  asMagicBellError,
  mayHaveBeenCarriedOut,
  type ErrorReason,
  type Unexpected,
} from '../../src/core/magicbell/errors.ts';
import { Secret } from '../../src/core/base/secret.ts';
import type { FaultSpec } from '../server/faults.ts';
import { startSink, type Sink } from '../server/sink.ts';
import { selfSignedCertificate } from '../support/selfSignedCertificate.ts';
import {
  callOf,
  everythingOf,
  methodOf,
  newClient,
  operationNames,
  startRig,
  type OperationName,
} from './clientRig.ts';

/** `unexpectedResponse`: one that is neither `redirected` nor `tooLarge` nor `blocked`. */
type Outcome = ErrorReason | Exclude<Unexpected, 'foreign'> | 'ok';
type Method = 'GET' | 'POST' | 'DELETE';

/** What a call must end as, and how many requests the API must have seen. */
interface Expected {
  readonly outcome: Outcome;
  readonly requests: number;
}

interface Case {
  readonly name: string;
  readonly GET: Expected;
  readonly POST: Expected;
  readonly DELETE: Expected;
  /** The fault of the local API; its origin is filled in where the fault names another server. */
  readonly fault?: ((sinkOrigin: string) => FaultSpec['fault']) | undefined;
  readonly times?: FaultSpec['times'];
  /** Strikes only these. */
  readonly method?: Method | undefined;
  /** Instead of a fault: where the client is sent. */
  readonly place?: Place | undefined;
  readonly timeoutMs?: number | undefined;
}

/** Something at an address that is no API. Gives its base URL. */
type Place = (own: (closeable: { close(): unknown }) => void) => Promise<string>;

/** Within this, whatever happens: a busy machine may take a while, a hang takes for ever. */
const timeLimitMs = 20_000;
const attempts = 3;
const key = 'eyJhbGciOiJIUzI1NiJ9.c2VjcmV0LWtleS1vZi10aGUtY29ubmVjdGlvbg.c2lnbmF0dXJl';

const once = (outcome: Outcome): Expected => ({ outcome, requests: 1 });
const every = (outcome: Outcome): Pick<Case, Method> => ({
  GET: once(outcome),
  POST: once(outcome),
  DELETE: once(outcome),
});
/** Repeated for what may be repeated. */
const repeated = (outcome: Outcome): Pick<Case, Method> => ({
  GET: { outcome, requests: attempts },
  POST: once(outcome),
  DELETE: { outcome, requests: attempts },
});
const withFault = (
  name: string,
  fault: FaultSpec['fault'],
  expected: Pick<Case, Method>,
  rest: Partial<Case> = {},
): Case => ({ name, ...expected, fault: () => fault, ...rest });
const status = (code: number, rest: Omit<Extract<FaultSpec['fault'], { kind: 'status' }>, 'kind' | 'status'> = {}) =>
  ({ kind: 'status', status: code, ...rest }) as const;
/** For what never comes; long enough for the request itself to arrive on a busy machine. */
const late = { timeoutMs: 1500 };

const inAnHour = new Date(Date.now() + 3_600_000).toUTCString();
const anHourAgo = new Date(Date.now() - 3_600_000).toUTCString();

const cases: readonly Case[] = [
  withFault('400', status(400), every('invalidInput')),
  withFault('401 of a bad key', status(401, { code: 'jwt_auth_failed' }), every('unauthorized')),
  withFault('401 without a code', status(401), every('unauthorized')),
  withFault('401 without a body', status(401, { body: 'empty' }), every('unauthorized')),
  withFault('401 of a wrong role', { kind: 'wrongRole' }, every('wrongTokenKind')),
  withFault('403', { kind: 'forbidden' }, every('forbidden')),
  withFault('401 of a firewall', status(401, { body: 'html' }), every('blocked')),
  withFault('403 of a firewall', status(403, { body: 'html' }), every('blocked')),
  withFault('404 of MagicBell', status(404), every('notFound')),
  withFault('404 in HTML', status(404, { body: 'html' }), every('notOffered')),
  withFault('404 without a body', status(404, { body: 'empty' }), every('notOffered')),
  withFault('405 without a body', { kind: 'notOffered' }, every('notOffered')),
  withFault('405 with a body', status(405), every('notOffered')),
  withFault('407', status(407, { body: 'html' }), every('proxy')),
  withFault('408', status(408), repeated('timeout')),
  withFault('409', status(409), every('invalidInput')),
  withFault('418 in plain text', status(418, { body: 'text' }), every('unexpectedResponse')),
  withFault('422', status(422), every('invalidInput')),
  withFault('429 without Retry-After', status(429), repeated('rateLimited')),
  withFault('429, Retry-After 0', status(429, { retryAfter: 0 }), repeated('rateLimited')),
  withFault('429, Retry-After negative', status(429, { retryAfter: -7 }), repeated('rateLimited')),
  withFault('429, Retry-After nonsense', status(429, { retryAfter: 'soon' }), repeated('rateLimited')),
  withFault('429, Retry-After a past date', status(429, { retryAfter: anHourAgo }), repeated('rateLimited')),
  withFault('429, Retry-After in an hour', status(429, { retryAfter: inAnHour }), every('rateLimited')),
  withFault('429, Retry-After absurd', status(429, { retryAfter: '9'.repeat(40) }), every('rateLimited')),
  withFault('500', status(500), repeated('serverError')),
  withFault('500 after the work', status(500, { at: 'afterWork' }), repeated('serverError')),
  withFault('502 in HTML', status(502, { body: 'html' }), repeated('serverError')),
  withFault('503 without a body', status(503, { body: 'empty' }), repeated('serverError')),
  withFault('503, Retry-After in an hour', status(503, { retryAfter: 3600 }), every('serverError')),
  withFault('null', { kind: 'body', body: 'null' }, every('unexpectedResponse')),
  withFault('{}', { kind: 'body', body: 'emptyObject' }, { ...every('unexpectedResponse'), GET: once('ok') }),
  withFault('[]', { kind: 'body', body: 'emptyArray' }, every('unexpectedResponse')),
  withFault('no body', { kind: 'body', body: 'empty' }, every('unexpectedResponse')),
  withFault(
    '204',
    { kind: 'body', body: 'empty', status: 204 },
    { ...every('unexpectedResponse'), DELETE: once('ok') },
  ),
  withFault('garbage', { kind: 'body', body: 'garbage' }, every('unexpectedResponse')),
  withFault('truncated JSON', { kind: 'body', body: 'truncatedJson' }, every('unexpectedResponse')),
  withFault('gzip garbage', { kind: 'body', body: 'gzipGarbage' }, every('unexpectedResponse')),
  withFault('HTML with 200', { kind: 'body', body: 'html' }, every('unexpectedResponse')),
  withFault('JSON called HTML', { kind: 'body', body: 'wrongContentType' }, every('ok')),
  // All of the JSON has arrived: of a creation, that is the value.
  withFault(
    'cut after the JSON',
    { kind: 'body', body: 'shorterThanContentLength' },
    { ...repeated('connectionLost'), POST: once('ok') },
  ),
  withFault(
    'an error with 200',
    { kind: 'edit', omit: ['data', 'links', 'token', 'token_id', 'discarded_at'], set: { errors: [{ message: 'x' }] } },
    every('unexpectedResponse'),
  ),
  withFault('no token', { kind: 'edit', omit: ['token'] }, { ...every('ok'), POST: once('unexpectedResponse') }),
  withFault(
    'an empty token',
    { kind: 'edit', set: { token: '' } },
    { ...every('ok'), POST: once('unexpectedResponse') },
  ),
  withFault('no token id', { kind: 'edit', omit: ['token_id'] }, every('ok')),
  withFault('200 and unknown fields', { kind: 'edit', status: 200, set: { extra: { a: [1] } } }, every('ok')),
  withFault(
    'data that is no list',
    { kind: 'edit', set: { data: { id: 'x' } } },
    { ...every('ok'), GET: once('unexpectedResponse') },
  ),
  withFault('a small delay', { kind: 'delay', ms: 30 }, every('ok')),
  withFault('no answer', { kind: 'hang' }, every('timeout'), late),
  withFault('no answer after the work', { kind: 'hang', at: 'afterWork' }, every('timeout'), late),
  withFault('slow headers', { kind: 'slowHeaders', intervalMs: 1000 }, every('timeout'), late),
  withFault('a slow body', { kind: 'slowBody', intervalMs: 50 }, every('timeout'), late),
  withFault('reset before the work', { kind: 'reset' }, repeated('connectionLost')),
  withFault('reset after the work', { kind: 'reset', at: 'afterWork' }, repeated('connectionLost')),
  withFault('reset in the body', { kind: 'reset', at: 'midBody' }, repeated('connectionLost')),
  withFault(
    'reset once',
    { kind: 'reset' },
    { GET: { outcome: 'ok', requests: 2 }, POST: once('connectionLost'), DELETE: { outcome: 'ok', requests: 2 } },
    { times: 1 },
  ),
  // The second attempt finds what the first has done.
  withFault(
    'reset once, after the work',
    { kind: 'reset', at: 'afterWork' },
    { GET: { outcome: 'ok', requests: 2 }, POST: once('connectionLost'), DELETE: { outcome: 'notFound', requests: 2 } },
    { times: 1 },
  ),
  withFault('an endless body', { kind: 'endlessBody' }, every('tooLarge')),
  withFault('50 MB', { kind: 'hugeBody' }, every('tooLarge')),
  ...[301, 302, 303, 307, 308].map((code) => ({
    name: `${code} to another origin`,
    ...every('redirected'),
    fault: (origin: string) => ({ kind: 'redirect', status: code as 301, to: origin }) as const,
  })),
  withFault(
    '307 to the same origin',
    { kind: 'redirect', status: 307, to: 'same' },
    { ...every('redirected'), GET: { outcome: 'ok', requests: 2 } },
    { times: 1 },
  ),
  withFault(
    'redirects without end',
    { kind: 'redirect', status: 302, to: 'same' },
    { ...every('redirected'), GET: { outcome: 'redirected', requests: 4 } },
  ),
  {
    name: 'links to another origin',
    ...every('ok'),
    method: 'GET',
    fault: (origin) => ({ kind: 'foreignLinks', origin }),
  },
  { name: 'nobody listens', ...every('offline'), place: nobody },
  { name: 'a host without an address', ...every('dns'), place: () => Promise.resolve('https://host.invalid/v2') },
  {
    name: 'a server without TLS',
    ...every('tls'),
    place: (own) => rawServer(own, 'https', (socket) => void socket.end('HTTP/1.1 200 OK\r\n\r\n')),
  },
  { name: 'a certificate that nobody signed', ...every('tls'), place: selfSigned },
  {
    name: 'no HTTP',
    ...every('unexpectedResponse'),
    place: (own) => rawServer(own, 'http', (socket) => void socket.end('SSH-2.0-OpenSSH_9.6\r\n')),
  },
  { name: 'headers without end', ...every('unexpectedResponse'), place: (own) => rawServer(own, 'http', floodHeaders) },
  {
    name: 'hangs up at once',
    ...every('connectionLost'),
    place: (own) => rawServer(own, 'http', (socket) => void socket.end()),
  },
  {
    name: 'changes the protocol',
    ...every('timeout'),
    ...late,
    place: (own) =>
      rawServer(
        own,
        'http',
        (socket) =>
          void socket.once('data', () =>
            socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'),
          ),
      ),
  },
];

describe('fault matrix', function () {
  this.timeout(300_000);
  /** What is wrong with each case; nothing is as it should be. */
  const findings = new Map<string, readonly string[]>();

  before(async () => {
    const todo = cases.flatMap((one) => operationNames.map((operation) => ({ one, operation })));
    const work = async (): Promise<void> => {
      for (let next = todo.shift(); next !== undefined; next = todo.shift()) {
        const { one, operation } = next;
        findings.set(
          `${one.name} ${operation}`,
          await (one.place === undefined ? withApi(one, operation) : elsewhere(one, one.place, operation)),
        );
      }
    };
    await Promise.all(Array.from({ length: 12 }, work));
  });

  for (const { name } of cases) {
    for (const operation of operationNames) {
      it(`${name}: ${operation}`, () => assert.deepEqual(findings.get(`${name} ${operation}`), []));
    }
  }

  after(() => {
    const asExpected = [...findings.values()].filter((found) => found.length === 0).length;
    process.stdout.write(`\n  fault matrix: ${findings.size} cases, ${asExpected} as expected\n`);
  });
});

async function withApi(one: Case, operation: OperationName): Promise<readonly string[]> {
  const sink: Sink = await startSink();
  const rig = await startRig(one.timeoutMs === undefined ? {} : { timeoutMs: one.timeoutMs }, { token: key });
  try {
    const fault = one.fault?.(sink.origin);
    assert.ok(fault);
    rig.api.faults.add({
      fault,
      times: one.times ?? 'always',
      ...(one.method === undefined ? {} : { method: one.method }),
    });
    const expected = one[methodOf(operation)];
    const found = await judge(expected.outcome, () => rig.call(operation));
    const entries = rig.api.journal.entries;
    if (entries.length !== expected.requests) found.push(`${entries.length} requests instead of ${expected.requests}`);
    if (entries.some(({ bearer }) => bearer !== key)) found.push('a request without the key');
    if (sink.connections > 0) found.push('another server was spoken to');
    const attemptLines = rig.logger.lines.filter(({ message }) => /\(attempt \d\)$/.test(message));
    const redirects = entries.filter(({ query }) => query.includes('redirected')).length;
    if (attemptLines.length !== expected.requests - redirects) found.push(`${attemptLines.length} attempts logged`);
    if (rig.logger.text.includes(key)) found.push('the key is in the log');
    // The rule on which orphans are looked for: what was done is never called "surely not done".
    const isCreated = methodOf(operation) === 'POST' && entries.some(({ isWorkDone }) => isWorkDone);
    if (isCreated && found.error !== undefined && !mayHaveBeenCarriedOut(found.error))
      found.push('an orphan is denied');
    return [...found];
  } finally {
    await rig.api.close();
    await sink.close();
  }
}

async function elsewhere(one: Case, place: Place, operation: OperationName): Promise<readonly string[]> {
  const owned: { close(): unknown }[] = [];
  try {
    const baseUrl = await place((closeable) => owned.push(closeable));
    const { client, logger } = newClient(baseUrl, key, {
      maxAttempts: 1,
      ...(one.timeoutMs === undefined ? {} : { timeoutMs: one.timeoutMs }),
    });
    const found = await judge(
      one[methodOf(operation)].outcome,
      callOf(client, { projectToken: 'a', userToken: 'b', user: 'c' }, operation),
    );
    if (logger.text.includes(key)) found.push('the key is in the log');
    return [...found];
  } finally {
    for (const closeable of owned) closeable.close();
  }
}

/** Calls, and looks at what came of it: the outcome, the time, and whether a secret got out. */
async function judge(expected: Outcome, call: () => Promise<unknown>): Promise<string[] & { error?: unknown }> {
  const found: string[] & { error?: unknown } = [];
  const startedAt = performance.now();
  const [result, error] = await call().then(
    (value) => [value, undefined] as const,
    (thrown: unknown) => [undefined, thrown] as const,
  );
  const tookMs = performance.now() - startedAt;
  if (tookMs > timeLimitMs) found.push(`took ${tookMs} ms`);
  if (error === undefined) {
    if (expected !== 'ok') found.push('succeeded');
    if (hasEmptyValue(result)) found.push('a token without a value');
    return found;
  }
  found.error = error;
  const known = asMagicBellError(error);
  const { unexpected = 'foreign' } = known?.details ?? {};
  const outcome = unexpected === 'foreign' ? known?.reason : unexpected;
  if (outcome !== expected) found.push(`${outcome ?? 'an unknown error'} instead of ${expected}`);
  if (known?.cause !== undefined) found.push('the error carries another one');
  const shown = everythingOf(error) + describeError(error, { host: 'host' }).message;
  if (shown.includes(key)) found.push('the key is in the error');
  if (/limit=|query=|example\.com/.test(shown)) found.push('a query or a body is in the error');
  return found;
}

function hasEmptyValue(result: unknown): boolean {
  if (typeof result !== 'object' || result === null || !('value' in result)) return false;
  return !(result.value instanceof Secret) || result.value.reveal() === '';
}

async function nobody(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

async function rawServer(
  own: Parameters<Place>[0],
  scheme: 'http' | 'https',
  answer: (socket: Socket) => void,
): Promise<string> {
  return listen(
    own,
    scheme,
    createServer((socket) => {
      socket.on('error', () => undefined);
      answer(socket);
    }),
  );
}

async function selfSigned(own: Parameters<Place>[0]): Promise<string> {
  return listen(
    own,
    'https',
    createHttpsServer(selfSignedCertificate, (_req, res) => res.end('{}')),
  );
}

async function listen(own: Parameters<Place>[0], scheme: 'http' | 'https', server: Server): Promise<string> {
  own(server);
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function floodHeaders(socket: Socket): void {
  socket.write('HTTP/1.1 200 OK\r\n');
  const flood = (): void => {
    if (!socket.destroyed && socket.write(`X-Flood: ${'x'.repeat(8000)}\r\n`)) setImmediate(flood);
  };
  socket.on('drain', flood);
  flood();
}
