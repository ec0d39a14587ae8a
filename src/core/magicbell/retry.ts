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
  /** The remaining time of the call. */
  readonly remainingMs: number;
}

/** How long to wait before the request is repeated; undefined: give up. `random` returns [0, 1). */
export function retryDelayMs(failed: FailedAttempt, limits: RetryLimits, random: () => number): number | undefined {
  if (!isRepeatable(failed.method) || !isPassing(failed.error) || failed.attempt >= limits.maxAttempts)
    return undefined;
  const ceiling = Math.min(limits.maxDelayMs, limits.baseDelayMs * 2 ** (failed.attempt - 1));
  // Full jitter, so that clients that failed together do not return together. Never before the requested time.
  const delayMs = (failed.error.details.retryAfterMs ?? 0) + random() * ceiling;
  return delayMs < failed.remainingMs ? delayMs : undefined;
}

/** Each POST creates a token. A GET changes nothing, and a token that is revoked twice stays revoked. */
function isRepeatable(method: HttpMethod): boolean {
  return method !== 'POST';
}

/** Failures that may be gone at the next attempt. Our own timeout is not one: the person has waited long enough. */
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

/**
 * An HTTP date in milliseconds; NaN for anything else. All its forms are in GMT, and the oldest does not say so.
 * Date.parse takes nearly anything; an HTTP date starts with the day's name.
 */
export function parseHttpDate(text: string): number {
  if (!/^[a-z]{3,9},? /i.test(text)) return NaN;
  return Date.parse(/(?:[a-z]|[+-]\d{4})$/i.test(text) ? text : `${text} GMT`);
}

/** Longer values are not meant for clients. */
const maxRetryAfterMs = 30 * 24 * 3_600_000;

/**
 * Retry-After in both its forms, at most 30 days; undefined when it is unusable. `now` is the server's time when known,
 * since the header's dates are by its clock.
 */
export function parseRetryAfter(header: string | null, now: Date): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(text)) return Math.min(Number(text) * 1000, maxRetryAfterMs);
  const at = parseHttpDate(text);
  return Number.isNaN(at) ? undefined : Math.min(Math.max(at - now.getTime(), 0), maxRetryAfterMs);
}
