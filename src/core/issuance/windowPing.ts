import { type Clock, withTimeout } from '../base/clock.ts';

const pingTimeoutMs = 5_000;

/** Whether this extension host still has its window. A value that is offered without one is seen by nobody. */
export async function hasWindow(clock: Clock, pingWindow: () => PromiseLike<unknown>): Promise<boolean> {
  try {
    const answer = Promise.resolve(pingWindow()).then(() => true);
    return await withTimeout(clock, pingTimeoutMs, answer, () => false);
  } catch {
    return false;
  }
}
