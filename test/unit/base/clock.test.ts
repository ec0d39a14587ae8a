import assert from 'node:assert/strict';
import { systemClock, wait, withTimeout } from '../../../src/core/base/clock.ts';
import { FakeClock, settle } from '../../support/fakeClock.ts';
import { never } from '../../support/lifeline.ts';

describe('wait', () => {
  it('ends after its time', async () => {
    const clock = new FakeClock();
    let ended = false;
    const waiting = wait(clock, 100).then(() => (ended = true));
    await clock.advance(99);
    assert.equal(ended, false);
    await clock.advance(1);
    await waiting;
    assert.equal(clock.timerCount, 0);
  });

  it('ends with the signal’s reason, and leaves no timer', async () => {
    const clock = new FakeClock();
    const aborter = new AbortController();
    const waiting = wait(clock, 100, aborter.signal);
    aborter.abort(new Error('enough'));
    await assert.rejects(waiting, /enough/);
    assert.equal(clock.timerCount, 0);
    await assert.rejects(wait(clock, 100, aborter.signal), /enough/);
    assert.equal(clock.timerCount, 0);
  });
});

describe('withTimeout', () => {
  const late = (): string => 'late';

  it('is the promise’s result, and leaves no timer', async () => {
    const clock = new FakeClock();
    assert.equal(await withTimeout(clock, 100, Promise.resolve('in time'), late), 'in time');
    await assert.rejects(withTimeout(clock, 100, Promise.reject(new Error('no')), late), /no/);
    assert.equal(clock.timerCount, 0);
  });

  it('is the other result when it takes longer', async () => {
    const clock = new FakeClock();
    const result = withTimeout(clock, 100, never, late);
    await clock.advance(100);
    assert.equal(await result, 'late');
    const failing = withTimeout(clock, 100, never, () => {
      throw new Error('too late');
    });
    failing.catch(() => undefined);
    await clock.advance(100);
    await assert.rejects(failing, /too late/);
  });

  it('does not mind a failure that comes too late', async () => {
    const clock = new FakeClock();
    let fail: (error: Error) => void = () => undefined;
    const result = withTimeout(clock, 100, new Promise<never>((_, reject) => (fail = reject)), late);
    await clock.advance(100);
    fail(new Error('nobody listens any more'));
    await settle();
    assert.equal(await result, 'late');
  });
});

describe('systemClock', () => {
  it('tells the time, and calls back unless it is told not to', async () => {
    assert.ok(Math.abs(systemClock.now().getTime() - Date.now()) < 1000);
    systemClock.after(0, () => assert.fail()).dispose();
    await new Promise<void>((resolve) => systemClock.after(1, resolve));
  });
});
