import type { Clock } from '../../core/base/clock.ts';
import type { Disposable } from '../../core/base/disposable.ts';

/** An answer has left for the window by then. VS Code sends with a timer of 0 ms, what came up until then together. */
const answerTakenMs = 50;

/**
 * Holds back changes of rows that VS Code is asking for. A change that is told while it asks makes it take the answer
 * for another row's ("already registered"). One that comes right behind the answer makes the window keep the old rows,
 * which the extension host no longer knows, so that a key or a menu on one of them comes without the row.
 */
export class DeferredChanges<T> implements Disposable {
  private readonly clock: Clock;
  private readonly tell: (row: T | undefined) => void;
  /** Rows whose children are asked for now, and how often; undefined stands for the top. */
  private readonly requested = new Map<T | undefined, number>();
  private readonly deferred = new Set<T | undefined>();
  private readonly timers = new Set<Disposable>();

  constructor(clock: Clock, tell: (row: T | undefined) => void) {
    this.clock = clock;
    this.tell = tell;
  }

  /** Tells VS Code that a row and what is below it have changed, now or after the answer that is under way. */
  changed(row: T | undefined): void {
    if (this.requested.has(row)) this.deferred.add(row);
    else this.tell(row);
  }

  /** Runs the answer to a request for the children of a row. */
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
        if (left <= 0 && this.deferred.delete(row)) this.tell(row);
      });
      this.timers.add(timer);
    }
  }

  dispose(): void {
    for (const timer of this.timers) timer.dispose();
    this.timers.clear();
  }
}
