import type { Disposable } from './disposable.ts';

/** The time and waiting, passed in so that rules can be tested with a fixed clock. */
export interface Clock {
  now(): Date;
  /** Calls back once after `delayMs` (at most 2^31 - 1, the limit of setTimeout). */
  after(delayMs: number, callback: () => void): Disposable;
}

export const systemClock: Clock = {
  now: () => new Date(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return { dispose: () => clearTimeout(timer) };
  },
};

/** Resolves after `delayMs`; rejects with the signal's reason as soon as it aborts. */
export function wait(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (): void => {
      timer.dispose();
      reject(signal?.reason as Error);
    };
    const timer = clock.after(delayMs, () => {
      signal?.removeEventListener('abort', fail);
      resolve();
    });
    if (signal?.aborted === true) fail();
    else signal?.addEventListener('abort', fail, { once: true });
  });
}

/**
 * The promise's result, or `onTimeout()`'s when it takes longer than `timeoutMs`.
 * For calls into a host that may never answer; the call itself goes on.
 */
export function withTimeout<T, U>(
  clock: Clock,
  timeoutMs: number,
  promise: PromiseLike<T>,
  onTimeout: () => U,
): Promise<T | U> {
  return new Promise((resolve, reject) => {
    const timer = clock.after(timeoutMs, () => {
      try {
        resolve(onTimeout());
      } catch (error) {
        reject(error);
      }
    });
    promise.then(
      (value) => {
        timer.dispose();
        resolve(value);
      },
      (error: unknown) => {
        timer.dispose();
        reject(error);
      },
    );
  });
}
