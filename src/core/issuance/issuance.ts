import type { Place } from '../delivery/place.ts';
import type { Recipient } from '../model/recipient.ts';
import type { Token, TokenId, TokenKind } from '../model/token.ts';

/** A request to issue a token. Metadata: it is written to disk. */
export interface IssuanceRequest {
  readonly kind: TokenKind;
  readonly name: string | undefined;
  readonly recipient?: Recipient | undefined;
  /** Signed here, not created by MagicBell: nothing lists it, nothing can revoke it, and it can be signed again. */
  readonly isSigned?: true | undefined;
  /** When it should expire; undefined: never. The seconds are computed when the request is sent. */
  readonly expirySeconds: number | undefined;
  /** Where to deliver the value. Undefined: to the clipboard, or to be chosen later. */
  readonly places?: readonly Place[] | undefined;
}

/**
 * How far an issuance has come. `delivered` and `resolved` are final.
 *
 * - `intended`: written before the request is sent
 * - `answered`: MagicBell has answered; the value is in memory
 * - `stored`: the value is in SecretStorage too
 * - `delivered`: the value has reached the user, and must never be offered again
 * - `resolved`: ended in another way, see `Resolution`
 */
export type Phase = 'intended' | 'answered' | 'stored' | 'delivered' | 'resolved';

/** How an issuance ended without a delivery. */
export type Resolution = 'notCreated' | 'revoked' | 'discarded' | 'expired';

/** One issuance as the journal keeps it: never the value. */
export interface Issuance {
  readonly id: string;
  /** The connection that issued it, and its base URL. */
  readonly connectionId: string;
  readonly baseUrl: string;
  readonly request: IssuanceRequest;
  /** By this machine's clock. */
  readonly intendedAt: Date;
  /** The ids of tokens of this name that existed before, so that none of them is taken for the new one. */
  readonly knownIds: readonly TokenId[];
  readonly phase: Phase;
  /** When the request ended without an answer about whether a token was created. */
  readonly outcomeUnknownSince?: Date | undefined;
  /** From the answer. */
  readonly tokenId?: TokenId | undefined;
  readonly createdAt?: Date | undefined;
  readonly expiresAt?: Date | undefined;
  readonly storedAt?: Date | undefined;
  /** The places that have received the value, in that order. */
  readonly placesDone?: readonly Place[] | undefined;
  /** The place of a delivery under way: after a crash it may or may not have the value. */
  readonly placeInHand?: Place | undefined;
  readonly finishedAt?: Date | undefined;
  readonly resolution?: Resolution | undefined;
}

/** The token of an issuance as a list shows it. @param now stands for a creation date that the answer lacked */
export function tokenOfIssuance({ request, tokenId, createdAt, expiresAt }: Issuance, now: Date): Token {
  return {
    kind: request.kind,
    id: tokenId,
    name: request.name,
    createdAt: createdAt ?? now,
    expiresAt,
    // Requested but missing in the answer: it may have been granted or not.
    ...(expiresAt === undefined && request.expirySeconds !== undefined ? { isExpiryUnknown: true } : {}),
    revokedAt: undefined,
    lastUsedAt: undefined,
  };
}

export const isFinal = (issuance: Pick<Issuance, 'phase'>): boolean =>
  issuance.phase === 'delivered' || issuance.phase === 'resolved';

/**
 * When the value is certainly useless, in milliseconds of this machine's clock; Infinity: never. `expiresAt` is by the
 * server's clock, which may be behind ours: the later of its time and the token's lifetime from our request on.
 */
export function endsAt({ intendedAt, createdAt, expiresAt }: Issuance): number {
  if (expiresAt === undefined) return Infinity;
  const lifetimeMs = createdAt === undefined ? 0 : expiresAt.getTime() - createdAt.getTime();
  return Math.max(expiresAt.getTime(), intendedAt.getTime() + lifetimeMs);
}

const fileVersion = 1;
const phases = new Set<unknown>(['intended', 'answered', 'stored', 'delivered', 'resolved'] satisfies Phase[]);
const instants = new Set(['intendedAt', 'outcomeUnknownSince', 'createdAt', 'expiresAt', 'storedAt', 'finishedAt']);

/** The text of an issuance's file. */
export function serializeIssuance(issuance: Issuance): string {
  return JSON.stringify({ version: fileVersion, ...issuance });
}

/**
 * Reads an issuance's file. Undefined when it is not one: truncated, foreign, or of a later version. The extension
 * writes the file itself, so only its outline is checked.
 */
export function parseIssuance(text: string): Issuance | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const file = (json ?? {}) as Record<string, unknown>;
  if (file['version'] !== fileVersion || typeof file['id'] !== 'string') return undefined;
  if (!phases.has(file['phase']) || !Array.isArray(file['knownIds'])) return undefined;
  if (typeof file['request'] !== 'object' || file['request'] === null || !isInstant(file['intendedAt']))
    return undefined;
  // Unreadable times are left out: they would make every comparison false.
  const fields = Object.entries(file).filter(([name, value]) => name !== 'version' && isUsable(name, value));
  return Object.fromEntries(
    fields.map(([name, value]) => [name, instants.has(name) ? new Date(value as string) : value]),
  ) as unknown as Issuance;
}

const isInstant = (value: unknown): boolean => typeof value === 'string' && !Number.isNaN(Date.parse(value));
const isUsable = (name: string, value: unknown): boolean => !instants.has(name) || isInstant(value);
