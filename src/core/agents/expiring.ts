import { crossedThreshold } from '../reminders/news.ts';
import { type Token, tokenState } from '../model/token.ts';
import { type User, unknownUser } from '../model/user.ts';
import type { TokenStore } from '../tokens/tokenStore.ts';
import { rowsPerPage } from './listing.ts';

/** A loaded token with its user. */
export interface OwnedToken {
  readonly token: Token;
  readonly user: User | undefined;
}

/** The loaded tokens that expire within some days, soonest first, and then those that have expired, latest first. */
export function expiringOf(
  store: TokenStore,
  now: Date,
  days: number,
): { readonly count: number; readonly shown: readonly OwnedToken[] } {
  const found = ownedTokens(store).filter(
    ({ token }) => token.revokedAt === undefined && crossedThreshold(token, [days], now) !== undefined,
  );
  const isOver = ({ token }: OwnedToken): boolean => tokenState(token, now) === 'expired';
  const at = ({ token }: OwnedToken): number => token.expiresAt?.getTime() ?? 0;
  found.sort((a, b) => Number(isOver(a)) - Number(isOver(b)) || (isOver(a) ? at(b) - at(a) : at(a) - at(b)));
  return { count: found.length, shown: found.slice(0, rowsPerPage) };
}

/** All loaded tokens of a project, each with its user. */
export function ownedTokens(store: TokenStore): OwnedToken[] {
  const ofProject = store.projectTokens.items.map((token) => ({ token, user: undefined }));
  const ofUsers = store.loadedUserTokens.flatMap(([id, list]) => {
    const user = store.user(id) ?? unknownUser(id);
    return list.items.map((token) => ({ token, user }));
  });
  return [...ofProject, ...ofUsers];
}
