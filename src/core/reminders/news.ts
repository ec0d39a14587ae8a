import type { Token } from '../model/token.ts';
import { type KnownExpiry, forgetAfterMs, madeAt } from './knownExpiries.ts';

const dayMs = 24 * 60 * 60_000;
/** A lifetime of 7 days is a little more or less than that between two clocks. */
const slackMs = 60 * 60_000;

/**
 * The smallest threshold that a token has crossed, in days; 0 when it has expired. Undefined: none, or it has expired
 * so long ago that nobody has to know.
 */
export function crossedThreshold(
  token: Pick<Token, 'expiresAt'>,
  thresholds: readonly number[],
  now: Date,
): number | undefined {
  if (token.expiresAt === undefined) return undefined;
  const leftMs = token.expiresAt.getTime() - now.getTime();
  if (leftMs <= 0) return -leftMs < forgetAfterMs ? 0 : undefined;
  let smallest: number | undefined;
  for (const days of thresholds)
    if (leftMs <= days * dayMs && (smallest === undefined || days < smallest)) smallest = days;
  return smallest;
}

/** When the next threshold of one of some tokens is crossed, or one has been dead long enough. Undefined: never. */
export function nextCrossing(
  tokens: readonly Pick<Token, 'expiresAt'>[],
  thresholds: readonly number[],
  now: Date,
): Date | undefined {
  const afterMs = now.getTime();
  const beforesMs = [...thresholds.map((days) => days * dayMs), 0, -forgetAfterMs];
  let next = Infinity;
  for (const { expiresAt } of tokens) {
    if (expiresAt === undefined) continue;
    const expiresMs = expiresAt.getTime();
    for (const beforeMs of beforesMs) {
      const at = expiresMs - beforeMs;
      if (at > afterMs && at < next) next = at;
    }
  }
  return next === Infinity ? undefined : new Date(next);
}

/**
 * The threshold that is worth an announcement, in days. Not one within which the token was made: who makes a token for
 * 7 days knows it. Nor that a token has expired that was dead when it was first seen, or that was made for less than
 * the last threshold.
 *
 * @param announced the smallest threshold that was announced before
 */
export function newThreshold(
  expiry: KnownExpiry,
  thresholds: readonly number[],
  announced: number | undefined,
  now: Date,
): number | undefined {
  const crossed = crossedThreshold(expiry, thresholds, now);
  if (crossed === undefined || crossed >= (announced ?? Infinity)) return undefined;
  const last = Math.min(...thresholds);
  const lifetimeMs = expiry.expiresAt.getTime() - madeAt(expiry).getTime();
  const needsMs = (crossed === 0 ? last : crossed) * dayMs + slackMs;
  if (lifetimeMs <= needsMs) return undefined;
  return crossed === 0 && expiry.seenAt >= expiry.expiresAt ? undefined : crossed;
}

/** The soonest first; what has expired comes last, the latest of it first. */
export function expiringOrder(now: Date): (a: Pick<Token, 'expiresAt'>, b: Pick<Token, 'expiresAt'>) => number {
  const leftMs = ({ expiresAt }: Pick<Token, 'expiresAt'>): number =>
    (expiresAt?.getTime() ?? Number.MAX_SAFE_INTEGER) - now.getTime();
  return (a, b) => {
    const [left, right] = [leftMs(a), leftMs(b)];
    return Number(left <= 0) - Number(right <= 0) || Math.abs(left) - Math.abs(right);
  };
}
