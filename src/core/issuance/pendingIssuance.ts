import type { RevocableToken } from '../model/token.ts';
import type { Issuance } from './issuance.ts';

/**
 * The status of a pending issuance, for people.
 *
 * - `inProgress`: the request is under way
 * - `undelivered`: its value is here and has not reached the user
 * - `orphaned`: the token exists and its value is lost; it can only be revoked
 * - `unknown`: it is not known whether a token was created
 * - `unreadable`: its value may be in SecretStorage, but this window cannot read it, or reads an older copy: reloading
 *   the window will tell
 */
export type PendingStatus = 'inProgress' | 'undelivered' | 'orphaned' | 'unknown' | 'unreadable';

export interface PendingIssuance {
  readonly issuance: Issuance;
  readonly status: PendingStatus;
  /** For `unknown`, after a search: the tokens it may have created. Undefined: not searched yet. */
  readonly candidates?: readonly RevocableToken[] | undefined;
  /** For `undelivered`: false when the value is only in this window's memory. */
  readonly isStored: boolean;
}

/** The status of a pending issuance when SecretStorage cannot be read. */
export function statusWithoutStorage({ phase, outcomeUnknownSince }: Issuance): PendingStatus {
  if (phase === 'intended') return 'unknown';
  // MagicBell named the token, and its value never arrived: no other window can have it.
  return outcomeUnknownSince === undefined ? 'unreadable' : 'orphaned';
}

/** The status of a pending issuance whose value is not in SecretStorage as this window reads it. */
export function statusWithoutValue(issuance: Issuance, windowStartedAt: Date): PendingStatus {
  const status = statusWithoutStorage(issuance);
  if (status !== 'unreadable') return status;
  return (issuance.storedAt ?? issuance.intendedAt) > windowStartedAt ? 'unreadable' : 'orphaned';
}
