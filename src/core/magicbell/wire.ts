import * as v from 'valibot';
import { Secret } from '../base/secret.ts';
import {
  firstFarYear,
  tokenId,
  unknownInstant,
  type IssuedToken,
  type Token,
  type TokenId,
  type TokenKind,
} from '../model/token.ts';
import { userId, type User } from '../model/user.ts';
import type { DiscardedToken, NewProjectToken, NewUserToken } from './magicBellApi.ts';

const timePattern = /^(\d{4,})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:[.,](\d+))?(Z|[+-]\d\d:?\d\d)?$/i;

/** The usual form, which Date parses. */
const usualTime = /^[2-8]\d{3}-\d\d-\d\dT\d\d:\d\d:[0-5]\d(?:\.\d+)?Z$/;

/** An instant in RFC 3339 with any number of fraction digits; `never` for the years that stand for it. */
export function parseInstant(text: string): Date | 'never' | undefined {
  if (usualTime.test(text)) return validDate(text);
  const parts = timePattern.exec(text.trim().replace(/^\+/, ''));
  if (parts === null) return undefined;
  const [, year = '', month, day, hour, minute, second, fraction = '', zone = 'Z'] = parts;
  // A far date, or the zero value of Go's time: two ways to write "none" into a field that is not nullable.
  if (Number(year) >= firstFarYear || Number(year) <= 1) return 'never';
  const offset = /^z$/i.test(zone) ? 'Z' : zone.replace(/(\d\d):?(\d\d)$/, '$1:$2');
  // JavaScript supports neither nanoseconds nor leap seconds.
  const time = `${hour}:${minute}:${second === '60' ? '59' : second}.${fraction.padEnd(3, '0').slice(0, 3)}`;
  return validDate(`${year}-${month}-${day}T${time}${offset}`);
}

function validDate(text: string): Date | undefined {
  const instant = new Date(text);
  return Number.isNaN(instant.getTime()) ? undefined : instant;
}

const nonEmpty = v.pipe(
  v.string(),
  v.check((text) => text.trim() !== ''),
);
/** For optional fields: anything unexpected counts as absent. */
const textOrNone = v.fallback(
  v.nullish(
    v.pipe(
      v.string(),
      v.transform((text) => (text === '' ? undefined : text)),
    ),
  ),
  undefined,
);

type WireInstant = Date | 'never' | 'unreadable';

/** Absent, null and empty are `never`, and so are the dates that stand for it. */
function readInstant(field: unknown): WireInstant {
  if (field === undefined || field === null || field === '') return 'never';
  return (typeof field === 'string' ? parseInstant(field) : undefined) ?? 'unreadable';
}

const dateOrNone = (instant: WireInstant): Date | undefined => (instant instanceof Date ? instant : undefined);
const anything = v.optional(v.unknown());

const tokenRow = v.object({
  id: v.fallback(v.optional(nonEmpty), undefined),
  name: textOrNone,
  created_at: anything,
  expires_at: anything,
  discarded_at: anything,
  last_used_at: anything,
  last_accessed_at: anything,
});

const userRow = v.object({
  id: nonEmpty,
  email: textOrNone,
  external_id: textOrNone,
  first_name: textOrNone,
  last_name: textOrNone,
});

/** A collection, row by row, so that one unreadable row does not take the others with it. */
export interface Rows<T> {
  readonly items: readonly T[];
  readonly unreadableItems: number;
  /** `links.next` as it came. */
  readonly next: unknown;
  /** Whether both `data` and `links` are absent. */
  readonly isBare: boolean;
}

export function readTokens(body: unknown, kind: TokenKind): Rows<Token> | undefined {
  return readRows(body, (row) => {
    const parsed = v.safeParse(tokenRow, row);
    if (!parsed.success) return undefined;
    const { id, name, created_at, expires_at, discarded_at, last_used_at, last_accessed_at } = parsed.output;
    const createdAt = dateOrNone(readInstant(created_at));
    // Other objects have ids too: without a creation time it is no token.
    if (created_at === undefined || (id === undefined && createdAt === undefined)) return undefined;
    const expiresAt = readInstant(expires_at);
    const revokedAt = readInstant(discarded_at);
    // A token with an unreadable date must neither look as if it never expired nor be hidden: nobody could revoke it.
    const isUnknown = expiresAt === 'unreadable' || revokedAt === 'unreadable';
    return {
      kind,
      id: id === undefined ? undefined : tokenId(id),
      name: name ?? undefined,
      createdAt: createdAt ?? unknownInstant,
      expiresAt: isUnknown ? undefined : dateOrNone(expiresAt),
      ...(isUnknown ? { isExpiryUnknown: true } : {}),
      revokedAt: dateOrNone(revokedAt),
      lastUsedAt: dateOrNone(readInstant(last_used_at)) ?? dateOrNone(readInstant(last_accessed_at)),
    };
  });
}

export function readUsers(body: unknown): Rows<User> | undefined {
  return readRows(body, (row) => {
    const parsed = v.safeParse(userRow, row);
    if (!parsed.success) return undefined;
    const { id, email, external_id, first_name, last_name } = parsed.output;
    return {
      id: userId(id),
      email: email ?? undefined,
      externalId: external_id ?? undefined,
      firstName: first_name ?? undefined,
      lastName: last_name ?? undefined,
    };
  });
}

/** Undefined: not a collection, or one in which nothing can be read. Neither may look like an empty list. */
function readRows<T>(body: unknown, readRow: (row: unknown) => T | undefined): Rows<T> | undefined {
  if (!isObject(body)) return undefined;
  const { data, links } = body;
  // Either key may be absent, and `{}` is an empty list; an object with other keys is not a collection.
  if (data === undefined && links === undefined && Object.keys(body).length > 0) return undefined;
  // Also with status 200: an error is not an empty list.
  if ((data === undefined || data === null) && body['errors'] !== undefined) return undefined;
  const rows = data ?? [];
  if (!Array.isArray(rows)) return undefined;
  const items = rows.map(readRow).filter((item) => item !== undefined);
  if (rows.length > 0 && items.length === 0) return undefined;
  return {
    items,
    unreadableItems: rows.length - items.length,
    next: isObject(links) ? links['next'] : undefined,
    isBare: data === undefined && links === undefined,
  };
}

/** The answer to a creation. Without a value there may still be an id, which names the token that now exists. */
export type Creation =
  | { readonly hasValue: true; readonly issued: IssuedToken }
  | { readonly hasValue: false; readonly id: TokenId | undefined };

/** Only the value is required: it is never sent again, and everything else is secondary. */
export function readCreation(body: unknown, answeredAt: Date): Creation {
  const { token, token_id, created_at, expires_at } = isObject(body) ? body : {};
  // Ids are shown and logged: one that repeats the value is dropped.
  const id = v.is(nonEmpty, token_id) && token_id !== token ? tokenId(token_id) : undefined;
  if (!v.is(nonEmpty, token)) return { hasValue: false, id };
  return {
    hasValue: true,
    issued: {
      id,
      value: new Secret(token),
      createdAt: instantOf(created_at) ?? answeredAt,
      expiresAt: instantOf(expires_at),
    },
  };
}

/** Undefined: nothing in the answer says that this token was discarded. */
export function readDiscarded(body: unknown, id: TokenId, answeredAt: Date): DiscardedToken | undefined {
  if (!isObject(body)) return undefined;
  const { token_id, discarded_at } = body;
  const namesIt = typeof token_id === 'string' && token_id.toLowerCase() === id.toLowerCase();
  // Another id, or neither field: something was discarded, but not certainly this token.
  if (!namesIt && (token_id !== undefined || instantOf(discarded_at) === undefined)) return undefined;
  return { id, revokedAt: instantOf(discarded_at) ?? answeredAt };
}

function instantOf(field: unknown): Date | undefined {
  const parsed = typeof field === 'string' ? parseInstant(field) : undefined;
  return parsed instanceof Date ? parsed : undefined;
}

/** The body of CreateProjectJwt. */
export function projectTokenBody({ name, expirySeconds }: NewProjectToken): object {
  return { name, expiry: expirySeconds };
}

/** The body of CreateUserJwt. */
export function userTokenBody({ email, externalId, name, expirySeconds }: NewUserToken): object {
  return { email, external_id: externalId, name, expiry: expirySeconds };
}

/** One entry of MagicBell's error body. */
export interface ServerError {
  readonly message: string;
  readonly code: string | undefined;
}

/** Undefined: not MagicBell's error body. */
export function readServerErrors(body: unknown): readonly ServerError[] | undefined {
  if (!isObject(body) || !Array.isArray(body['errors'])) return undefined;
  const errors = body['errors']
    .filter(isObject)
    .flatMap(({ message, code }) =>
      typeof message === 'string' ? [{ message, code: typeof code === 'string' ? code : undefined }] : [],
    );
  return errors.length === 0 ? undefined : errors;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
