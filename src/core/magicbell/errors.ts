import type { TokenId } from '../model/token.ts';

/**
 * Why a call to MagicBell failed. Code tells errors apart by this and by nothing else.
 *
 * - `wrongTokenKind`: the key is a user token, or another kind that this API refuses by its role
 * - `notOffered`: the API does not route this operation (404 or 405 without a MagicBell error body); `allow` says
 *   what else the path has
 * - `unexpectedResponse`: the answer is not one that MagicBell gives; `unexpected` says in which way
 * - `connectionLost`: the connection broke after it was made, so that the request may have been carried out
 * - `offline`: no connection could be made
 * - `connectionRemoved`: the project's key was forgotten here, so that nothing was sent
 */
export type ErrorReason =
  | 'unauthorized'
  | 'forbidden'
  | 'wrongTokenKind'
  | 'notFound'
  | 'notOffered'
  | 'invalidInput'
  | 'rateLimited'
  | 'serverError'
  | 'unexpectedResponse'
  | 'timeout'
  | 'cancelled'
  | 'connectionLost'
  | 'offline'
  | 'dns'
  | 'tls'
  | 'proxy'
  | 'connectionRemoved';

/**
 * What is wrong with an answer that is not one of MagicBell's.
 *
 * - `redirected`: it leads to another address; the key was not sent there
 * - `tooLarge`: it is longer than is read
 * - `blocked`: 401 or 403 with somebody else's page: nothing is said about the key
 * - `foreign`: anything else that MagicBell would not send
 */
export type Unexpected = 'redirected' | 'tooLarge' | 'blocked' | 'foreign';

export interface MagicBellErrorDetails {
  /** HTTP status, when there was an answer. */
  readonly status?: number | undefined;
  /** MagicBell's own messages (untrusted text: pass it through `displayText()`). */
  readonly serverMessages?: readonly string[] | undefined;
  /** For `rateLimited`: how long the server asks to wait. */
  readonly retryAfterMs?: number | undefined;
  /** For `unexpectedResponse`; absent: `foreign`, or an answer in MagicBell's form that lacks what it must hold. */
  readonly unexpected?: Unexpected | undefined;
  /** For `notOffered`: the methods that the path has (`Allow`); undefined: the API did not say. */
  readonly allow?: readonly string[] | undefined;
  /** MagicBell's own id of the request, for its support: harmless, and safe to log. */
  readonly requestId?: string | undefined;
  /** The server's clock when it answered (Date header). */
  readonly serverTime?: Date | undefined;
  /** The system's code, such as ECONNREFUSED, or one of MagicBell's known codes: safe to log. */
  readonly code?: string | undefined;
  /** True when the request never left this machine: cancelled while it waited, or refused here. */
  readonly notSent?: boolean | undefined;
  /** True when an earlier attempt of the same call may have been carried out, whatever came of the last one. */
  readonly wasPerhapsDone?: boolean | undefined;
  /** For a creation that MagicBell answered without a usable value: the token that now exists all the same. */
  readonly createdTokenId?: TokenId | undefined;
  /** For `connectionRemoved`: what the connection was called. */
  readonly connectionLabel?: string | undefined;
}

/** A failed call to MagicBell. Its message is for the log: it never holds a key, a value, a URL's query or a body. */
export class MagicBellError extends Error {
  override readonly name = 'MagicBellError';
  readonly reason: ErrorReason;
  readonly details: MagicBellErrorDetails;

  constructor(reason: ErrorReason, message: string, details: MagicBellErrorDetails = {}) {
    super(message);
    this.reason = reason;
    this.details = details;
  }
}

/** The error as ours, or undefined. By shape, not by class: minified bundles and split chunks have no reliable `instanceof`. */
export function asMagicBellError(error: unknown): MagicBellError | undefined {
  return error instanceof Error && error.name === 'MagicBellError' && 'reason' in error && 'details' in error
    ? (error as MagicBellError)
    : undefined;
}

/**
 * Whether a failed creation may nevertheless have created a token. The sure cases are those in which MagicBell
 * answered with a refusal or a redirect, in which no connection to it was ever made, or in which nothing was sent.
 */
export function mayHaveBeenCarriedOut(error: unknown): boolean {
  const known = asMagicBellError(error);
  if (known === undefined) return true;
  if (known.details.notSent === true) return false;
  switch (known.reason) {
    case 'unauthorized':
    case 'forbidden':
    case 'wrongTokenKind':
    case 'notFound':
    case 'notOffered':
    case 'invalidInput':
    case 'rateLimited':
    case 'offline':
    case 'dns':
    case 'tls':
    case 'proxy':
    case 'connectionRemoved':
      return false;
    case 'unexpectedResponse':
      return !isRefusal(known.details.status);
    case 'serverError':
    case 'timeout':
    case 'cancelled':
    case 'connectionLost':
      return true;
  }
}

/** Whoever refuses or redirects a request has not carried it out. 303 is how a server points to what it has made. */
function isRefusal(status: number | undefined): boolean {
  if (status === undefined) return false;
  return [301, 302, 307, 308].includes(status) || (status >= 400 && status <= 499 && status !== 408);
}
