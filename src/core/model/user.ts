declare const userIdBrand: unique symbol;

/** MagicBell's id of a user (not the email, not the external id). */
export type UserId = string & { readonly [userIdBrand]: true };

export const userId = (id: string): UserId => id as UserId;

/** An end user of the project. */
export interface User {
  readonly id: UserId;
  readonly email: string | undefined;
  readonly externalId: string | undefined;
  readonly firstName: string | undefined;
  readonly lastName: string | undefined;
}

/** A user of whom only the id is known. */
export const unknownUser = (id: UserId): User => ({
  id,
  email: undefined,
  externalId: undefined,
  firstName: undefined,
  lastName: undefined,
});
