import assert from 'node:assert/strict';
import { asMagicBellError } from '../../../src/core/magicbell/errors.ts';
import { RateLimiter, type RateLimits } from '../../../src/core/magicbell/rateLimiter.ts';
import { FakeClock, settle } from '../../support/fakeClock.ts';

const limits: RateLimits = {
  perInterval: 5,
  reserved: 0,
  intervalMs: 60_000,
  concurrency: 2,
  maxPauseMs: 60_000,
  maxInteractiveWaitMs: 30_000,
};

describe('RateLimiter', () => {
  let clock: FakeClock;
  let limiter: RateLimiter;
  let order: string[];

  beforeEach(() => {
    clock = new FakeClock();
    limiter = new RateLimiter(limits, clock);
    order = [];
  });

  const quick = (name: string, priority: 'interactive' | 'background' = 'interactive'): Promise<void> =>
    limiter.run(
      () => {
        order.push(name);
        return Promise.resolve();
      },
      { priority },
    );

  it('lets a whole budget go at once, and the next when the first one is an interval old', async () => {
    const all = Array.from({ length: 7 }, (_, index) => quick(String(index)));
    await settle();
    assert.equal(order.length, 5);
    await clock.advance(59_999);
    assert.equal(order.length, 5);
    await clock.advance(1);
    assert.equal(order.length, 7);
    await Promise.all(all);
  });

  it('counts a rolling interval, not one with fixed borders', async () => {
    await quick('a');
    await clock.advance(50_000);
    await Promise.all(['b', 'c', 'd', 'e'].map((name) => quick(name)));
    const late = [quick('f'), quick('g')];
    await clock.advance(10_000);
    assert.deepEqual(order, ['a', 'b', 'c', 'd', 'e', 'f']);
    await clock.advance(49_999);
    assert.equal(order.length, 6);
    await clock.advance(1);
    await Promise.all(late);
  });

  it('runs no more at a time than it may', async () => {
    const open: (() => void)[] = [];
    const slow = (): Promise<void> => limiter.run(() => new Promise<void>((resolve) => open.push(resolve)));
    const all = [slow(), slow(), slow()];
    await settle();
    assert.equal(open.length, 2);
    open[0]?.();
    await settle();
    assert.equal(open.length, 3);
    open.forEach((end) => end());
    await Promise.all(all);
  });

  it('lets interactive calls go before background ones, each in the order they came', async () => {
    limiter.pause(1000);
    const all = [quick('b1', 'background'), quick('i1'), quick('b2', 'background'), quick('i2')];
    await clock.advance(1000);
    await Promise.all(all);
    assert.deepEqual(order, ['i1', 'i2', 'b1', 'b2']);
  });

  it('starts nothing during a pause, and a shorter pause does not end a longer one', async () => {
    limiter.pause(5000);
    limiter.pause(100);
    const call = quick('a');
    await clock.advance(4999);
    assert.deepEqual(order, []);
    await clock.advance(1);
    await call;
  });

  it('lets a pause that grows while calls wait hold them', async () => {
    limiter.pause(1000);
    const call = quick('a');
    limiter.pause(3000);
    await clock.advance(2999);
    assert.deepEqual(order, []);
    await clock.advance(1);
    await call;
  });

  it('lets a person ask again in a pause that is longer than a person waits, and keeps the background waiting', async () => {
    limiter.pause(31_000);
    const background = quick('b', 'background');
    await quick('i');
    assert.deepEqual(order, ['i']);
    await clock.advance(30_999);
    assert.deepEqual(order, ['i']);
    await clock.advance(1);
    await background;
  });

  it('lets a person wait for a pause that is just as long as a person waits', async () => {
    limiter.pause(30_000);
    const call = quick('i');
    await clock.advance(29_999);
    assert.deepEqual(order, []);
    await clock.advance(1);
    await call;
  });

  it('keeps no pause longer than its limit', async () => {
    limiter.pause(86_400_000);
    const background = quick('b', 'background');
    await clock.advance(60_000);
    await background;
  });

  it('drops a queued call that is aborted, says that it was not sent, and waits for nothing any more', async () => {
    const controller = new AbortController();
    limiter.pause(5000);
    const call = limiter.run(() => Promise.reject(new Error('ran')), { signal: controller.signal });
    await settle();
    assert.equal(clock.timerCount, 1);
    controller.abort();
    await assert.rejects(call, (error) => {
      const known = asMagicBellError(error);
      return known?.reason === 'cancelled' && known.details.notSent === true;
    });
    assert.equal(clock.timerCount, 0);
    await clock.advance(10_000);
  });

  it('does not start a call whose signal is aborted already', async () => {
    const call = limiter.run(() => Promise.reject(new Error('ran')), { signal: AbortSignal.abort() });
    await assert.rejects(call, (error) => asMagicBellError(error)?.details.notSent === true);
  });

  it('leaves it to a running call what an abort means', async () => {
    const controller = new AbortController();
    let end: (value: string) => void = () => undefined;
    const call = limiter.run(() => new Promise<string>((resolve) => (end = resolve)), { signal: controller.signal });
    await settle();
    controller.abort();
    await settle();
    end('done all the same');
    assert.equal(await call, 'done all the same');
  });

  it('passes on what a call throws, and goes on', async () => {
    await assert.rejects(
      limiter.run(() => Promise.reject(new Error('broken'))),
      /broken/,
    );
    await quick('a');
  });

  it('holds no timer while nothing waits, budget used up or pause running', async () => {
    await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => quick(name)));
    limiter.pause(10_000);
    assert.equal(clock.timerCount, 0);
    const call = quick('f');
    await settle();
    assert.equal(clock.timerCount, 1);
    await clock.advance(60_000);
    await call;
    assert.equal(clock.timerCount, 0);
  });

  it('does not stand still for hours when the clock is set back', async () => {
    await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => quick(name)));
    limiter.pause(20_000);
    clock.set('2026-11-25T03:00:00Z');
    const call = quick('f', 'background');
    await clock.advance(60_000);
    assert.equal(order.length, 6);
    await call;
  });

  it('keeps its budget and its pause when the clock is set back', async () => {
    await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => quick(name)));
    const paused = new RateLimiter(limits, clock);
    paused.pause(20_000);
    clock.set('2026-11-25T03:00:00Z');
    const calls = [quick('f'), paused.run(() => Promise.resolve(order.push('g')), { priority: 'background' })];
    await clock.advance(59_999);
    assert.equal(order.length, 5);
    await clock.advance(1);
    await Promise.all(calls);
  });

  describe('with a share for interactive calls', () => {
    const waits: [string, string, string][] = [];
    const waiting = (name: string, priority: 'interactive' | 'background', signal?: AbortSignal): Promise<void> =>
      limiter.run(
        () => {
          order.push(name);
          return Promise.resolve();
        },
        { priority, signal, onWait: (until, reason) => waits.push([name, until.toISOString().slice(11, 19), reason]) },
      );

    beforeEach(() => {
      limiter = new RateLimiter({ ...limits, reserved: 2 }, clock);
      waits.length = 0;
    });

    it('holds the background back before the budget is used up, and says until when', async () => {
      const background = ['b1', 'b2', 'b3', 'b4', 'b5'].map((name) => waiting(name, 'background'));
      await settle();
      assert.deepEqual(order, ['b1', 'b2', 'b3']);
      await Promise.all([waiting('i1', 'interactive'), waiting('i2', 'interactive')]);
      const third = waiting('i3', 'interactive');
      await settle();
      assert.deepEqual(order, ['b1', 'b2', 'b3', 'i1', 'i2']);
      assert.deepEqual(waits, [
        ['b4', '12:01:00', 'budget'],
        ['b5', '12:01:00', 'budget'],
        ['i3', '12:01:00', 'budget'],
      ]);
      await clock.advance(60_000);
      await Promise.all([...background, third]);
      assert.deepEqual(order.slice(5), ['i3', 'b4', 'b5']);
    });

    it('keeps a place for an interactive call beside background ones that take long', async () => {
      const end: (() => void)[] = [];
      const slow = (): Promise<void> =>
        limiter.run(() => new Promise<void>((resolve) => end.push(resolve)), { priority: 'background' });
      const background = [slow(), slow()];
      await waiting('i', 'interactive');
      assert.deepEqual([order, end.length], [['i'], 1]);
      end[0]?.();
      await settle();
      end[1]?.();
      await Promise.all(background);
    });

    it('says that the server has asked for a pause, and again when it is prolonged', async () => {
      limiter.pause(5000);
      const aborter = new AbortController();
      const call = waiting('i', 'interactive', aborter.signal);
      const dropped = assert.rejects(call, (error) => asMagicBellError(error)?.details.notSent === true);
      limiter.pause(9000);
      limiter.pause(100);
      assert.deepEqual(waits, [
        ['i', '12:00:05', 'serverBusy'],
        ['i', '12:00:09', 'serverBusy'],
      ]);
      aborter.abort();
      await dropped;
      assert.deepEqual([order, clock.timerCount], [[], 0]);
    });
  });
});
