import assert from 'node:assert/strict';
import { AuditPace } from '../../../src/core/audit/auditPace.ts';
import { FakeClock, settle } from '../../support/fakeClock.ts';

const minuteMs = 60_000;

describe('AuditPace', () => {
  let clock: FakeClock;
  let pace: AuditPace;
  const never = new AbortController().signal;
  beforeEach(() => {
    clock = new FakeClock();
    pace = new AuditPace(120, clock);
  });

  /** After how many milliseconds the next request may be sent. */
  async function turnAfter(): Promise<number> {
    const begun = clock.now().getTime();
    let isOver = false as boolean;
    const turn = pace.turn(never).then(() => (isOver = true));
    await settle();
    while (!isOver) await clock.advance(50);
    await turn;
    return clock.now().getTime() - begun;
  }

  it('sends one request after the other, as many as its share has in a minute', async () => {
    const begun = clock.now().getTime();
    // Time lost to slow answers is caught up on, as if there had been some before the first.
    while ((await turnAfter()) === 0);
    assert.equal(clock.now().getTime() - begun, 500);
    for (let each = 0; each < 5; each += 1) assert.equal(await turnAfter(), 500);
  });

  it('lets a first request go without waiting for any time to pass', async () => {
    await pace.turn(never);
    assert.equal(clock.timerCount, 0);
  });

  it('halves its pace with each refusal, down to a sixteenth', () => {
    const paces: number[] = [pace.perMinute];
    for (let each = 0; each < 5; each += 1) {
      pace.slowDown();
      paces.push(pace.perMinute);
      clock.set(new Date(clock.now().getTime() + 10_000));
    }
    assert.deepEqual(paces, [120, 60, 30, 15, 7.5, 7.5]);
  });

  it('takes refusals within ten seconds for one', () => {
    pace.slowDown();
    clock.set(new Date(clock.now().getTime() + 9999));
    pace.slowDown();
    assert.equal(pace.perMinute, 60);
    clock.set(new Date(clock.now().getTime() + 1));
    pace.slowDown();
    assert.equal(pace.perMinute, 30);
  });

  it('comes back to its share by an eighth with each quiet minute, and never exceeds it', async () => {
    pace.slowDown();
    const paces: number[] = [];
    for (let minute = 0; minute < 6; minute += 1) {
      await clock.advance(minuteMs);
      paces.push(pace.perMinute);
    }
    assert.deepEqual(paces, [75, 90, 105, 120, 120, 120]);
  });

  it('sends nothing for ten seconds after a refusal', async () => {
    while ((await turnAfter()) === 0);
    pace.slowDown();
    assert.equal(await turnAfter(), 10_000);
    assert.equal(await turnAfter(), 1000);
  });

  it('goes on within a minute when the clock is set back', async () => {
    while ((await turnAfter()) === 0);
    clock.set('2026-11-20T12:00:00Z');
    assert.equal(await turnAfter(), minuteMs);
  });

  it('ends a wait with the signal’s reason', async () => {
    while ((await turnAfter()) === 0);
    const aborter = new AbortController();
    const turn = pace.turn(aborter.signal);
    aborter.abort(new Error('paused'));
    await assert.rejects(turn);
    await assert.rejects(pace.turn(aborter.signal), /paused/);
    assert.equal(clock.timerCount, 0);
  });
});
