/** Smaller differences are network latency, or harmless. */
const significantMs = 5 * 60_000;

/**
 * The server's time, where its clock is known to differ from this machine's by minutes: what the server judges is
 * computed by it.
 *
 * @param offsetMs server clock minus ours, as a client measured it; undefined before its first answer
 */
export function serverNow(now: Date, offsetMs: number | undefined): Date {
  const aheadMs = clockAhead(offsetMs);
  return aheadMs === 0 ? now : new Date(now.getTime() + aheadMs);
}

/** By how much the server's clock is ahead of this machine's; 0 unless that is known to be minutes. */
export const clockAhead = (offsetMs: number | undefined): number =>
  offsetMs !== undefined && Math.abs(offsetMs) >= significantMs ? offsetMs : 0;

/** When this machine's clock shows an instant of a clock that shows `theirs` while this one shows `ours`. */
export const onOurClock = (instant: Date, theirs: Date, ours: Date): Date =>
  new Date(instant.getTime() - (theirs.getTime() - ours.getTime()));
