/** A smaller difference is an answer's way through the network, or does no harm. */
const telling = 5 * 60_000;

/**
 * Server clock minus this machine's, where instants have to be computed by the server's; else 0.
 *
 * @param offsetMs as a client measured it; undefined before its first answer
 */
export const clockDifferenceMs = (offsetMs: number | undefined): number =>
  offsetMs !== undefined && Math.abs(offsetMs) >= telling ? offsetMs : 0;
