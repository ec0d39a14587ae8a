import { type Token, tokenId } from '../model/token.ts';
import { type User, userId } from '../model/user.ts';

/**
 * The phase of an audit.
 *
 * - `listing`: the users are being listed · `reading`: their tokens are being read
 * - `closing`: the users are listed again, since users who are added or removed shift the pages
 * - `done`
 */
type AuditPhase = 'listing' | 'reading' | 'closing' | 'done';

/** Which of the needed operations the API offers. */
type AuditScope = 'everything' | 'noUserTokens' | 'noUsers';

/** An audit of a connection on disk, from which it resumes after a restart. Holds no token values. */
export interface AuditRecord {
  /** The id of the connection. */
  readonly id: string;
  readonly startedAt: Date;
  readonly phase: AuditPhase;
  /** The number of page files, and of users in them. */
  readonly pageCount: number;
  readonly userCount: number;
  /** Users whose tokens were read or cannot be read. */
  readonly readCount: number;
  readonly tokenCount: number;
  /** Users whose tokens could not be read, or not all of them, at the second attempt either. */
  readonly failedCount: number;
  /** How many times the whole list of users was read. */
  readonly looks: number;
  readonly scope: AuditScope;
  /** Whether the list of users is incomplete: it was cut short, or some of its rows cannot be read. */
  readonly isCutShort: boolean;
  readonly finishedAt?: Date | undefined;
}

/** A user in an audit. Without tokens and without a problem: not read yet. */
export interface AuditedUser {
  readonly user: User;
  readonly tokens?: readonly Token[] | undefined;
  /** `gone`: the user no longer exists in MagicBell */
  readonly problem?: 'gone' | 'failed' | undefined;
}

/** A page of users, in one file. */
export interface AuditPage {
  readonly id: string;
  readonly users: readonly AuditedUser[];
}

export const isOpen = ({ tokens, problem }: AuditedUser): boolean => tokens === undefined && problem === undefined;

/** Reads an audit's record from JSON. Undefined when it is invalid. */
export function reviveAuditRecord(json: unknown): AuditRecord | undefined {
  const { id, startedAt, phase, scope, isCutShort, finishedAt, ...counts } = (json ?? {}) as Record<string, unknown>;
  const { pageCount, userCount, readCount, tokenCount, failedCount, looks } = counts;
  const numbers = [pageCount, userCount, readCount, tokenCount, failedCount, looks];
  const started = dateOf(startedAt);
  if (typeof id !== 'string' || started === undefined || !numbers.every(isCount)) return undefined;
  if (phase !== 'listing' && phase !== 'reading' && phase !== 'closing' && phase !== 'done') return undefined;
  if (scope !== 'everything' && scope !== 'noUserTokens' && scope !== 'noUsers') return undefined;
  const [pages = 0, users = 0, read = 0, tokens = 0, failed = 0, looked = 0] = numbers as number[];
  return {
    id,
    startedAt: started,
    phase,
    scope,
    pageCount: pages,
    userCount: users,
    readCount: read,
    tokenCount: tokens,
    failedCount: failed,
    looks: looked,
    isCutShort: isCutShort === true,
    finishedAt: dateOf(finishedAt),
  };
}

/** Reads a page of users from JSON. Undefined when it is invalid. */
export function reviveAuditPage(json: unknown): AuditPage | undefined {
  const { id, users } = (json ?? {}) as Record<string, unknown>;
  if (typeof id !== 'string' || !Array.isArray(users)) return undefined;
  const revived = (users as unknown[]).map(reviveUser);
  return revived.every((user) => user !== undefined) ? { id, users: revived } : undefined;
}

function reviveUser(json: unknown): AuditedUser | undefined {
  const { user, tokens, problem } = (json ?? {}) as Record<string, unknown>;
  const { id, email, externalId, firstName, lastName } = (user ?? {}) as Record<string, unknown>;
  if (typeof id !== 'string') return undefined;
  return {
    user: {
      id: userId(id),
      email: textOf(email),
      externalId: textOf(externalId),
      firstName: textOf(firstName),
      lastName: textOf(lastName),
    },
    tokens: Array.isArray(tokens) ? (tokens as unknown[]).flatMap((token) => reviveToken(token) ?? []) : undefined,
    problem: problem === 'gone' || problem === 'failed' ? problem : undefined,
  };
}

function reviveToken(json: unknown): Token | undefined {
  const { id, name, createdAt, expiresAt, isExpiryUnknown, revokedAt, lastUsedAt } = (json ?? {}) as Record<
    string,
    unknown
  >;
  const created = dateOf(createdAt);
  if (created === undefined) return undefined;
  return {
    kind: 'user',
    id: typeof id === 'string' ? tokenId(id) : undefined,
    name: textOf(name),
    createdAt: created,
    expiresAt: dateOf(expiresAt),
    ...(isExpiryUnknown === true ? { isExpiryUnknown: true } : {}),
    revokedAt: dateOf(revokedAt),
    lastUsedAt: dateOf(lastUsedAt),
  };
}

/**
 * The fields of a token that are kept, named one by one: fields that tokens may get in the future are not written to
 * disk unnoticed.
 */
export const tokenToKeep = (token: Token): Token => ({
  kind: 'user',
  id: token.id,
  name: token.name,
  createdAt: token.createdAt,
  expiresAt: token.expiresAt,
  ...(token.isExpiryUnknown === true ? { isExpiryUnknown: true } : {}),
  revokedAt: token.revokedAt,
  lastUsedAt: token.lastUsedAt,
});

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function dateOf(value: unknown): Date | undefined {
  const date = new Date(typeof value === 'string' ? value : NaN);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
