import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { Secret } from '../../../src/core/base/secret.ts';
import { tokenId, unknownInstant } from '../../../src/core/model/token.ts';
import { overviewMessage, RowKeys, rowMessages } from '../../../src/core/overview/overviewMessages.ts';
import { parseHostMessage, parsePageMessage } from '../../../src/core/overview/parseMessage.ts';
import { aToken, aTokenWithoutId, aUser } from '../../support/builders.ts';
import { overviewOf } from '../../../src/core/overview/overviewOf.ts';
import { aConnection, inDays, now, overviewOfRows } from './known.ts';

const rows = [
  { token: aToken({ id: tokenId('a'), name: '$(key)\u202E\n[x](y)', expiresAt: inDays(3) }) },
  { token: aToken({ id: tokenId('b'), kind: 'user' as const }), owner: aUser() },
  { token: aTokenWithoutId() },
];

describe('The messages of the Overview', () => {
  it('survive the way as JSON, and are recognised', () => {
    const overview = overviewOfRows(rows, { problem: 'MagicBell cannot be reached.' });
    const messages = [overviewMessage(overview, 1, 14), ...rowMessages(overview, 1, new RowKeys())];
    assert.equal(messages.length, 2);
    for (const message of messages) {
      const sent: unknown = JSON.parse(JSON.stringify(message));
      assert.deepEqual(parseHostMessage(sent), message);
    }
  });

  it('hold text as it is shown, and no value', () => {
    const smuggled = rows.map(({ token }) => ({ token: { ...token, value: new Secret('eyJ0b2tlbg') } }));
    const text = inspect([...rowMessages(overviewOfRows(smuggled), 1, new RowKeys())], { depth: 9 });
    assert.ok(text.includes("name: '$ (key) [x] (y)'"), text);
    assert.ok(!/value|eyJ0|redacted/.test(text), text);
  });

  it('say of each row what the table shows, and to which connection it belongs', () => {
    const [first, second] = [
      aConnection([{ token: aToken({ expiresAt: inDays(3), isExpiryUnknown: true }) }], { id: 'c-1' }),
      aConnection(
        [
          { token: { ...aToken(), kind: 'user' as const, revokedAt: now }, owner: aUser() },
          { token: aTokenWithoutId({ createdAt: unknownInstant }) },
        ],
        { id: 'c-2' },
      ),
    ];
    const overview = overviewOf([first, second], now, { soonDays: 14 });
    const sent = [...rowMessages(overview, 1, new RowKeys())].flatMap((part) => part.rows);
    const of = (id: string, connection: number) => {
      const row = sent.find((each) => each.id === id && each.connection === connection);
      return row && { ...row, findings: undefined };
    };
    const createdAt = aToken().createdAt.getTime();
    assert.deepEqual(of('token-1', 0), {
      ...{ key: 0, connection: 0, name: 'CI deploy', kind: 'project', owner: '', id: 'token-1', createdAt },
      ...{ expiresAt: inDays(3).getTime(), isExpiryUnknown: true, isRevoked: false, findings: undefined },
    });
    assert.deepEqual(of('token-1', 1), {
      ...{
        key: 1,
        connection: 1,
        name: 'CI deploy',
        kind: 'user',
        owner: 'hana@example.com',
        id: 'token-1',
        createdAt,
      },
      ...{ expiresAt: null, isExpiryUnknown: false, isRevoked: true, findings: undefined },
    });
    assert.deepEqual(of('', 1), {
      ...{ key: 2, connection: 1, name: 'CI deploy', kind: 'project', owner: '', id: '', createdAt: null },
      ...{ expiresAt: null, isExpiryUnknown: false, isRevoked: false, findings: undefined },
    });
  });

  it('say of each connection what is wrong with it, and nothing when nothing is', () => {
    const problemOf = (problem?: string): string | undefined =>
      overviewMessage(overviewOfRows(rows, problem === undefined ? {} : { problem }), 1, 14).connections[0]?.problem;
    assert.deepEqual([problemOf(), problemOf('MagicBell cannot be reached.')], ['', 'MagicBell cannot be reached.']);
  });

  it('are none for no rows', () => {
    assert.deepEqual([...rowMessages(overviewOfRows([]), 1, new RowKeys())], []);
    const full = Array.from({ length: 2000 }, (_, index) => ({ token: aToken({ id: tokenId(`token-${index}`) }) }));
    assert.equal([...rowMessages(overviewOfRows(full), 1, new RowKeys())].length, 1);
  });

  it('tell tokens without an id apart by when they were made, and by their names', () => {
    const at = [inDays(-1), inDays(-2)].map((createdAt) => ({ token: aTokenWithoutId({ createdAt }) }));
    const named = ['A', 'B'].map((name) => ({ token: aTokenWithoutId({ name }) }));
    const keys = [...rowMessages(overviewOfRows([...at, ...named]), 1, new RowKeys())].flatMap((part) => part.rows);
    assert.equal(new Set(keys.map(({ key }) => key)).size, 4);
  });

  it('come in parts of at most 2000 rows', () => {
    const many = Array.from({ length: 4001 }, (_, index) => ({ token: aToken({ id: tokenId(`token-${index}`) }) }));
    const parts = [...rowMessages(overviewOfRows(many), 1, new RowKeys())];
    assert.deepEqual(
      parts.map((part) => part.rows.length),
      [2000, 2000, 1],
    );
  });

  it('keep a token’s key when the rows are sent again, and lead nowhere when it is gone', () => {
    const keys = new RowKeys();
    const first = [...rowMessages(overviewOfRows(rows), 1, keys)].flatMap((part) => part.rows);
    const [, second] = first;
    assert.equal(new Set(first.map(({ key }) => key)).size, 3);
    const again = [...rowMessages(overviewOfRows(rows.slice(1)), 2, keys)].flatMap((part) => part.rows);
    assert.equal(again[0]?.key, second?.key);
    const found = keys.rowsOf(first.map(({ key }) => key)).map(({ token }) => token.id);
    assert.deepEqual(found, ['b', undefined]);
  });

  const wrong: unknown[] = [
    null,
    'ready',
    [],
    {},
    { type: 'ready', more: 1 },
    { type: 'act', action: 'delete', keys: [1] },
    { type: 'act', action: 'revoke', keys: ['1'] },
    { type: 'act', action: 'revoke', keys: [-1] },
    { type: 'act', action: 'revoke' },
    { type: 'export', keys: {} },
    { type: 'audit', action: 'delete', connection: 0 },
  ];
  for (const message of wrong) {
    it(`of a page are not ${JSON.stringify(message)}`, () => assert.equal(parsePageMessage(message), undefined));
  }

  it('of a page are these', () => {
    for (const message of [
      { type: 'ready' },
      { type: 'act', action: 'revoke', keys: [0, 7] },
      { type: 'export', keys: [] },
      { type: 'audit', action: 'pause', connection: 1 },
      { type: 'connect' },
      { type: 'loadAll' },
      { type: 'markSeen' },
    ])
      assert.deepEqual(parsePageMessage(message), message);
  });

  it('of the host have no field that the protocol does not name', () => {
    const message = overviewMessage(overviewOfRows(rows), 1, 14);
    assert.equal(parseHostMessage({ ...message, value: 'x' }), undefined);
    assert.equal(parseHostMessage({ ...message, rowCount: '3' }), undefined);
    assert.equal(parseHostMessage({ ...message, findings: [{ id: 'other', count: 1 }] }), undefined);
    assert.ok(now instanceof Date, 'the clock of these tests');
  });
});
