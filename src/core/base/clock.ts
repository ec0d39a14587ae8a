import type { Disposable } from './disposable.ts';

/** Time and timers, passed in so that tests can use a fixed clock. */
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
export async function wait(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  await new Promise<void>((resolve) => {
    const done = (): void => {
      timer.dispose();
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = clock.after(delayMs, done);
    signal?.addEventListener('abort', done);
  });
  signal?.throwIfAborted();
}

const late = Symbol('late');

/**
 * The promise's result, or that of `onTimeout()` after `timeoutMs`. For calls to a host that may never answer: the call
 * itself is not cancelled.
 */
export async function withTimeout<T, U>(
  clock: Clock,
  timeoutMs: number,
  promise: PromiseLike<T>,
  onTimeout: () => U,
): Promise<T | U> {
  let timer: Disposable | undefined;
  const timedOut = new Promise<typeof late>((resolve) => {
    timer = clock.after(timeoutMs, () => resolve(late));
  });
  try {
    const first = await Promise.race([promise, timedOut]);
    return first === late ? onTimeout() : first;
  } finally {
    timer?.dispose();
  }
}
