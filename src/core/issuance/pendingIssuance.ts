import type { RevocableToken } from '../model/token.ts';
import type { Issuance } from './issuance.ts';

/**
 * Where an issuance that is not over stands, for people.
 *
 * - `inProgress`: the request is on its way
 * - `undelivered`: its value is here and has not reached the user
 * - `orphaned`: the token exists, its value is lost: all one can do is revoke it
 * - `unknown`: whether a token was created is not known
 * - `unreadable`: its value may be in SecretStorage, but this window cannot read it (or reads a copy older than the
 *   value): reloading the window will tell
 */
export type PendingStatus = 'inProgress' | 'undelivered' | 'orphaned' | 'unknown' | 'unreadable';

export interface PendingIssuance {
  readonly issuance: Issuance;
  readonly status: PendingStatus;
  /** For `unknown`, after a search: what it may have made. Undefined: not searched yet. */
  readonly candidates?: readonly RevocableToken[] | undefined;
  /** For `undelivered`: false when only this window's memory holds the value. */
  readonly isStored: boolean;
}

/** What can be said of a pending issuance where SecretStorage cannot be read. */
export function statusWithoutStorage({ phase, outcomeUnknownSince }: Issuance): PendingStatus {
  if (phase === 'intended') return 'unknown';
  // MagicBell named the token and its value never came: no other window can have it.
  return outcomeUnknownSince === undefined ? 'unreadable' : 'orphaned';
}

/** What can be said of a pending issuance whose value is not in SecretStorage as this window reads it. */
export function statusWithoutValue(issuance: Issuance, windowStartedAt: Date): PendingStatus {
  const status = statusWithoutStorage(issuance);
  if (status !== 'unreadable') return status;
  return (issuance.storedAt ?? issuance.intendedAt) > windowStartedAt ? 'unreadable' : 'orphaned';
}
