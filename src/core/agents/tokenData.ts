import { type Token, isKnownInstant, tokenState } from '../model/token.ts';
import type { User } from '../model/user.ts';
import { isExpiringSoon, tokenName, userName } from '../tokens/tokenPresentation.ts';
import { type AnswerData, dataId, dataText } from './answer.ts';

/** What is said of a token besides what it is itself. */
export interface TokenContext {
  readonly now: Date;
  /** A live token that is this near to its expiry is "expiring". */
  readonly soonDays: number;
  readonly user?: User | undefined;
  /** Whether it is the API key of this extension. */
  readonly isOwnKey: boolean;
}

/** A token for a model: metadata only. Dates are in UTC, since a model does not know where the person is. */
export function tokenData(token: Token, { now, soonDays, user, isOwnKey }: TokenContext): AnswerData {
  const { id, kind, createdAt, expiresAt, isExpiryUnknown, revokedAt, lastUsedAt } = token;
  const state = tokenState(token, now);
  return {
    id: dataId(id),
    name: dataText(tokenName(token)),
    kind,
    user: user === undefined ? undefined : dataText(userName(user)),
    state: state === 'active' && isExpiringSoon(token, now, soonDays) ? 'active, expiring soon' : state,
    expires: isExpiryUnknown === true ? 'unknown' : expiresAt === undefined ? 'never' : instantText(expiresAt),
    created: instantText(createdAt),
    revoked: revokedAt === undefined ? undefined : instantText(revokedAt),
    lastUsed: lastUsedAt === undefined ? undefined : instantText(lastUsedAt),
    isApiKeyOfThisExtension: isOwnKey ? true : undefined,
  };
}

export const instantText = (instant: Date): string => (isKnownInstant(instant) ? instant.toISOString() : 'unknown');
