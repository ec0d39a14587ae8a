import assert from 'node:assert/strict';
import { WallClock } from '../../../src/core/base/wallClock.ts';
import type { Token } from '../../../src/core/model/token.ts';
import { PassingTime, nextChange } from '../../../src/core/reminders/passingTime.ts';
import { expiryText } from '../../../src/core/tokens/tokenPresentation.ts';
import { aToken } from '../../support/builders.ts';
import { FakeClock } from '../../support/fakeClock.ts';

const now = new Date(2026, 10, 25, 12, 0);
const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const inMs = (ms: number): Date => new Date(now.getTime() + ms);

describe('nextChange', () => {
  const next = (tokens: readonly Token[], instants: readonly Date[] = []): number | undefined => {
    const at = nextChange(tokens, instants, 7, now);
    return at === undefined ? undefined : at.getTime() - now.getTime();
  };

  it('is never where nothing names a time', () => {
    assert.equal(next([aToken(), aToken({ expiresAt: inMs(90_000), revokedAt: now })]), undefined);
  });

  it('is the next minute, crossing or midnight, whichever comes first', () => {
    assert.equal(next([aToken({ expiresAt: inMs(90_000) })]), 30_001);
    assert.equal(next([aToken({ expiresAt: inMs(20_000) })]), 20_000);
    assert.equal(next([aToken({ expiresAt: inMs(7 * dayMs + 1000) })]), 1000);
    assert.equal(next([aToken({ expiresAt: inMs(30 * dayMs) })]), dayMs / 2);
    assert.equal(next([aToken({ expiresAt: inMs(30 * dayMs) })], [inMs(20_000)]), 20_000);
    assert.equal(next([], [inMs(-90_000)]), 30_000);
  });
});

describe('PassingTime', () => {
  let clock: FakeClock;
  let tokens: Token[];
  /** Tokens of another connection, whose clock is ours. */
  let others: Token[];
  let instants: Date[];
  /** By how much the server's clock is ahead of ours. */
  let aheadMs: number;
  const serverNow = (): Date => new Date(clock.now().getTime() + aheadMs);
  let isShown: boolean;
  let passing: PassingTime;
  let drawn: string[];

  beforeEach(() => {
    clock = new FakeClock(now);
    tokens = [];
    others = [];
    instants = [];
    aheadMs = 0;
    isShown = true;
    drawn = [];
    const wallClock = new WallClock(clock);
    passing = new PassingTime({
      clock,
      wallClock,
      tokens: () => [
        { tokens, now: serverNow() },
        { tokens: others, now: clock.now() },
      ],
      instants: () => instants,
      soonDays: () => 7,
      isShown: () => isShown,
    });
    passing.onDidPass(() => drawn.push(tokens.map((token) => expiryText(token, serverNow())).join()));
  });

  it('draws a row anew each time it reads differently, and no oftener', async () => {
    tokens = [aToken({ expiresAt: inMs(2 * minuteMs + 30_000) })];
    passing.reset();
    await clock.advance(5 * minuteMs);
    assert.deepEqual(drawn.slice(0, 4), [
      'expires in 1 minute',
      'expires in less than a minute',
      'expired just now',
      'expired 1 minute ago',
    ]);
    assert.equal(drawn.length, 5);
  });

  it('draws by the server’s clock where that is three hours ahead, or behind', async () => {
    for (const hours of [3, -3]) {
      aheadMs = hours * 60 * minuteMs;
      drawn = [];
      const expiresAt = new Date(serverNow().getTime() + minuteMs + 30_000);
      tokens = [aToken({ expiresAt })];
      passing.reset();
      await clock.advance(90_000);
      assert.deepEqual(drawn, ['expires in less than a minute', 'expired just now'], `${hours} hours`);
    }
  });

  it('draws at what comes first, of any connection and of other times that are shown', async () => {
    tokens = [aToken({ expiresAt: inMs(30 * dayMs) })];
    others = [aToken({ expiresAt: inMs(40_000) })];
    instants = [inMs(20_000)];
    passing.reset();
    await clock.advance(19_999);
    assert.equal(drawn.length, 0);
    await clock.advance(1);
    assert.equal(drawn.length, 1);
    await clock.advance(20_000);
    assert.equal(drawn.length, 2);
  });

  it('has no timer while nothing is shown, and catches up with what comes on screen', async () => {
    tokens = [aToken({ expiresAt: inMs(minuteMs) })];
    isShown = false;
    passing.reset();
    assert.equal(clock.timerCount, 0);
    await clock.advance(65_000);
    assert.deepEqual(drawn, []);
    isShown = true;
    passing.check();
    assert.deepEqual(drawn, ['expired just now']);
    passing.check();
    assert.equal(drawn.length, 1);
  });

  it('catches up on window focus after a sleep', () => {
    tokens = [aToken({ expiresAt: inMs(minuteMs) })];
    passing.reset();
    clock.set(inMs(2 * minuteMs));
    passing.check();
    assert.deepEqual(drawn, ['expired 1 minute ago']);
  });

  it('is silent after the end', async () => {
    tokens = [aToken({ expiresAt: inMs(minuteMs) })];
    passing.reset();
    passing.dispose();
    await clock.advance(dayMs);
    assert.deepEqual(drawn, []);
    assert.equal(clock.timerCount, 0);
  });
});
