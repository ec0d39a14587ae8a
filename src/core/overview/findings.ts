import { isKnownInstant, neverExpires, type Token, tokenState } from '../model/token.ts';
import { isExpiringSoon } from '../tokens/tokenPresentation.ts';
import { findingBit, manyTokens } from './findingIds.ts';
import type { KnownConnection, KnownToken } from './known.ts';

const dayMs = 24 * 60 * 60_000;
/** A year, and a day for a leap day. */
const longLifeMs = 366 * dayMs;

export interface FindingOptions {
  /** A token that expires within so many days is expiring soon. */
  readonly soonDays: number;
}

/** The findings of each row of a connection, as bits, in the order of its rows. */
export function findingsOf(connection: KnownConnection, now: Date, { soonDays }: FindingOptions): readonly number[] {
  const states = connection.rows.map(({ token }) => tokenState(token, now));
  const live = connection.rows.map((row, index) => (states[index] === 'active' ? row : undefined));
  const isNameShared = amongMoreThan(1, live, nameKey);
  const hasMany = amongMoreThan(manyTokens, live, ownerKey);
  return connection.rows.map(({ token }, index) => {
    if (states[index] === 'revoked') return 0;
    const elsewhere = wasMadeElsewhere(connection, token) ? findingBit('madeElsewhere') : 0;
    if (states[index] === 'expired') return elsewhere | findingBit('expiredListed');
    return (
      elsewhere |
      (isExpiringSoon(token, now, soonDays) ? findingBit('expiresSoon') : 0) |
      (neverExpires(token) ? findingBit('neverExpires') : 0) |
      (livesLong(token) ? findingBit('livesLong') : 0) |
      (isNameShared(index) ? findingBit('sameName') : 0) |
      (hasMany(index) ? findingBit('manyTokens') : 0)
    );
  });
}

const livesLong = ({ createdAt, expiresAt }: Token): boolean =>
  expiresAt !== undefined && isKnownInstant(createdAt) && expiresAt.getTime() - createdAt.getTime() > longLifeMs;

/** Without an earlier look nothing counts as new, since otherwise every token would. */
const wasMadeElsewhere = ({ lastLookAt, issuedHere }: KnownConnection, token: Token): boolean =>
  lastLookAt !== undefined && token.createdAt > lastLookAt && !(token.id !== undefined && issuedHere.has(token.id));

/** Equal names are a finding among the project's tokens, or among one user's tokens. */
const nameKey = (row: KnownToken): string | undefined => {
  const name = row.token.name?.normalize().trim() ?? '';
  return name === '' ? undefined : `${row.token.kind} ${row.owner?.id ?? ''}\n${name}`;
};

const ownerKey = ({ token, owner }: KnownToken): string | undefined => (token.kind === 'user' ? owner?.id : undefined);

/** A predicate: whether more than `limit` rows share the row's key. */
function amongMoreThan(
  limit: number,
  rows: readonly (KnownToken | undefined)[],
  keyOf: (row: KnownToken) => string | undefined,
): (index: number) => boolean {
  const counts = new Map<string, number>();
  const keys = rows.map((row) => row && keyOf(row));
  for (const key of keys) if (key !== undefined) counts.set(key, (counts.get(key) ?? 0) + 1);
  return (index) => (counts.get(keys[index] ?? '') ?? 0) > limit;
}
