import type { MagicBellError } from './errors.ts';

export type HttpMethod = 'GET' | 'POST' | 'DELETE';

export interface RetryLimits {
  /** The first attempt counts. */
  readonly maxAttempts: number;
  /** The wait before the second attempt is at most this; it doubles with each further one. */
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
}

export interface FailedAttempt {
  readonly method: HttpMethod;
  /** 1 for the first. */
  readonly attempt: number;
  readonly error: MagicBellError;
  /** What is left of the time that the call may take in all. */
  readonly remainingMs: number;
}

/** How long to wait before the request is repeated; undefined: give up. `random` returns [0, 1). */
export function retryDelayMs(failed: FailedAttempt, limits: RetryLimits, random: () => number): number | undefined {
  if (!isRepeatable(failed.method) || !isPassing(failed.error) || failed.attempt >= limits.maxAttempts)
    return undefined;
  const ceiling = Math.min(limits.maxDelayMs, limits.baseDelayMs * 2 ** (failed.attempt - 1));
  // Full jitter, so that clients that failed together do not come back together. Never before the time that was asked for.
  const delayMs = (failed.error.details.retryAfterMs ?? 0) + random() * ceiling;
  return delayMs < failed.remainingMs ? delayMs : undefined;
}

/** A POST creates a token each time. A GET changes nothing, and what is revoked stays revoked however often it is asked for. */
function isRepeatable(method: HttpMethod): boolean {
  return method !== 'POST';
}

/** Failures that may be gone at the next attempt. A timeout of our own is none: the person has waited long enough. */
function isPassing({ reason, details }: MagicBellError): boolean {
  switch (reason) {
    case 'serverError':
    case 'rateLimited':
    case 'connectionLost':
      return true;
    case 'timeout':
      return details.status === 408;
    default:
      return false;
  }
}

/** Longer pauses are not meant for clients. */
const maxRetryAfterMs = 30 * 24 * 3_600_000;

/**
 * Retry-After in both its forms, at most 30 days; undefined where it says nothing usable.
 * `now` is the server's time where it is known: its dates are by its own clock.
 */
export function parseRetryAfter(header: string | null, now: Date): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(text)) return Math.min(Number(text) * 1000, maxRetryAfterMs);
  // Date.parse takes nearly anything; an HTTP date starts with the day's name.
  const at = /^[a-z]{3,9},? /i.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(at) ? undefined : Math.min(Math.max(at - now.getTime(), 0), maxRetryAfterMs);
}
