import assert from 'node:assert/strict';
import { type Token, tokenId } from '../../../src/core/model/token.ts';
import { userId } from '../../../src/core/model/user.ts';
import { type FindingId, findingBit, findingIds, manyTokens } from '../../../src/core/overview/findingIds.ts';
import type { KnownConnection, KnownToken } from '../../../src/core/overview/known.ts';
import { tokensJson } from '../../../src/core/overview/exportTokens.ts';
import { overviewOf } from '../../../src/core/overview/overviewOf.ts';
import { aToken, aTokenWithoutId, aUser } from '../../support/builders.ts';
import { aConnection, inDays, now, overviewOfRows } from './known.ts';

const rowOf = (parts: Partial<Token>): KnownToken => ({
  token: { ...aToken({ createdAt: inDays(-10), expiresAt: inDays(100) }), ...parts },
});

/** The findings of each row by name. */
function findings(rows: readonly KnownToken[], parts?: Partial<KnownConnection>): FindingId[][] {
  return overviewOfRows(rows, parts).rows.map((row) =>
    findingIds.filter((id) => (row.findings & findingBit(id)) !== 0),
  );
}

describe('overviewOf: findings', () => {
  const cases: [string, Partial<Token>, FindingId[]][] = [
    ['an ordinary token has none', {}, []],
    ['expires within the days of the setting', { expiresAt: inDays(14) }, ['expiresSoon']],
    ['expires a moment after those', { expiresAt: new Date(inDays(14).getTime() + 1) }, []],
    ['never expires', { expiresAt: undefined }, ['neverExpires']],
    ['lives a leap year', { createdAt: inDays(-10), expiresAt: inDays(356) }, []],
    ['lives longer than a year', { createdAt: inDays(-10), expiresAt: inDays(357) }, ['livesLong']],
    ['has expired and is listed', { expiresAt: now }, ['expiredListed']],
    ['is revoked, whatever else', { expiresAt: undefined, revokedAt: inDays(-1) }, []],
  ];
  for (const [title, parts, expected] of cases) {
    it(title, () => assert.deepEqual(findings([rowOf(parts)]), [expected]));
  }

  it('one name twice: among live tokens of the project, or of one user, in any Unicode form', () => {
    const user = aUser();
    const other = aUser({ id: userId('user-2') });
    const named = (name: string, owner?: typeof user, parts: Partial<Token> = {}): KnownToken => ({
      ...rowOf({ name, kind: owner === undefined ? 'project' : 'user', ...parts }),
      owner,
    });
    const rows = [
      named('Caf\u00E9'),
      named('Cafe\u0301 '),
      named('Web', user),
      named('Web', other),
      named('Web'),
      named('Gone', undefined, { revokedAt: inDays(-1) }),
      named('Gone'),
      named(''),
      named(' '),
    ];
    const found = findings(rows).map((ids) => ids.includes('sameName'));
    assert.deepEqual(found, [true, true, false, false, false, false, false, false, false]);
  });

  it('the same name in two projects is no finding', () => {
    const overview = overviewOf([aConnection([rowOf({})]), aConnection([rowOf({})])], now, { soonDays: 14 });
    assert.deepEqual(overview.findings, []);
  });

  it('users with more live tokens than usual', () => {
    const rowsOf = (owner: ReturnType<typeof aUser>, count: number): KnownToken[] =>
      Array.from({ length: count }, (_, index) => ({ ...rowOf({ kind: 'user', name: `Token ${index}` }), owner }));
    const found = findings([
      ...rowsOf(aUser(), manyTokens + 1),
      ...rowsOf(aUser({ id: userId('user-2') }), manyTokens),
    ]);
    assert.equal(found.filter((ids) => ids.includes('manyTokens')).length, manyTokens + 1);
  });

  describe('made elsewhere since the last look', () => {
    const later = rowOf({ createdAt: inDays(-1), id: tokenId('new') });
    const expectation: [string, Partial<KnownConnection>, FindingId[]][] = [
      ['not at the first look', { lastLookAt: undefined }, []],
      ['when it was made after it', { lastLookAt: inDays(-2) }, ['madeElsewhere']],
      ['not when it was made before it', { lastLookAt: inDays(-1) }, []],
      ['not when it was issued here', { lastLookAt: inDays(-2), issuedHere: new Set(['new']) }, []],
    ];
    for (const [title, parts, expected] of expectation) {
      it(title, () => assert.deepEqual(findings([later], parts), [expected]));
    }

    it('when it has no id, too', () => {
      const token = aTokenWithoutId({ createdAt: inDays(-1), expiresAt: inDays(100) });
      assert.deepEqual(findings([{ token }], { lastLookAt: inDays(-2) }), [['madeElsewhere']]);
    });
  });

  it('are counted over all connections, and only those that are there', () => {
    const never = rowOf({ expiresAt: undefined });
    const overview = overviewOf(
      [aConnection([never]), aConnection([never, rowOf({ name: 'Other' })], { id: 'connection-2' })],
      now,
      { soonDays: 14 },
    );
    assert.deepEqual(overview.findings, [{ id: 'neverExpires', count: 2 }]);
    assert.deepEqual(
      overview.rows.map(({ connection }) => connection.id),
      ['connection-1', 'connection-2', 'connection-2'],
    );
  });
});

describe('overviewOf: the next change', () => {
  it('is when a token comes near to its expiry, or expires', () => {
    assert.deepEqual(overviewOfRows([rowOf({})]).nextChangeAt, inDays(86));
    assert.deepEqual(overviewOfRows([rowOf({}), rowOf({ expiresAt: inDays(3) })]).nextChangeAt, inDays(3));
  });

  it('is never when all are over or never expire', () => {
    const rows = [
      rowOf({ expiresAt: undefined }),
      rowOf({ expiresAt: inDays(-1) }),
      rowOf({ revokedAt: inDays(-1), expiresAt: inDays(2) }),
    ];
    assert.equal(overviewOfRows(rows).nextChangeAt, undefined);
  });
});

describe('overviewOf: clocks', () => {
  it('judges each token by the clock of its own connection’s server', () => {
    const threeHours = 3 * 3_600_000;
    const rows = [rowOf({ expiresAt: new Date(now.getTime() + threeHours / 2) })];
    const ahead = aConnection(rows, { id: 'ahead', aheadMs: threeHours });
    const overview = overviewOf([aConnection(rows), ahead], now, { soonDays: 14 });
    assert.deepEqual(overview.findings, [
      { id: 'expiresSoon', count: 1 },
      { id: 'expiredListed', count: 1 },
    ]);
    assert.equal(overview.timeline.expired, 1);
    // In an hour and a half by our clock.
    assert.equal(overview.nextChangeAt?.getTime(), now.getTime() + threeHours / 2);
    const behind = aConnection(rows, { id: 'behind', aheadMs: -threeHours });
    const { nextChangeAt, timeline } = overviewOf([behind], now, { soonDays: 14 });
    assert.deepEqual([timeline.expired, nextChangeAt?.getTime()], [0, now.getTime() + 1.5 * threeHours]);
    const states = JSON.parse(tokensJson(overview.rows, now)) as readonly { readonly state: string }[];
    assert.deepEqual(
      states.map(({ state }) => state),
      ['active', 'expired'],
    );
  });
});

describe('overviewOf: the timeline', () => {
  const local = (year: number, month: number, day: number): Date => new Date(year, month - 1, day, 12);

  it('counts by calendar months, and beside them what has expired, comes later, or never', () => {
    const { timeline } = overviewOfRows([
      rowOf({ expiresAt: local(2026, 11, 30) }),
      rowOf({ expiresAt: local(2026, 12, 1) }),
      rowOf({ expiresAt: local(2026, 12, 31) }),
      rowOf({ expiresAt: local(2027, 10, 31) }),
      rowOf({ expiresAt: local(2027, 11, 1) }),
      rowOf({ expiresAt: local(2026, 11, 1) }),
      rowOf({ expiresAt: undefined }),
      rowOf({ expiresAt: local(2026, 12, 1), revokedAt: inDays(-1) }),
    ]);
    assert.deepEqual(
      timeline.months.map(({ count }) => count),
      [1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
    );
    assert.deepEqual([timeline.expired, timeline.later, timeline.never], [1, 1, 1]);
  });

  it('begins now, and its spans touch', () => {
    const { months } = overviewOfRows([]).timeline;
    const from = months.map((span) => span.from.getTime());
    const to = months.map((span) => span.to.getTime());
    assert.equal(from[0], now.getTime());
    assert.equal(to[0], new Date(2026, 11, 1).getTime());
    assert.deepEqual(from.slice(1), to.slice(0, -1));
    assert.equal(to[11], new Date(2027, 10, 1).getTime());
  });
});
