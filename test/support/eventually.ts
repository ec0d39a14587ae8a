import { setTimeout as delay } from 'node:timers/promises';

/** Repeats a check until it no longer throws, and gives its answer. @throws what it threw last, after the time limit */
export async function eventually<T>(check: () => Promise<T> | T, timeoutMs = 20_000): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await delay(50);
    }
  }
}
