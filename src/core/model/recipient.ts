import type { UserId } from './user.ts';

/** Whom a user token is for, as it was asked for. */
export interface Recipient {
  readonly email?: string | undefined;
  readonly externalId?: string | undefined;
  /** MagicBell's id, when the user was picked from the list. */
  readonly userId?: UserId | undefined;
}
