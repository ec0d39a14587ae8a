import assert from 'node:assert/strict';
import {
  parseInstant,
  projectTokenBody,
  readCreation,
  readDiscarded,
  readServerErrors,
  readTokens,
  readUsers,
  userTokenBody,
} from '../../../src/core/magicbell/wire.ts';
import { isRevocable, tokenId, unknownInstant } from '../../../src/core/model/token.ts';
import { inTimeZone } from '../../support/timeZone.ts';

const time = '2026-06-01T10:20:30.123456Z';
const answeredAt = new Date('2026-11-25T12:00:00Z');

describe('parseInstant', () => {
  const cases: [string, string | undefined][] = [
    ['2026-06-01T10:20:30Z', '2026-06-01T10:20:30.000Z'],
    ['2026-06-01T10:20:30.1Z', '2026-06-01T10:20:30.100Z'],
    ['2026-06-01T10:20:30.123456Z', '2026-06-01T10:20:30.123Z'],
    ['2026-06-01T10:20:30.999999999Z', '2026-06-01T10:20:30.999Z'],
    [' 2026-06-01T10:20:30Z\n', '2026-06-01T10:20:30.000Z'],
    ['2026-06-01t10:20:30z', '2026-06-01T10:20:30.000Z'],
    ['2026-06-01 10:20:30Z', '2026-06-01T10:20:30.000Z'],
    ['2026-06-01T12:20:30+02:00', '2026-06-01T10:20:30.000Z'],
    ['2026-06-01T12:20:30.5+0200', '2026-06-01T10:20:30.500Z'],
    ['2026-06-01T03:20:30-07:00', '2026-06-01T10:20:30.000Z'],
    ['2026-06-01T10:20:30', '2026-06-01T10:20:30.000Z'],
    ['2026-06-30T23:59:60Z', '2026-06-30T23:59:59.000Z'],
    ['9999-12-31T23:59:59Z', 'never'],
    ['9000-01-01T00:00:00Z', 'never'],
    ['+292277026596-12-04T15:30:07Z', 'never'],
    ['0001-01-01T00:00:00Z', 'never'],
    ['2026-13-01T10:20:30Z', undefined],
    ['2026-06-01T25:20:30Z', undefined],
    ['2026-06-01', undefined],
    ['1767225600', undefined],
    ['tomorrow', undefined],
    ['', undefined],
  ];
  for (const [text, expected] of cases) {
    it(`reads ${JSON.stringify(text)}`, () => {
      const instant = parseInstant(text);
      assert.equal(instant instanceof Date ? instant.toISOString() : instant, expected);
    });
  }

  it('takes a time without a zone for UTC, wherever one is', () =>
    inTimeZone('Asia/Tokyo', () => {
      for (const text of ['2026-06-01T10:20:30', '2026-06-01t10:20:30z'])
        assert.deepEqual(parseInstant(text), new Date('2026-06-01T10:20:30Z'));
    }));
});

describe('readTokens', () => {
  const one = (row: unknown): ReturnType<typeof readTokens> =>
    readTokens({ data: [row, { created_at: time }], links: {} }, 'project');

  it('reads a full row', () => {
    const row = {
      id: 'a1',
      name: 'CI',
      created_at: time,
      expires_at: '2027-01-01T00:00:00Z',
      discarded_at: '2026-07-01T00:00:00Z',
      last_used_at: '2026-06-02T00:00:00Z',
      unknown: { deep: true },
    };
    assert.deepEqual(one(row)?.items[0], {
      kind: 'project',
      id: 'a1',
      name: 'CI',
      createdAt: new Date('2026-06-01T10:20:30.123Z'),
      expiresAt: new Date('2027-01-01T00:00:00Z'),
      revokedAt: new Date('2026-07-01T00:00:00Z'),
      lastUsedAt: new Date('2026-06-02T00:00:00Z'),
    });
  });

  it('reads a row of which only created_at is there', () => {
    assert.deepEqual(readTokens({ data: [{ created_at: time }] }, 'user')?.items, [
      {
        kind: 'user',
        id: undefined,
        name: undefined,
        createdAt: new Date('2026-06-01T10:20:30.123Z'),
        expiresAt: undefined,
        revokedAt: undefined,
        lastUsedAt: undefined,
      },
    ]);
  });

  const never: unknown[] = [undefined, null, '', '9999-12-31T23:59:59Z', '0001-01-01T00:00:00Z'];
  for (const value of never) {
    it(`takes ${String(value)} as never and as not revoked`, () => {
      const token = one({ id: 'a', created_at: time, expires_at: value, discarded_at: value })?.items[0];
      assert.ok(token);
      assert.deepEqual([token.id, token.expiresAt, token.revokedAt], ['a', undefined, undefined]);
    });
  }

  it('takes last use from either field, and from neither what cannot be read', () => {
    const used = (row: object): Date | undefined => one({ created_at: time, id: 'a', ...row })?.items[0]?.lastUsedAt;
    assert.deepEqual(used({ last_accessed_at: '2026-06-02T00:00:00Z' }), new Date('2026-06-02T00:00:00Z'));
    assert.equal(used({ last_used_at: 'x', last_accessed_at: 7 }), undefined);
  });

  const decoration: [string, object, object][] = [
    ['a name that is no text', { name: 7 }, { name: undefined }],
    ['a name that is null', { name: null }, { name: undefined }],
    ['an empty name', { name: '' }, { name: undefined }],
    ['an id that is no text', { id: 7 }, { id: undefined }],
    ['an empty id', { id: '' }, { id: undefined }],
  ];
  for (const [what, change, expected] of decoration) {
    it(`keeps a row with ${what}`, () => {
      const token = one({ id: 'a', name: 'n', created_at: time, ...change })?.items[0];
      assert.deepEqual({ ...token, ...expected }, token);
    });
  }

  const expiryUnknown: object[] = [
    { created_at: time, expires_at: 'soon' },
    { created_at: time, expires_at: 1767225600 },
    { created_at: time, discarded_at: true },
  ];
  for (const row of expiryUnknown) {
    it(`shows ${JSON.stringify(row)}, as one whose expiry is not known`, () => {
      const token = one({ id: 'a', ...row })?.items[0];
      assert.deepEqual([token?.isExpiryUnknown, token?.expiresAt, token?.revokedAt], [true, undefined, undefined]);
      assert.ok(token !== undefined && isRevocable(token, new Date(time)), 'it can be revoked');
    });
  }

  for (const created_at of [null, 'yesterday', '9999-01-01T00:00:00Z'])
    it(`shows a token that was created ${String(created_at)}`, () => {
      const token = one({ id: 'a', created_at })?.items[0];
      assert.deepEqual([token?.id, token?.createdAt, token?.isExpiryUnknown], ['a', unknownInstant, undefined]);
    });

  const unreadable: unknown[] = [
    null,
    7,
    'text',
    [],
    {},
    { id: 'a' },
    { created_at: 'yesterday' },
    { created_at: null },
    { created_at: '9999-01-01T00:00:00Z' },
  ];
  for (const row of unreadable) {
    it(`leaves out and counts ${JSON.stringify(row)}`, () => {
      const rows = one(row);
      assert.equal(rows?.items.length, 1);
      assert.equal(rows.unreadableItems, 1);
    });
  }

  it('does not let rows of which none can be read look like an empty list', () => {
    assert.equal(readTokens({ data: [{}, null] }, 'project'), undefined);
  });

  const empty: unknown[] = [
    {},
    { data: [] },
    { data: null, links: null },
    { links: {} },
    { links: { first: '', next: null } },
  ];
  for (const body of empty) {
    it(`reads ${JSON.stringify(body)} as an empty list`, () =>
      assert.deepEqual(readTokens(body, 'project')?.items, []));
  }

  const none: unknown[] = [
    null,
    undefined,
    [],
    [{ created_at: time }],
    'data',
    7,
    { data: {} },
    { data: 'x' },
    { data: 0 },
    { errors: [{ message: 'x' }] },
    { errors: [], data: null },
    { errors: [{ message: 'x' }], links: {} },
    { status: 'ok' },
  ];
  for (const body of none) {
    it(`reads no collection in ${JSON.stringify(body)}`, () => assert.equal(readTokens(body, 'project'), undefined));
  }

  it('reads the rows that are there beside errors', () =>
    assert.equal(readTokens({ data: [{ created_at: time }], errors: [] }, 'project')?.items.length, 1));

  it('passes links.next on as it is', () => {
    assert.equal(readTokens({ links: { next: 'n' }, data: [] }, 'project')?.next, 'n');
    assert.equal(readTokens({ links: 'n', data: [] }, 'project')?.next, undefined);
    assert.equal(readTokens({ links: { next: null } }, 'project')?.next, null);
  });

  it('is not impressed by keys of the prototype', () => {
    const body: unknown = JSON.parse(
      `{"__proto__":{"data":[]},"data":[{"__proto__":{"id":"x"},"constructor":1,"created_at":"${time}"}]}`,
    );
    assert.equal(readTokens(body, 'project')?.items[0]?.id, undefined);
    assert.equal(({} as Record<string, unknown>)['data'], undefined);
    assert.equal(readTokens(JSON.parse('{"__proto__":{"data":[]}}'), 'project'), undefined);
  });
});

describe('readUsers', () => {
  it('reads a full row and one with only an id', () => {
    const row = { id: 'u', email: 'e', external_id: 'x', first_name: 'f', last_name: 'l', custom_attributes: {} };
    const nulls = { id: 'v', email: null, external_id: null, first_name: null, last_name: null };
    assert.deepEqual(readUsers({ data: [row, nulls, { id: 'w', email: 7 }] })?.items, [
      { id: 'u', email: 'e', externalId: 'x', firstName: 'f', lastName: 'l' },
      { id: 'v', email: undefined, externalId: undefined, firstName: undefined, lastName: undefined },
      { id: 'w', email: undefined, externalId: undefined, firstName: undefined, lastName: undefined },
    ]);
  });

  it('counts users without an id as unreadable', () => {
    const rows = readUsers({ data: [{ id: 'u' }, { email: 'e' }, { id: null }] });
    assert.deepEqual([rows?.items.length, rows?.unreadableItems], [1, 2]);
  });
});

describe('readCreation', () => {
  it('reads a full answer', () => {
    const creation = readCreation(
      { token: 'eyJ.v', token_id: 't', created_at: time, expires_at: '2027-01-01T00:00:00Z' },
      answeredAt,
    );
    assert.ok(creation.hasValue);
    const { value, ...rest } = creation.issued;
    assert.equal(value.reveal(), 'eyJ.v');
    assert.deepEqual(rest, {
      id: 't',
      createdAt: new Date('2026-06-01T10:20:30.123Z'),
      expiresAt: new Date('2027-01-01T00:00:00Z'),
    });
  });

  for (const rest of [{}, { token_id: 7, created_at: 'x', expires_at: 'soon' }, { token_id: '', created_at: null }]) {
    it(`keeps the value beside ${JSON.stringify(rest)}`, () => {
      const creation = readCreation({ token: 'v', ...rest }, answeredAt);
      assert.ok(creation.hasValue);
      const { id, createdAt, expiresAt } = creation.issued;
      assert.deepEqual([id, createdAt, expiresAt], [undefined, answeredAt, undefined]);
    });
  }

  it('takes no id that repeats the value', () => {
    const creation = readCreation({ token: 'v', token_id: 'v' }, answeredAt);
    assert.ok(creation.hasValue);
    assert.equal(creation.issued.id, undefined);
  });

  for (const token of [undefined, null, '', '  ', 7, {}, ['v'], true]) {
    it(`has no value in ${JSON.stringify(token)}, but the id`, () => {
      assert.deepEqual(readCreation({ token, token_id: 't' }, answeredAt), { hasValue: false, id: 't' });
    });
  }

  for (const body of [null, undefined, [], 'eyJ', 7, { data: { token: 'v' } }]) {
    it(`has neither in ${JSON.stringify(body)}`, () => {
      assert.deepEqual(readCreation(body, answeredAt), { hasValue: false, id: undefined });
    });
  }
});

describe('readDiscarded', () => {
  const id = tokenId('AB12');
  const at = new Date('2026-06-01T10:20:30.123Z');
  const cases: [unknown, Date | undefined][] = [
    [{ token_id: 'AB12', discarded_at: time }, at],
    [{ token_id: 'ab12', discarded_at: time }, at],
    [{ discarded_at: time }, at],
    [{ token_id: 'AB12' }, answeredAt],
    [{ token_id: 'AB12', discarded_at: 'x' }, answeredAt],
    [{ token_id: 'other', discarded_at: time }, undefined],
    [{ token_id: null, discarded_at: time }, undefined],
    [{ discarded_at: 'x' }, undefined],
    [{}, undefined],
    [null, undefined],
    [[], undefined],
    ['AB12', undefined],
  ];
  for (const [body, revokedAt] of cases) {
    it(`reads ${JSON.stringify(body)}`, () =>
      assert.deepEqual(readDiscarded(body, id, answeredAt), revokedAt && { id, revokedAt }));
  }
});

describe('readServerErrors', () => {
  it('reads messages and codes, and skips what is neither', () => {
    const errors = [{ message: 'a', code: 'c' }, { message: 'b', code: 7 }, { message: 7 }, null, 'x'];
    assert.deepEqual(readServerErrors({ errors }), [
      { message: 'a', code: 'c' },
      { message: 'b', code: undefined },
    ]);
  });
  for (const body of [undefined, null, {}, [], { errors: [] }, { errors: {} }, { errors: ['x'] }, { message: 'x' }]) {
    it(`finds none in ${JSON.stringify(body)}`, () => assert.equal(readServerErrors(body), undefined));
  }
});

describe('request bodies', () => {
  const sent = (body: object): unknown => JSON.parse(JSON.stringify(body));
  it('have the names of the wire and leave out what is undefined', () => {
    assert.deepEqual(sent(projectTokenBody({ name: 'n', expirySeconds: 60 })), { name: 'n', expiry: 60 });
    assert.deepEqual(sent(projectTokenBody({ name: 'n', expirySeconds: undefined })), { name: 'n' });
    assert.deepEqual(sent(userTokenBody({ email: 'e', externalId: 'x', name: 'n', expirySeconds: 1 })), {
      email: 'e',
      external_id: 'x',
      name: 'n',
      expiry: 1,
    });
    const bare = { email: undefined, externalId: 'x', name: undefined, expirySeconds: undefined };
    assert.deepEqual(sent(userTokenBody(bare)), { external_id: 'x' });
  });
});
