import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { describeError } from '../../src/core/describeError.ts';
import { asMagicBellError } from '../../src/core/magicbell/errors.ts';
import { Secret } from '../../src/core/base/secret.ts';
import { callOf, everythingOf, methodOf, newClient, operationNames, type OperationName } from './clientRig.ts';

const key = 'canary-key-0123456789abcdef';
const value = 'canary-value-0123456789abcdef';
const ids = { projectToken: 'p1', userToken: 'u1', user: 'user1' };
const fieldNames = [
  'data',
  'links',
  'next',
  'first',
  'id',
  'name',
  'created_at',
  'expires_at',
  'discarded_at',
  'last_used_at',
  'token',
  'token_id',
  'errors',
  'message',
  'code',
  'email',
  'external_id',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'length',
  'then',
];

/** Leaves that the client looks at, among any others. */
const leaf = fc.oneof(
  fc.constantFrom(
    value,
    key,
    'p1',
    'u1',
    '',
    null,
    true,
    0,
    -1,
    1e308,
    '2026-06-01T10:20:30.123456789Z',
    '0001-01-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
    '2026-02-31T00:00:00Z',
    '?limit=2',
    '?a=b',
    'https://evil.example/x?y=z',
  ),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.double(),
);
const { json: nested } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('json'), { maxLength: 4 }),
    fc.array(fc.tuple(fc.constantFrom(...fieldNames), tie('json')), { maxLength: 6 }).map(ownProperties),
  ),
}));
const row = fc.record(
  {
    id: leaf,
    name: leaf,
    created_at: fc.oneof(leaf, fc.constant('2026-01-01T00:00:00Z')),
    expires_at: leaf,
    discarded_at: leaf,
    email: leaf,
  },
  { requiredKeys: [] },
);
/** Nearly right, for all operations at once. */
const nearly = fc.record(
  {
    data: fc.oneof(fc.array(fc.oneof(row, nested), { maxLength: 4 }), nested),
    links: fc.oneof(fc.record({ next: leaf }), nested),
    token: fc.oneof(fc.constant(value), nested),
    token_id: leaf,
    created_at: leaf,
    expires_at: leaf,
    discarded_at: leaf,
    errors: fc.oneof(
      fc.array(fc.record({ message: leaf, code: leaf }, { requiredKeys: [] }), { maxLength: 3 }),
      nested,
    ),
  },
  { requiredKeys: [] },
);
const body = fc.oneof(
  fc.oneof(nested, nearly, fc.jsonValue()).map((json) => Buffer.from(JSON.stringify(json))),
  nearly.map((json) => Buffer.from(JSON.stringify(json).slice(0, -1))),
  fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
);
const status = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(200, 201) },
  fc.constantFrom(
    202,
    204,
    206,
    300,
    304,
    400,
    401,
    402,
    403,
    404,
    405,
    407,
    408,
    409,
    410,
    418,
    422,
    429,
    451,
    500,
    503,
    599,
  ),
);

describe('client: wire fuzzing', function () {
  this.timeout(300_000);
  let answer: { readonly status: number; readonly body: Buffer };
  let requests = 0;
  const server = createServer((req, res) => {
    requests++;
    req.resume();
    res.writeHead(answer.status, { 'content-type': 'application/json' });
    res.end(answer.body);
  });
  before(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  after(() => {
    server.close();
    server.closeAllConnections();
  });

  for (const operation of operationNames) {
    it(`ends as a value or an error with a reason: ${operation}`, async () => {
      const outcomes = new Set<string>();
      await fc.assert(
        fc.asyncProperty(status, body, async (code, bytes) => {
          answer = { status: code, body: bytes };
          outcomes.add(await outcomeOf(operation));
        }),
        { numRuns: 400 },
      );
      assert.equal(Object.keys({}).length + Object.keys(Object.prototype).length, 0);
      // The fuzz is worth something only if it reaches both sides.
      assert.ok(outcomes.has('ok') && outcomes.has('unexpectedResponse') && outcomes.size > 5, [...outcomes].join());
    });
  }

  async function outcomeOf(operation: OperationName): Promise<string> {
    const { client, logger } = newClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, key, {
      maxAttempts: 2,
      baseDelayMs: 0,
    });
    requests = 0;
    const startedAt = performance.now();
    try {
      const result = await callOf(client, ids, operation)();
      check(operation, result);
      return 'ok';
    } catch (error) {
      const known = asMagicBellError(error);
      assert.ok(known, everythingOf(error));
      // MagicBell's messages are its own text: only the key and what has the shape of a secret is taken out of them.
      const { serverMessages = [], createdTokenId, ...details } = known.details;
      assert.ok(!serverMessages.join().includes(key));
      const ours = `${known.message} ${known.stack ?? ''} ${JSON.stringify(details)} ${logger.text}`;
      assert.doesNotMatch(ours, /canary/);
      assert.equal(known.cause, undefined);
      if (createdTokenId !== undefined) assert.equal(methodOf(operation), 'POST');
      const described = describeError(error, { host: 'host' });
      assert.ok(described.message.length > 0 && !described.message.includes(key));
      return known.reason;
    } finally {
      assert.doesNotMatch(logger.text, /canary/);
      assert.ok(performance.now() - startedAt < 20_000);
      assert.ok(requests <= (methodOf(operation) === 'POST' ? 1 : 2));
    }
  }
});

/** What a success must be, whatever was sent. */
function check(operation: OperationName, result: unknown): void {
  assert.ok(typeof result === 'object' && result !== null);
  for (const field of Object.values(result)) {
    if (field instanceof Date) assert.ok(!Number.isNaN(field.getTime()));
  }
  if (methodOf(operation) === 'POST') {
    assert.ok('value' in result && result.value instanceof Secret && result.value.reveal().trim() !== '');
    assert.ok(!JSON.stringify(result).includes(result.value.reveal()) || result.value.reveal().length < 20);
  }
  if (methodOf(operation) === 'GET') {
    assert.ok('items' in result && Array.isArray(result.items));
    for (const item of result.items as Record<string, unknown>[]) {
      for (const field of Object.values(item)) {
        // `true` is the mark of an expiry that cannot be read.
        assert.ok(field === undefined || field === true || typeof field === 'string' || field instanceof Date);
        if (field instanceof Date) assert.ok(!Number.isNaN(field.getTime()));
      }
    }
  }
}

/** An object that has even `__proto__` as its own property, as JSON.parse makes them. */
function ownProperties(entries: readonly (readonly [string, unknown])[]): object {
  const object = {};
  for (const [name, field] of entries) {
    Object.defineProperty(object, name, { value: field, enumerable: true, configurable: true, writable: true });
  }
  return object;
}
