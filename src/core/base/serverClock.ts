/** A smaller difference is an answer's way through the network, or does no harm. */
const tellingMs = 5 * 60_000;

/**
 * Now, by the server's clock where it is known to differ from this machine's by minutes: instants that the server
 * judges are computed by it.
 *
 * @param offsetMs server clock minus ours, as a client measured it; undefined before its first answer
 */
export function serverNow(now: Date, offsetMs: number | undefined): Date {
  const differs = offsetMs !== undefined && Math.abs(offsetMs) >= tellingMs;
  return differs ? new Date(now.getTime() + offsetMs) : now;
}
