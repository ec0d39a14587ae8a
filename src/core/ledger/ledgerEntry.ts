import type { Recipient } from '../model/recipient.ts';
import type { TokenId, TokenKind } from '../model/token.ts';

/** A token that was issued or signed here: metadata, never its value. Written to disk. */
export interface LedgerEntry {
  /** The id of its issuance. */
  readonly id: string;
  readonly connectionId: string;
  readonly kind: TokenKind;
  /** Signed with the Secret Key: MagicBell lists none of these, and revokes none. */
  readonly isSigned: boolean;
  readonly tokenId: TokenId | undefined;
  readonly name: string | undefined;
  /** For a user token. */
  readonly recipient: Recipient | undefined;
  readonly madeAt: Date;
  /** Undefined: it never expires. */
  readonly expiresAt: Date | undefined;
  /** See `Fingerprints`; undefined when there was none to be had. */
  readonly fingerprint: string | undefined;
  /** Where its value went, "to .env as TOKEN"; empty while it waits to be delivered, or when that is not known. */
  readonly deliveredTo: readonly string[];
}

/** What has expired for this long is of no use any more, not even to somebody who finds it in a log. */
const keepExpiredMs = 30 * 24 * 60 * 60_000;

export const isWorthKeeping = ({ expiresAt }: LedgerEntry, now: Date): boolean =>
  expiresAt === undefined || expiresAt.getTime() + keepExpiredMs >= now.getTime();

/** Reads a record's file. Undefined when it is not one. The file is our own, so that only its outline is checked. */
export function reviveLedgerEntry(json: unknown): LedgerEntry | undefined {
  const { id, connectionId, kind, isSigned, tokenId, name, recipient, madeAt, expiresAt, fingerprint, deliveredTo } =
    (json ?? {}) as Record<string, unknown>;
  if (typeof id !== 'string' || typeof connectionId !== 'string') return undefined;
  const at = instant(madeAt);
  if ((kind !== 'project' && kind !== 'user') || at === undefined) return undefined;
  return {
    id,
    connectionId,
    kind,
    isSigned: isSigned === true,
    tokenId: text(tokenId) as TokenId | undefined,
    name: text(name),
    recipient: recipientIn(recipient),
    madeAt: at,
    expiresAt: instant(expiresAt),
    fingerprint: text(fingerprint),
    deliveredTo: Array.isArray(deliveredTo) ? deliveredTo.filter((place) => typeof place === 'string') : [],
  };
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function recipientIn(value: unknown): Recipient | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { email, externalId, userId } = value as Record<string, unknown>;
  return { email: text(email), externalId: text(externalId), userId: text(userId) as Recipient['userId'] };
}

function instant(value: unknown): Date | undefined {
  const at = new Date(typeof value === 'string' ? value : NaN);
  return Number.isNaN(at.getTime()) ? undefined : at;
}
