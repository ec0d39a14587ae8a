import assert from 'node:assert/strict';
import { WallClock } from '../../../src/core/base/wallClock.ts';
import { FakeClock } from '../../support/fakeClock.ts';

describe('WallClock', () => {
  let clock: FakeClock;
  let wallClock: WallClock;
  let called: string[];

  beforeEach(() => {
    clock = new FakeClock('2026-11-25T12:00:00Z');
    wallClock = new WallClock(clock);
    called = [];
  });

  const at = (instant: string, name = instant): ReturnType<WallClock['at']> =>
    wallClock.at(new Date(instant), () => called.push(name));

  it('calls back at the instant, not before', async () => {
    at('2026-11-25T12:00:30Z');
    await clock.advance(29_999);
    assert.deepEqual(called, []);
    await clock.advance(1);
    assert.deepEqual(called, ['2026-11-25T12:00:30Z']);
  });

  it('calls back what is past at once, in the order of the instants', async () => {
    at('2026-11-25T11:00:00Z');
    at('2026-11-25T10:00:00Z');
    await clock.advance(0);
    assert.deepEqual(called, ['2026-11-25T10:00:00Z', '2026-11-25T11:00:00Z']);
  });

  it('reaches beyond the 24.8 days of setTimeout', async () => {
    at('2027-02-25T12:00:00Z');
    const delays: number[] = [];
    const after = clock.after.bind(clock);
    clock.after = (delayMs, callback) => {
      delays.push(delayMs);
      return after(delayMs, callback);
    };
    clock.set('2027-02-25T11:58:00Z');
    await clock.advance(120_000 - 1);
    assert.deepEqual(called, []);
    await clock.advance(1);
    assert.equal(called.length, 1);
    assert.ok(delays.length > 0 && delays.every((delayMs) => delayMs < 2 ** 31));
  });

  it('is at most a minute late after a sleep, which no timer counts', async () => {
    at('2026-11-25T20:00:00Z');
    clock.set('2026-11-26T08:00:00Z');
    await clock.advance(60_000);
    assert.equal(called.length, 1);
  });

  it('waits longer when the clock was set back', async () => {
    at('2026-11-25T12:01:00Z');
    clock.set('2026-11-25T11:00:00Z');
    await clock.advance(60_000);
    assert.deepEqual(called, []);
    await clock.advance(60 * 60_000);
    assert.equal(called.length, 1);
  });

  it('holds no timer when nothing is waited for', async () => {
    assert.equal(clock.timerCount, 0);
    const waiting = at('2026-11-25T13:00:00Z');
    at('2026-11-25T12:00:10Z');
    assert.equal(clock.timerCount, 1);
    await clock.advance(10_000);
    assert.equal(clock.timerCount, 1);
    waiting.dispose();
    assert.equal(clock.timerCount, 0);
  });

  it('looks no more often than once a minute while it waits', async () => {
    at('2026-11-26T12:00:00Z');
    let looks = 0;
    const after = clock.after.bind(clock);
    clock.after = (delayMs, callback) => {
      looks += 1;
      return after(delayMs, callback);
    };
    await clock.advance(10 * 60_000);
    assert.equal(looks, 10);
  });

  it('calls nobody after it was disposed', async () => {
    at('2026-11-25T12:00:10Z');
    wallClock.dispose();
    at('2026-11-25T12:00:20Z');
    await clock.advance(60_000);
    assert.deepEqual(called, []);
    assert.equal(clock.timerCount, 0);
  });
});
