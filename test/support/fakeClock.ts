import type { Clock } from '../../src/core/base/clock.ts';
import type { Disposable } from '../../src/core/base/disposable.ts';

interface Timer {
  at: number;
  readonly callback: () => void;
}

/** A clock that stands still until a test moves it. */
export class FakeClock implements Clock {
  private nowMs: number;
  private readonly timers = new Set<Timer>();
  private readonly pause: () => Promise<unknown>;

  /** @param pause what lets promises settle between two callbacks */
  constructor(start: Date | string = '2026-11-25T12:00:00Z', pause: () => Promise<unknown> = settle) {
    this.nowMs = new Date(start).getTime();
    this.pause = pause;
  }

  /** How many callbacks are waited for. */
  get timerCount(): number {
    return this.timers.size;
  }

  now(): Date {
    return new Date(this.nowMs);
  }

  after(delayMs: number, callback: () => void): Disposable {
    if (delayMs > 2 ** 31 - 1) throw new RangeError('setTimeout would call back at once');
    const timer = { at: this.nowMs + Math.max(0, delayMs), callback };
    this.timers.add(timer);
    return { dispose: () => this.timers.delete(timer) };
  }

  /** Moves on by `ms`, calling back on the way what is due, in order, with time for promises to settle in between. */
  async advance(ms: number): Promise<void> {
    const end = this.nowMs + ms;
    await this.pause();
    for (;;) {
      const [next] = [...this.timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.timers.delete(next);
      this.nowMs = Math.max(this.nowMs, next.at);
      next.callback();
      await this.pause();
    }
    this.nowMs = end;
  }

  /** Sets the clock as a person or a time server does: forth or back, and no timer is due by it. */
  set(now: Date | string): void {
    const to = new Date(now).getTime();
    for (const timer of this.timers) timer.at += to - this.nowMs;
    this.nowMs = to;
  }
}

/** Lets everything run that needs no time. */
export async function settle(): Promise<void> {
  for (let round = 0; round < 5; round++) await new Promise((resolve) => setImmediate(resolve));
}
