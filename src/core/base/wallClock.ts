import type { Clock } from './clock.ts';
import { type Disposable, DisposableStore } from './disposable.ts';

/** The longest timer: timers do not advance while the computer sleeps, so the wall clock is checked this often. */
const lookAgainMs = 60_000;

/**
 * Calls back at instants of the wall clock, at most a minute late: across sleep, changes of the clock, and setTimeout's
 * limit of 24.8 days. Runs one timer for all callbacks, and none without callbacks.
 */
export class WallClock implements Disposable {
  private readonly clock: Clock;
  private readonly waiting = new Set<{ readonly at: Date; readonly callback: () => void }>();
  private readonly timer = new DisposableStore();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Calls back once: at the instant, or soon when it has passed. Dispose to cancel. */
  at(instant: Date, callback: () => void): Disposable {
    const entry = { at: instant, callback };
    this.waiting.add(entry);
    this.schedule();
    return {
      dispose: () => {
        this.waiting.delete(entry);
        this.schedule();
      },
    };
  }

  dispose(): void {
    this.waiting.clear();
    this.timer.dispose();
  }

  private schedule(): void {
    this.timer.clear();
    if (this.waiting.size === 0) return;
    const next = Math.min(...[...this.waiting].map(({ at }) => at.getTime()));
    const delayMs = Math.max(0, Math.min(next - this.clock.now().getTime(), lookAgainMs));
    this.timer.add(this.clock.after(delayMs, () => this.callDue()));
  }

  private callDue(): void {
    const now = this.clock.now();
    const due = [...this.waiting].filter(({ at }) => at <= now).sort((a, b) => a.at.getTime() - b.at.getTime());
    for (const entry of due) this.waiting.delete(entry);
    this.schedule();
    for (const { callback } of due) callback();
  }
}
