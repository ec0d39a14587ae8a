import type { Clock } from '../../core/base/clock.ts';
import type { Disposable } from '../../core/base/disposable.ts';

/** The window has received the answer by then. VS Code batches what it sends in a timer of 0 ms. */
const answerTakenMs = 50;

/**
 * Defers changes of rows while VS Code requests them. A change event during the request makes VS Code take the answer
 * for another row's ("already registered"). One right after the answer makes the window keep the old rows, which the
 * extension host no longer knows, so that a key or a menu on such a row arrives without the row.
 */
export class DeferredChanges<T> implements Disposable {
  private readonly clock: Clock;
  private readonly fire: (row: T | undefined) => void;
  /** Rows whose children are being requested, with the number of requests; undefined is the root. */
  private readonly requested = new Map<T | undefined, number>();
  private readonly deferred = new Set<T | undefined>();
  private readonly timers = new Set<Disposable>();

  constructor(clock: Clock, fire: (row: T | undefined) => void) {
    this.clock = clock;
    this.fire = fire;
  }

  /** Reports to VS Code that a row and its children have changed, at once or after the running request. */
  changed(row: T | undefined): void {
    if (this.requested.has(row)) this.deferred.add(row);
    else this.fire(row);
  }

  /** Runs a request for the children of a row. */
  async whileRequested<R>(row: T | undefined, answer: () => Promise<R>): Promise<R> {
    this.requested.set(row, (this.requested.get(row) ?? 0) + 1);
    try {
      return await answer();
    } finally {
      const timer = this.clock.after(answerTakenMs, () => {
        this.timers.delete(timer);
        const left = (this.requested.get(row) ?? 0) - 1;
        if (left > 0) this.requested.set(row, left);
        else this.requested.delete(row);
        if (left <= 0 && this.deferred.delete(row)) this.fire(row);
      });
      this.timers.add(timer);
    }
  }

  dispose(): void {
    for (const timer of this.timers) timer.dispose();
    this.timers.clear();
  }
}
