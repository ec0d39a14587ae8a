import { tokenId } from '../model/token.ts';
import { type User, userId } from '../model/user.ts';
import type { KnownExpiry } from './knownExpiries.ts';

/** A connection's expiries on disk. */
export interface ExpiryRecord {
  /** The connection's id. */
  readonly id: string;
  readonly expiries: readonly KnownExpiry[];
}

/** What was announced for a connection. Written to disk: token ids and times only. */
export interface WatchRecord {
  /** The connection's id. */
  readonly id: string;
  /** When the connection was first watched. */
  readonly since: Date;
  /** When something was last announced; undefined: never. */
  readonly noticedAt: Date | undefined;
  /** The smallest announced threshold in days, by token id; 0: its expiry was announced. */
  readonly announced: Readonly<Record<string, number>>;
  /** The muted tokens. */
  readonly muted: readonly string[];
}

/** Reads a record's file. Undefined when it is not one; entries that cannot be read are left out. */
export function reviveExpiryRecord(json: unknown): ExpiryRecord | undefined {
  const { id, expiries } = fieldsOf(json);
  if (typeof id !== 'string' || !Array.isArray(expiries)) return undefined;
  return { id, expiries: expiries.flatMap((entry) => reviveExpiry(entry) ?? []) };
}

/** Reads a record's file. Undefined when it is not one. */
export function reviveWatchRecord(json: unknown): WatchRecord | undefined {
  const { id, since, noticedAt, announced, muted } = fieldsOf(json);
  const watchedSince = instant(since);
  if (typeof id !== 'string' || watchedSince === undefined || !Array.isArray(muted)) return undefined;
  return {
    id,
    since: watchedSince,
    noticedAt: instant(noticedAt),
    announced: Object.fromEntries(
      Object.entries(fieldsOf(announced)).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
    ),
    muted: muted.filter((entry) => typeof entry === 'string'),
  };
}

function reviveExpiry(json: unknown): KnownExpiry | undefined {
  const { kind, id, name, owner, createdAt, expiresAt, seenAt, isRevoked } = fieldsOf(json);
  const [created, expires, seen] = [createdAt, expiresAt, seenAt].map(instant);
  if ((kind !== 'project' && kind !== 'user') || typeof id !== 'string') return undefined;
  if (created === undefined || expires === undefined || seen === undefined) return undefined;
  return {
    kind,
    id: tokenId(id),
    name: text(name),
    owner: reviveUser(owner),
    createdAt: created,
    expiresAt: expires,
    seenAt: seen,
    ...(isRevoked === true ? { isRevoked } : {}),
  };
}

function reviveUser(json: unknown): User | undefined {
  const { id, email, externalId, firstName, lastName } = fieldsOf(json);
  if (typeof id !== 'string') return undefined;
  return {
    id: userId(id),
    email: text(email),
    externalId: text(externalId),
    firstName: text(firstName),
    lastName: text(lastName),
  };
}

const fieldsOf = (json: unknown): Record<string, unknown> =>
  typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : {};

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function instant(value: unknown): Date | undefined {
  const at = new Date(typeof value === 'string' ? value : NaN);
  return Number.isNaN(at.getTime()) ? undefined : at;
}
