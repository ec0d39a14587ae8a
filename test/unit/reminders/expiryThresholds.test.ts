import assert from 'node:assert/strict';
import { type KnownExpiry } from '../../../src/core/reminders/knownExpiries.ts';
import {
  compareTimeLeft,
  crossedThreshold,
  newThreshold,
  nextCrossing,
} from '../../../src/core/reminders/expiryThresholds.ts';
import { unknownInstant } from '../../../src/core/model/token.ts';
import { aKnownExpiry } from '../../support/builders.ts';

const now = new Date('2026-11-25T12:00:00Z');
const dayMs = 24 * 60 * 60_000;
const inDays = (days: number): Date => new Date(now.getTime() + days * dayMs);

describe('thresholds of an expiry', () => {
  const cases: [days: number | undefined, crossed: number | undefined, next: number | undefined][] = [
    [undefined, undefined, undefined],
    [30, undefined, 23],
    [7.001, undefined, 0.001],
    [7, 7, 6],
    [1.5, 7, 0.5],
    [1, 1, 1],
    [0.01, 1, 0.01],
    [0, 0, 14],
    [-3, 0, 11],
    [-14, undefined, undefined],
    [-40, undefined, undefined],
  ];
  for (const [days, crossed, next] of cases) {
    it(`${String(days)} days ahead: ${String(crossed)} is crossed, the next change in ${String(next)} days`, () => {
      const token = { expiresAt: days === undefined ? undefined : inDays(days) };
      assert.equal(crossedThreshold(token, [7, 1], now), crossed);
      const inMs = next === undefined ? undefined : Math.round(next * dayMs);
      const crossing = nextCrossing([token], [7, 1], now)?.getTime();
      assert.equal(crossing === undefined ? undefined : Math.round(crossing - now.getTime()), inMs);
    });
  }
});

describe('nextCrossing', () => {
  it('is the first one of all tokens, wherever that token stands', () => {
    const tokens = [30, 1.5, -3, 9].map((days) => ({ expiresAt: inDays(days) }));
    assert.equal(nextCrossing(tokens, [7, 1], now)?.getTime(), inDays(0.5).getTime());
    assert.equal(nextCrossing([...tokens].reverse(), [7, 1], now)?.getTime(), inDays(0.5).getTime());
    assert.equal(nextCrossing([], [7, 1], now), undefined);
  });
});

describe('What is news of a token', () => {
  const cases: [what: string, parts: Partial<KnownExpiry>, announced: number | undefined, news: number | undefined][] =
    [
      ['made for 90 days, 6 left', { createdAt: inDays(-84), expiresAt: inDays(6) }, undefined, 7],
      ['made for 90 days, 6 left, announced', { createdAt: inDays(-84), expiresAt: inDays(6) }, 7, undefined],
      ['made for 90 days, an hour left, announced at 7', { createdAt: inDays(-89), expiresAt: inDays(0.04) }, 7, 1],
      ['expired since, announced at 1', { createdAt: inDays(-90), expiresAt: inDays(-0.5) }, 1, 0],
      ['expired since, announced', { createdAt: inDays(-90), expiresAt: inDays(-0.5) }, 0, undefined],
      ['made for 7 days just now', { createdAt: now, expiresAt: inDays(7) }, undefined, undefined],
      ['made for 7 days, an hour more', { createdAt: now, expiresAt: inDays(7.04) }, undefined, undefined],
      ['made for 7 days, a day left', { createdAt: inDays(-6), expiresAt: inDays(1) }, undefined, 1],
      ['made for an hour just now', { createdAt: now, expiresAt: inDays(1 / 24) }, undefined, undefined],
      ['made for an hour, over', { createdAt: inDays(-0.1), expiresAt: inDays(-0.05) }, undefined, undefined],
      ['made at an unknown time', { createdAt: unknownInstant, expiresAt: inDays(3) }, undefined, 7],
      [
        'made at an unknown time and seen just now',
        { createdAt: unknownInstant, seenAt: now, expiresAt: inDays(3) },
        undefined,
        undefined,
      ],
      ['dead when it was first seen', { seenAt: now, expiresAt: inDays(-2) }, undefined, undefined],
      ['dead for 40 days', { expiresAt: inDays(-40) }, undefined, undefined],
      ['with a year to go', { expiresAt: inDays(365) }, undefined, undefined],
    ];
  for (const [what, parts, announced, news] of cases)
    it(`${what}: ${String(news)}`, () => assert.equal(newThreshold(aKnownExpiry(parts), [7, 1], announced, now), news));

  it('nothing, where there are no thresholds', () =>
    assert.equal(newThreshold(aKnownExpiry({ expiresAt: inDays(-1) }), [], undefined, now), undefined));
});

describe('compareTimeLeft', () => {
  it('has the soonest first and the dead last, the latest of them first', () => {
    assert.deepEqual([-10, 5, -1, 0.5, 7, 0].sort(compareTimeLeft), [0.5, 5, 7, 0, -1, -10]);
  });
});
