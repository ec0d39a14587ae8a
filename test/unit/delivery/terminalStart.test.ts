import assert from 'node:assert/strict';
import { hasStarted } from '../../../src/core/delivery/terminalStart.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { never, settled } from '../../support/lifeline.ts';

describe('A terminal’s shell', () => {
  let clock: FakeClock;
  beforeEach(() => (clock = new FakeClock()));

  it('runs when it is still there a second after its start', async () => {
    const started = hasStarted(Promise.resolve(7), never, clock);
    await clock.advance(999);
    let isKnown = false;
    void started.then(() => (isKnown = true));
    await settled();
    assert.equal(isKnown, false);
    await clock.advance(1);
    assert.equal(await started, true);
  });

  it('does not run when it ends within that second', async () => {
    let close = (): void => undefined;
    const closed = new Promise<void>((resolve) => (close = resolve));
    const started = hasStarted(Promise.resolve(7), closed, clock);
    await clock.advance(500);
    close();
    assert.equal(await started, false);
    assert.equal(clock.timerCount, 0);
  });

  const failures: readonly (readonly [string, () => PromiseLike<number | undefined>, Promise<unknown>])[] = [
    ['has no process', () => Promise.resolve(undefined), never],
    ['fails', () => Promise.reject(new Error('no shell')), never],
    ['is closed before', () => never, Promise.resolve()],
  ];
  for (const [what, processId, closed] of failures) {
    it(`does not run when it ${what}`, async () => {
      assert.equal(await hasStarted(processId(), closed, clock), false);
      assert.equal(clock.timerCount, 0);
    });
  }

  it('does not run when nothing is heard of it', async () => {
    const started = hasStarted(never, never, clock);
    await clock.advance(20_000);
    assert.equal(await started, false);
  });
});
