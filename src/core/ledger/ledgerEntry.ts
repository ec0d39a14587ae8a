import type { Recipient } from '../model/recipient.ts';
import type { TokenId, TokenKind } from '../model/token.ts';

/** An issued or locally signed token. Written to disk: metadata, never its value. */
export interface LedgerEntry {
  /** The id of its issuance. */
  readonly id: string;
  readonly connectionId: string;
  readonly kind: TokenKind;
  /** Signed with the Secret Key: MagicBell neither lists nor revokes it. */
  readonly isSigned: boolean;
  readonly tokenId: TokenId | undefined;
  readonly name: string | undefined;
  /** For a user token. */
  readonly recipient: Recipient | undefined;
  readonly madeAt: Date;
  /** Undefined: it never expires. */
  readonly expiresAt: Date | undefined;
  /** See `Fingerprints`; undefined when SecretStorage failed. */
  readonly fingerprint: string | undefined;
  /** The places of its value, such as "to .env as TOKEN"; empty while it is undelivered, or when they are unknown. */
  readonly deliveredTo: readonly string[];
}

/** Expired tokens are kept this long, so that one that is found in a log can be recognised. */
const keepExpiredMs = 30 * 24 * 60 * 60_000;

export const isWorthKeeping = ({ expiresAt }: LedgerEntry, now: Date): boolean =>
  expiresAt === undefined || expiresAt.getTime() + keepExpiredMs >= now.getTime();

/** Reads an entry from JSON. Undefined when it is invalid. Fields are only checked roughly: the file is our own. */
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
