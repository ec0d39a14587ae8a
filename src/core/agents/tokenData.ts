import { type Token, isKnownInstant, tokenState } from '../model/token.ts';
import type { User } from '../model/user.ts';
import { isExpiringSoon, tokenName, userName } from '../tokens/tokenPresentation.ts';
import { type AnswerData, dataId, dataText } from './answer.ts';

/** What the description of a token depends on besides the token. */
export interface TokenContext {
  readonly now: Date;
  /** An active token that expires within so many days is "expiring soon". */
  readonly soonDays: number;
  readonly user?: User | undefined;
  /** Whether the token is this extension's API key. */
  readonly isOwnKey: boolean;
}

/** A token's metadata for a model. Times are in UTC, since a model does not know the user's time zone. */
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
