import {
  type RevocableToken,
  type Token,
  isKnownInstant,
  isRevocable,
  neverExpires,
  tokenState,
} from '../model/token.ts';

const dayMs = 24 * 60 * 60_000;

/** Which tokens to revoke together. */
export type RevocationCriterion =
  | { readonly type: 'expired' }
  | { readonly type: 'neverExpires' }
  | { readonly type: 'olderThan'; readonly days: number };

/** The given tokens that can be revoked and meet the criterion, in the given order. */
export function tokensMeeting(
  tokens: readonly Token[],
  criterion: RevocationCriterion,
  now: Date,
): readonly RevocableToken[] {
  return tokens.filter((token): token is RevocableToken => isRevocable(token, now) && meets(token, criterion, now));
}

function meets(token: Token, criterion: RevocationCriterion, now: Date): boolean {
  switch (criterion.type) {
    case 'expired':
      return tokenState(token, now) === 'expired';
    case 'neverExpires':
      return neverExpires(token);
    case 'olderThan':
      return isKnownInstant(token.createdAt) && now.getTime() - token.createdAt.getTime() > criterion.days * dayMs;
  }
}

/** Undefined unless it is a whole number of days from 1 to 36,500. */
export function parseDays(text: string): number | undefined {
  const found = /^(\d{1,5})\s*(d|days?)?$/i.exec(text.trim());
  const days = Number(found?.[1]);
  return days >= 1 && days <= 36_500 ? days : undefined;
}
