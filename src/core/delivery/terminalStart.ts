import { type Clock, wait, withTimeout } from '../base/clock.ts';

const startTimeoutMs = 20_000;
/** A shell that cannot run exits within some tenths of a second. */
const settledMs = 1000;

/**
 * Whether a terminal's shell has started and keeps running: when it exits, the value is lost.
 *
 * @param processId the shell's process id, once it is known
 * @param closed resolves when the terminal is closed
 */
export async function hasStarted(
  processId: PromiseLike<number | undefined>,
  closed: Promise<unknown>,
  clock: Clock,
): Promise<boolean> {
  const isClosed = closed.then(() => undefined);
  const known = Promise.resolve(processId).catch(() => undefined);
  const pid = await withTimeout(clock, startTimeoutMs, Promise.race([known, isClosed]), () => undefined);
  if (pid === undefined) return false;
  const settled = new AbortController();
  const runs = wait(clock, settledMs, settled.signal).then(
    () => true,
    () => false,
  );
  const result = await Promise.race([runs, isClosed.then(() => false)]);
  settled.abort();
  return result;
}
