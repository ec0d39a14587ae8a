import { type RevocableToken, type Token, type TokenId, type TokenKind, isKnownInstant } from '../model/token.ts';
import type { User, UserId } from '../model/user.ts';

const dayMs = 24 * 60 * 60_000;

/** Tokens that expired longer ago are neither counted nor kept. */
export const forgetAfterMs = 14 * dayMs;

/** Only that many of a connection are kept: a file that is read and written often has to stay small. */
const maxKept = 2000;

/** A token with an expiry as it is kept on disk: metadata, never its value. */
export interface KnownExpiry {
  readonly kind: TokenKind;
  readonly id: TokenId;
  readonly name: string | undefined;
  /** The user of a user token. */
  readonly owner: User | undefined;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /** When it was first seen here. */
  readonly seenAt: Date;
  /** It was revoked. Kept, so that a window with an older list does not add it again. */
  readonly isRevoked?: true | undefined;
  /** It was signed here: its id is that of the ledger's entry, and the ledger keeps it. */
  readonly isSigned?: true | undefined;
}

/** A token that is loaded or was just returned by the API. */
export interface SeenToken {
  readonly token: Token;
  readonly owner?: User | undefined;
}

/** The tokens of a connection that were seen. */
export interface SeenTokens {
  readonly connectionId: string;
  readonly tokens: readonly SeenToken[];
  /**
   * Whether the list of project tokens, or of that user's tokens, is complete: tokens that it lacks no longer exist.
   */
  readonly isWhole: (kind: TokenKind, owner: UserId | undefined) => boolean;
}

/** Merges the kept expiries of a connection with tokens that were seen; the soonest first. */
export function mergeExpiries(
  kept: readonly KnownExpiry[],
  { tokens, isWhole }: Pick<SeenTokens, 'tokens' | 'isWhole'>,
  now: Date,
): readonly KnownExpiry[] {
  const known = new Map(kept.map((expiry) => [expiry.id, expiry]));
  const seen = new Set<TokenId>();
  for (const { token, owner } of tokens) {
    const { id, expiresAt, kind, name, createdAt } = token;
    if (id === undefined) continue;
    seen.add(id);
    const before = known.get(id);
    if (before?.isRevoked === true) continue;
    if (token.revokedAt !== undefined) {
      if (before !== undefined) known.set(id, { ...before, isRevoked: true });
    } else if (expiresAt !== undefined) {
      const seenAt = before?.seenAt ?? now;
      known.set(id, { kind, id, name, owner: owner && ownerOf(owner), createdAt, expiresAt, seenAt });
    } else {
      known.delete(id);
    }
  }
  return [...known.values()]
    .filter(({ expiresAt }) => now.getTime() - expiresAt.getTime() < forgetAfterMs)
    .filter(({ id, kind, owner, isRevoked }) => isRevoked === true || seen.has(id) || !isWhole(kind, owner?.id))
    .sort((a, b) => compareWorth(a, b, now))
    .slice(0, maxKept)
    .sort(compareExpiry);
}

const compareExpiry = (a: KnownExpiry, b: KnownExpiry): number => a.expiresAt.getTime() - b.expiresAt.getTime();

/** What still lives comes first, the soonest first: it must be announced. Then the dead, the latest first. */
function compareWorth(a: KnownExpiry, b: KnownExpiry, now: Date): number {
  const [isDead, isOtherDead] = [a, b].map((each) => each.isRevoked === true || each.expiresAt <= now);
  if (isDead !== isOtherDead) return isDead === true ? 1 : -1;
  return isDead === true ? compareExpiry(b, a) : compareExpiry(a, b);
}

/** The kept fields of a user, always in this order. */
const ownerOf = ({ id, email, externalId, firstName, lastName }: User): User => ({
  id,
  email,
  externalId,
  firstName,
  lastName,
});

/** The token with its known fields. */
export const tokenOfExpiry = ({ kind, id, name, createdAt, expiresAt }: KnownExpiry): RevocableToken => ({
  kind,
  id,
  name,
  createdAt,
  expiresAt,
  revokedAt: undefined,
  lastUsedAt: undefined,
});

/** When it was created; when it was first seen, if that is unknown. */
export const madeAt = ({ createdAt, seenAt }: KnownExpiry): Date => (isKnownInstant(createdAt) ? createdAt : seenAt);
