import { type Clock, wait } from '../base/clock.ts';
import type { AnyPagedList } from '../tokens/pagedList.ts';

/** A load that takes longer gets a row that says so, instead of an empty view. */
const slowMs = 5_000;
/** A shorter wait between two attempts is over before a row could be read. */
const longWaitMs = 1_000;

/** Loads the first page of lists because VS Code asks for their rows. */
export class FirstPages {
  private readonly clock: Clock;
  /** VS Code gets the rows of these as the answer, and needs no event. */
  private readonly answering = new Set<AnyPagedList>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  isAnswering(list: AnyPagedList): boolean {
    return this.answering.has(list);
  }

  /**
   * True when the page has come just now. Returns without it when it has to wait, or takes long: the list changes when
   * it comes. A failed load is not tried again by showing rows: Refresh does, and Retry, and coming back to the view.
   */
  async load(list: AnyPagedList): Promise<boolean> {
    if (list.isLoaded || list.error !== undefined) return false;
    const aborter = new AbortController();
    const slow = wait(this.clock, slowMs, aborter.signal).catch(() => undefined);
    this.answering.add(list);
    try {
      await Promise.race([
        list.loadUntilWaiting(({ until }) => until.getTime() - this.clock.now().getTime() >= longWaitMs),
        slow,
      ]);
    } finally {
      this.answering.delete(list);
      aborter.abort();
    }
    return list.isLoaded;
  }
}
