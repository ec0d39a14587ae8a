import { type Clock, wait } from '../base/clock.ts';
import type { AnyPagedList } from '../tokens/pagedList.ts';

/** A load that takes longer gets a row that says so, instead of an empty view. */
const slowMs = 5_000;
/** A shorter wait between two attempts is over before a row could be read. */
const longWaitMs = 1_000;

/** Loads the first page of lists because VS Code asks for their rows. */
export class FirstPages {
  private readonly clock: Clock;
  /** Lists whose rows VS Code receives as the answer, so that no event is needed. */
  private readonly answering = new Set<AnyPagedList>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  isAnswering(list: AnyPagedList): boolean {
    return this.answering.has(list);
  }

  /**
   * True when the page has arrived in this call. Returns earlier when the load has to wait or takes long: the list
   * fires a change when the page arrives. Showing rows does not repeat a failed load; Refresh, Retry and coming back to
   * the view do.
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
