import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { Secret } from '../../../src/core/base/secret.ts';
import { tokenId } from '../../../src/core/model/token.ts';
import { overviewMessage, RowKeys, rowMessages } from '../../../src/core/overview/overviewMessages.ts';
import { parseHostMessage, parsePageMessage } from '../../../src/core/overview/parseMessage.ts';
import { aToken, aTokenWithoutId, aUser } from '../../support/builders.ts';
import { inDays, now, overviewOfRows } from './known.ts';

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
