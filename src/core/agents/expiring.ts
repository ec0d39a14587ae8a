import { crossedThreshold } from '../reminders/expiryThresholds.ts';
import { type Token, tokenState } from '../model/token.ts';
import { type User, unknownUser } from '../model/user.ts';
import type { LedgerEntry } from '../ledger/ledgerEntry.ts';
import { ownerOf, tokenOfEntry } from '../signing/signedHere.ts';
import type { TokenStore } from '../tokens/tokenStore.ts';
import { rowsPerPage } from './listing.ts';

/** A loaded token with its user. */
export interface OwnedToken {
  readonly token: Token;
  readonly user: User | undefined;
}

/** Loaded and locally signed tokens that expire within some days, soonest first; then expired ones, latest first. */
export function expiringOf(
  store: TokenStore,
  signed: readonly LedgerEntry[],
  now: Date,
  days: number,
): { readonly count: number; readonly shown: readonly OwnedToken[] } {
  const signedTokens = signed.map((entry): OwnedToken => ({ token: tokenOfEntry(entry), user: ownerOf(entry) }));
  const found = [...ownedTokens(store), ...signedTokens].filter(
    ({ token }) => token.revokedAt === undefined && crossedThreshold(token, [days], now) !== undefined,
  );
  const isExpired = ({ token }: OwnedToken): boolean => tokenState(token, now) === 'expired';
  const at = ({ token }: OwnedToken): number => token.expiresAt?.getTime() ?? 0;
  found.sort((a, b) => Number(isExpired(a)) - Number(isExpired(b)) || (isExpired(a) ? at(b) - at(a) : at(a) - at(b)));
  return { count: found.length, shown: found.slice(0, rowsPerPage) };
}

/** All loaded tokens of a project, user tokens with their users. */
export function ownedTokens(store: TokenStore): OwnedToken[] {
  const ofProject = store.projectTokens.items.map((token) => ({ token, user: undefined }));
  const ofUsers = store.loadedUserTokens.flatMap(([id, list]) => {
    const user = store.user(id) ?? unknownUser(id);
    return list.items.map((token) => ({ token, user }));
  });
  return [...ofProject, ...ofUsers];
}
