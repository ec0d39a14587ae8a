import assert from 'node:assert/strict';
import { type RevocationCriterion, parseDays, tokensMeeting } from '../../../src/core/tokens/revocationCriteria.ts';
import { tokenId, unknownInstant } from '../../../src/core/model/token.ts';
import { aToken, aTokenWithoutId } from '../../support/builders.ts';

const now = new Date('2026-11-25T12:00:00Z');
const days = (count: number) => new Date(now.getTime() + count * 24 * 60 * 60_000);
const token = (name: string, parts: Parameters<typeof aToken>[0]) => aToken({ id: tokenId(name), name, ...parts });

const tokens = [
  token('lives', { createdAt: days(-90), expiresAt: days(1) }),
  token('expired', { createdAt: days(-1), expiresAt: days(-0.5) }),
  token('never', { createdAt: days(-91) }),
  token('gone', { createdAt: days(-100), revokedAt: days(-1) }),
  token('gone and expired', { createdAt: days(-100), expiresAt: days(-2), revokedAt: days(-3) }),
  aTokenWithoutId({ createdAt: days(-100) }),
  token('not readable', { createdAt: unknownInstant, isExpiryUnknown: true }),
];

describe('tokensMeeting', () => {
  const criteria: [RevocationCriterion, string[]][] = [
    [{ type: 'expired' }, ['expired']],
    [{ type: 'neverExpires' }, ['never']],
    [{ type: 'olderThan', days: 90 }, ['never']],
    [{ type: 'olderThan', days: 89 }, ['lives', 'never']],
    [{ type: 'olderThan', days: 1 }, ['lives', 'never']],
    [{ type: 'olderThan', days: 365 }, []],
  ];
  for (const [criterion, expected] of criteria) {
    it(`finds ${expected.join(', ') || 'nothing'} by ${JSON.stringify(criterion)}`, () =>
      assert.deepEqual(
        tokensMeeting(tokens, criterion, now).map(({ name }) => name),
        expected,
      ));
  }
});

describe('parseDays', () => {
  for (const [text, expected] of [
    ['90', 90],
    [' 1 d ', 1],
    ['2 days', 2],
    ['1 Day', 1],
    ['36500', 36_500],
  ] as const) {
    it(`reads ${JSON.stringify(text)}`, () => assert.equal(parseDays(text), expected));
  }
  for (const text of ['', '0', '-1', '1.5', '1e3', '36501', '100000', 'ninety', '90 weeks', '9 0']) {
    it(`refuses ${JSON.stringify(text)}`, () => assert.equal(parseDays(text), undefined));
  }
});
