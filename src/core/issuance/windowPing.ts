import { type Clock, withTimeout } from '../base/clock.ts';

const pingTimeoutMs = 5_000;

/** Whether this extension host still has its window. Without one, nobody sees an offered value. */
export async function hasWindow(clock: Clock, pingWindow: () => PromiseLike<unknown>): Promise<boolean> {
  try {
    const answer = Promise.resolve(pingWindow()).then(() => true);
    return await withTimeout(clock, pingTimeoutMs, answer, () => false);
  } catch {
    return false;
  }
}
