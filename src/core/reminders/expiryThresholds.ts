import type { Token } from '../model/token.ts';
import { type KnownExpiry, forgetAfterMs, madeAt } from './knownExpiries.ts';

const dayMs = 24 * 60 * 60_000;
/** With two clocks involved, a lifetime of 7 days can be slightly more or less. */
const slackMs = 60 * 60_000;

/**
 * The smallest threshold that a token has crossed, in days; 0 when it has expired. Undefined when it has crossed none,
 * or expired too long ago to matter.
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

/** When the next of some tokens crosses a threshold, or is forgotten after its expiry. Undefined: never. */
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
 * The threshold worth announcing, in days. Not one that is longer than the token's lifetime: whoever creates a token
 * for 7 days knows when it ends. Nor the expiry of a token that had expired when it was first seen, or whose lifetime
 * is shorter than the last threshold.
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

/** By the milliseconds left until expiry: the soonest first; expired tokens come last, the latest of them first. */
export const compareTimeLeft = (leftMs: number, rightMs: number): number =>
  Number(leftMs <= 0) - Number(rightMs <= 0) || Math.abs(leftMs) - Math.abs(rightMs);
