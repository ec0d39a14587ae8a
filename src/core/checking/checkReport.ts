import { displayText } from '../base/displayText.ts';
import type { Secret } from '../base/secret.ts';
import { type TimeFormat, localTime, relativeTime } from '../base/timeText.ts';
import type { Recipient } from '../model/recipient.ts';
import type { BaseUrl } from '../magicbell/baseUrl.ts';
import { type Token, tokenState } from '../model/token.ts';
import { type ClaimRow, claimRows } from './claimRows.ts';
import { decodeToken } from './decodeToken.ts';
import {
  type ListedToken,
  type TokenIdentity,
  findListed,
  identityOf,
  identityOfClaims,
  isSameProject,
} from './tokenIdentity.ts';

/** A connection that a token is compared with. */
export interface ComparedConnection<T extends ListedToken = ListedToken> {
  readonly id: string;
  /** The display name. */
  readonly name: string;
  readonly baseUrl: BaseUrl;
  readonly key: Secret;
  /** The current time of its server's clock. */
  readonly now: Date;
  /** Its loaded tokens. */
  readonly rows: Iterable<T>;
}

/** A record of a token that was issued or signed here, recognised by its fingerprint. */
interface KnownRecord {
  readonly connectionId: string;
  readonly isSigned: boolean;
  readonly tokenId: string | undefined;
  readonly name: string | undefined;
  /** The user of a user token. */
  readonly recipient: Recipient | undefined;
}

/** The result of checking a token locally, without any request. */
export interface TokenReport<T extends ListedToken = ListedToken> {
  /** Undefined when its claims cannot be read; MagicBell cannot be asked about it then (see `baseUrls`). */
  readonly identity: TokenIdentity | undefined;
  /** One sentence that answers "which token is this?". */
  readonly summary: string;
  /** A sentence with its expiry. Undefined when its claims cannot be read. */
  readonly lifetime: string | undefined;
  /** Problems, in sentences that never quote the token. */
  readonly notes: readonly string[];
  readonly claims: readonly ClaimRow[];
  readonly row: T | undefined;
  /** The addresses that the token may be sent to; none for a token of another issuer. */
  readonly baseUrls: readonly BaseUrl[];
}

export interface CheckInput<T extends ListedToken> {
  /** Unwrapped: see `unwrapSecret`. */
  readonly token: Secret;
  readonly connections: readonly ComparedConnection<T>[];
  readonly record: KnownRecord | undefined;
  /** The address for a MagicBell token when there are no connections. */
  readonly defaultBaseUrl: BaseUrl | undefined;
  /** For tokens that belong to no connection; others use `KnownConnection.now`. */
  readonly now: Date;
  readonly format?: TimeFormat;
}

/** Decodes a token and compares it with local data. */
export function reportOnToken<T extends ListedToken>(input: CheckInput<T>): TokenReport<T> {
  const { token, connections, record, format } = input;
  const decoded = decodeToken(token.reveal());
  if (!decoded.ok) {
    const owner = connections.find(({ id }) => id === record?.connectionId);
    return {
      identity: undefined,
      summary: record === undefined ? decoded.problem : `${recordText(record)}${inProject(owner, connections)}`,
      lifetime: undefined,
      notes: record === undefined ? [] : [decoded.problem],
      claims: [],
      row: undefined,
      baseUrls: [],
    };
  }
  const identity = decoded.claims === undefined ? undefined : identityOfClaims(decoded.claims);
  const ownKeyOf = connections.find(({ key }) => key.equals(token));
  const found = findRow(identity, connections, record);
  const owner =
    ownKeyOf ??
    found?.connection ??
    connections.find(({ id }) => id === record?.connectionId) ??
    connections.find(({ key }) => identity !== undefined && isSameProject(identityOf(key), identity) === true);
  const now = owner?.now ?? input.now;
  const isOurs = owner !== undefined || record !== undefined;
  const isMagicBells = isOurs || identity?.isMagicBells === true;
  const fallback = input.defaultBaseUrl === undefined ? [] : [input.defaultBaseUrl];
  const known = owner === undefined ? connections.map(({ baseUrl }) => baseUrl) : [owner.baseUrl];
  return {
    identity,
    summary: summaryOf({ identity, ownKeyOf, row: found?.row, record, owner, isMagicBells, connections }),
    lifetime: identity && lifetimeText(identity, found?.row.token, now, format),
    notes: [
      ...(found?.match === 'likely'
        ? ['It was created and expires at the times of this row; its id is not in its claims.']
        : []),
      ...decoded.problems,
    ],
    claims: decoded.claims === undefined ? [] : claimRows(decoded.claims, now, format),
    row: found?.row,
    baseUrls: isMagicBells && decoded.claims !== undefined ? [...new Set(known.length === 0 ? fallback : known)] : [],
  };
}

interface FoundRow<T extends ListedToken> {
  readonly row: T;
  readonly match: 'sure' | 'likely';
  readonly connection: ComparedConnection<T>;
}

/** The matching row, in the projects that the claims do not rule out. */
function findRow<T extends ListedToken>(
  identity: TokenIdentity | undefined,
  connections: readonly ComparedConnection<T>[],
  record: KnownRecord | undefined,
): FoundRow<T> | undefined {
  const likely: FoundRow<T>[] = [];
  for (const connection of connections) {
    if (record !== undefined && record.connectionId !== connection.id) continue;
    if (isSameProject(identityOf(connection.key), identity) === false) continue;
    const found = findListed(identity, connection.rows, record?.tokenId);
    if (found?.match === 'sure') return { ...found, connection };
    if (found !== undefined) likely.push({ ...found, connection });
  }
  return likely.length === 1 ? likely[0] : undefined;
}

interface Findings {
  readonly identity: TokenIdentity | undefined;
  readonly ownKeyOf: ComparedConnection | undefined;
  readonly row: ListedToken | undefined;
  readonly record: KnownRecord | undefined;
  readonly owner: ComparedConnection | undefined;
  readonly isMagicBells: boolean;
  readonly connections: readonly ComparedConnection[];
}

function summaryOf(findings: Findings): string {
  const { identity, ownKeyOf, row, record, owner, isMagicBells, connections } = findings;
  const where = inProject(owner, connections);
  if (ownKeyOf !== undefined) return `This is the API key that this extension uses${where}.`;
  if (row !== undefined) return `This is “${displayText(row.token.name ?? 'Unnamed token')}”${where}.`;
  if (record !== undefined) return `${recordText(record)}${where}.`;
  if (!isMagicBells) return 'This is a JWT of another issuer: nothing in it is MagicBell’s. It is sent nowhere.';
  const what = kindText(identity);
  if (owner !== undefined) return `This is a ${what}${where}. It is in no list that is loaded.`;
  const project = identity?.projectName === undefined ? '' : ` of the project “${displayText(identity.projectName)}”`;
  return connections.length === 0
    ? `This is a ${what}${project}.`
    : `This is a ${what}${project}, which is not known to belong to a project that is connected here.`;
}

function kindText(identity: TokenIdentity | undefined): string {
  if (identity?.kind === 'project') return 'project token';
  if (identity?.kind !== 'user') return 'token of MagicBell';
  const user = displayText(identity.userEmail ?? identity.userExternalId ?? '');
  return user === '' ? 'user token' : `user token for ${user}`;
}

function recordText({ isSigned, name, recipient }: KnownRecord): string {
  const user = displayText(recipient?.email ?? recipient?.externalId ?? recipient?.userId ?? '');
  if (isSigned) return `This token was signed here for ${user}`;
  return `This is “${displayText(name ?? '') || user || 'Unnamed token'}”, issued here`;
}

/** Names the project if there are several. */
function inProject(owner: ComparedConnection | undefined, connections: readonly ComparedConnection[]): string {
  return owner === undefined || connections.length < 2 ? '' : ` in ${owner.name}`;
}

function lifetimeText(
  identity: TokenIdentity,
  listed: Token | undefined,
  now: Date,
  format: TimeFormat | undefined,
): string {
  if (listed?.revokedAt !== undefined) return `Revoked ${relativeTime(listed.revokedAt, now, format)}.`;
  const expiresAt = identity.expiresAt ?? listed?.expiresAt;
  if (expiresAt === undefined && (identity.isExpiryUnknown || listed?.isExpiryUnknown === true))
    return 'It is not known when it expires: its expiry cannot be read.';
  if (expiresAt === undefined) return 'It names no expiry: it lasts until it is revoked.';
  const state = tokenState({ expiresAt, revokedAt: undefined }, now);
  const when = `${relativeTime(expiresAt, now, format)}: ${localTime(expiresAt, format)}`;
  return state === 'expired' ? `Expired ${when}.` : `Expires ${when}.`;
}
