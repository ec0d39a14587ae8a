import type { Secret } from '../base/secret.ts';

declare const tokenIdBrand: unique symbol;

/** MagicBell's id of a token. Token ids and user ids share one path of the API, so they are kept apart by type. */
export type TokenId = string & { readonly [tokenIdBrand]: true };

export const tokenId = (id: string): TokenId => id as TokenId;

/** A project token works server-to-server for the whole project; a user token opens one end user's inbox. */
export type TokenKind = 'project' | 'user';

/** What is known about a token: metadata, never its value. */
export interface Token {
  readonly kind: TokenKind;
  /** Absent when the API sent none; such a token can be shown, not revoked. */
  readonly id: TokenId | undefined;
  readonly name: string | undefined;
  /** `unknownInstant` when the API's date cannot be read. */
  readonly createdAt: Date;
  /** Undefined: it never expires, unless `isExpiryUnknown`. */
  readonly expiresAt: Date | undefined;
  /** Whether and when it expires is not known: a date cannot be read, or the answer lacked the expiry. */
  readonly isExpiryUnknown?: true | undefined;
  /** When it was revoked; undefined while it is not. */
  readonly revokedAt: Date | undefined;
  /** Only when the API sends it; no version is known to. */
  readonly lastUsedAt: Date | undefined;
}

/** The API writes "never" as a date of this year or later where a field cannot be null. */
export const firstFarYear = 9000;

/** Stands for a date that is there and cannot be read. */
export const unknownInstant = new Date(0);

export const isKnownInstant = (instant: Date): boolean => instant.getTime() !== unknownInstant.getTime();

/** Whether it is known never to expire. False when the expiry is unknown. */
export const neverExpires = (token: Pick<Token, 'expiresAt' | 'isExpiryUnknown'>): boolean =>
  token.expiresAt === undefined && token.isExpiryUnknown !== true;

/** A token with an id, which therefore can be revoked. */
export type RevocableToken = Token & { readonly id: TokenId };

/** The answer to a creation: the only type that carries a token's value, which the API never sends again. */
export interface IssuedToken {
  /** Undefined when the answer had none. The value can be used all the same. */
  readonly id: TokenId | undefined;
  readonly value: Secret;
  /** By the server's clock; the time of the answer when it names none. */
  readonly createdAt: Date;
  /** Undefined: it never expires, or the answer's date cannot be read. */
  readonly expiresAt: Date | undefined;
}

export type TokenState = 'active' | 'expired' | 'revoked';

/** A token's state at an instant. A revoked token is `revoked`, whether or not it has expired as well. */
export function tokenState(token: Pick<Token, 'expiresAt' | 'revokedAt'>, now: Date): TokenState {
  if (token.revokedAt !== undefined) return 'revoked';
  return token.expiresAt !== undefined && token.expiresAt.getTime() <= now.getTime() ? 'expired' : 'active';
}

/** True also when its expiry or age is unknown. */
export function isRevocable(token: Token, now: Date): token is RevocableToken {
  return token.id !== undefined && tokenState(token, now) !== 'revoked';
}
