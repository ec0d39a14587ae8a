import type { LedgerEntry } from '../ledger/ledgerEntry.ts';
import { tokenId } from '../model/token.ts';
import { ownerOf, tokenOfEntry } from '../signing/signedHere.ts';
import type { KnownExpiry } from './knownExpiries.ts';

const dayMs = 24 * 60 * 60_000;

/**
 * Signed tokens as the watch knows tokens, each by the id of its entry, since MagicBell gives it none. One that was made
 * for less than the last threshold is not watched any more once it is dead: nobody misses a token of an hour.
 */
export function signedExpiries(
  entries: readonly LedgerEntry[],
  thresholds: readonly number[],
  now: Date,
): readonly KnownExpiry[] {
  const lastMs = Math.min(...thresholds) * dayMs;
  return entries.flatMap((entry): KnownExpiry[] => {
    const { kind, name, createdAt, expiresAt } = tokenOfEntry(entry);
    if (expiresAt === undefined) return [];
    const isShort = expiresAt.getTime() - createdAt.getTime() <= lastMs;
    if (isShort && expiresAt <= now) return [];
    const id = tokenId(entry.id);
    return [{ kind, id, name, owner: ownerOf(entry), createdAt, expiresAt, seenAt: createdAt, isSigned: true }];
  });
}
