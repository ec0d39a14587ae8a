import { type Token, neverExpires, tokenState } from '../model/token.ts';
import type { User } from '../model/user.ts';
import { compareTokens, isExpiringSoon, tokenName, userName } from './tokenPresentation.ts';

/**
 * `created`: newest first, expired and revoked tokens last. `expires`: soonest first, then those that never expire,
 * then expired and revoked ones.
 */
export type TokenOrder = 'created' | 'name' | 'expires';
export type TokenFilter = 'all' | 'active' | 'expiring' | 'expired' | 'neverExpires' | 'revoked';

/** How a view shows its tokens. */
export interface Arrangement {
  readonly order: TokenOrder;
  readonly filter: TokenFilter;
}

/** The tokens that pass the filter, in order. Ties are broken by `compareTokens`. */
export function arrange(
  tokens: readonly Token[],
  { order, filter }: Arrangement,
  now: Date,
  soonDays: number,
): readonly Token[] {
  const shown = tokens.filter((token) => passesFilter(token, filter, now, soonDays));
  const byDefault = compareTokens(now);
  switch (order) {
    case 'created':
      return shown.sort(byDefault);
    case 'name': {
      const names = new Map(shown.map((token) => [token, tokenName(token)]));
      return shown.sort((a, b) => compareTexts(names.get(a), names.get(b)) || byDefault(a, b));
    }
    case 'expires': {
      const rank = { active: 0, expired: 1, revoked: 2 };
      const never = Number.MAX_SAFE_INTEGER;
      return shown.sort(
        (a, b) =>
          rank[tokenState(a, now)] - rank[tokenState(b, now)] ||
          (a.expiresAt?.getTime() ?? never) - (b.expiresAt?.getTime() ?? never) ||
          byDefault(a, b),
      );
    }
  }
}

/** Users have no dates: they are sorted by name or stay in the given order. */
export function arrangeUsers(users: readonly User[], { order }: Arrangement): readonly User[] {
  if (order !== 'name') return users;
  const names = new Map(users.map((user) => [user, userName(user)]));
  return [...users].sort((a, b) => compareTexts(names.get(a), names.get(b)));
}

/** Whether a token passes a filter. */
export function passesFilter(token: Token, filter: TokenFilter, now: Date, soonDays: number): boolean {
  if (filter === 'all') return true;
  const state = tokenState(token, now);
  switch (filter) {
    case 'active':
    case 'expired':
    case 'revoked':
      return state === filter;
    case 'expiring':
      return isExpiringSoon(token, now, soonDays);
    case 'neverExpires':
      return state === 'active' && neverExpires(token);
  }
}

/** "only expiring soon · sorted by name · 100 loaded": what a view says beside its title; empty for the default. */
export function arrangementText(
  { order, filter }: Arrangement,
  { loaded, hasMore }: { readonly loaded: number; readonly hasMore: boolean },
): string {
  const parts = [
    ...(filter === 'all' ? [] : [`only ${filterWords[filter]}`]),
    ...(order === 'created' ? [] : [`sorted by ${order === 'name' ? 'name' : 'expiry'}`]),
  ];
  return [...parts, ...(parts.length > 0 && hasMore ? [`${loaded} loaded`] : [])].join(' · ');
}

const filterWords: Record<TokenFilter, string> = {
  all: 'all',
  active: 'active',
  expiring: 'expiring soon',
  expired: 'expired',
  neverExpires: 'never expiring',
  revoked: 'revoked',
};

let collator: Intl.Collator | undefined;

/** Kept: a collator is expensive to create. */
function compareTexts(a = '', b = ''): number {
  collator ??= new Intl.Collator(undefined, { numeric: true });
  return collator.compare(a, b);
}
