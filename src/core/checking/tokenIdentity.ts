import { Secret } from '../base/secret.ts';
import { type Token, firstFarYear } from '../model/token.ts';
import { unwrapSecret } from './pastedSecret.ts';
import { type Claims, claimInstant, claimObject, claimText, decodeToken } from './decodeToken.ts';

/** A token's identity according to its claims. Missing claims are undefined. */
export interface TokenIdentity {
  /** Derived from the role, else from the user in the claims. */
  readonly kind: 'project' | 'user' | undefined;
  readonly projectId: string | undefined;
  readonly projectName: string | undefined;
  readonly workspaceId: string | undefined;
  /** The project's `pk_…`. */
  readonly apiKey: Secret | undefined;
  readonly userId: string | undefined;
  readonly userEmail: string | undefined;
  readonly userExternalId: string | undefined;
  /** All claims that may be the token's id: MagicBell does not document which one it is. */
  readonly ids: readonly string[];
  readonly issuedAt: Date | undefined;
  readonly expiresAt: Date | undefined;
  /** It names an expiry that is no date: nothing says that it never expires. */
  readonly isExpiryUnknown: boolean;
  /** False when no claim is specific to MagicBell. */
  readonly isMagicBells: boolean;
}

/** Sources: recordings of the real API (project tokens, RS256) and MagicBell's guide (user tokens, HS256). */
export function identityOfClaims(claims: Claims): TokenIdentity {
  const project = claimObject(claims['ProjectKey']);
  const user = claimObject(claims['UserKey']);
  const role = claimText(claims['Role'] ?? claims['role'])?.toLowerCase();
  const userEmail = claimText(claims['user_email']) ?? claimText(user?.['Email']);
  const userExternalId = claimText(claims['user_external_id']) ?? claimText(user?.['ExternalID']);
  const namesUser = 'user_email' in claims || 'user_external_id' in claims;
  const exp = claims['exp'] ?? undefined;
  const expiresAt = claimInstant(exp);
  const apiKey = claimText(claims['api_key']) ?? claimText(project?.['APIKey']);
  const kind = role === 'project' || role === 'user' ? role : namesUser ? 'user' : undefined;
  return {
    kind,
    projectId: claimText(project?.['ID']),
    projectName: claimText(project?.['Name']),
    workspaceId: claimText(project?.['WorkspaceID']),
    apiKey: apiKey?.startsWith('pk_') === true ? new Secret(apiKey) : undefined,
    userId: claimText(user?.['ID']),
    userEmail,
    userExternalId,
    ids: Object.values(claims).flatMap((claim) => claimText(claim) ?? []),
    issuedAt: claimInstant(claims['iat']),
    // A far date stands for "never", as in the API's lists.
    expiresAt: expiresAt !== undefined && expiresAt.getUTCFullYear() >= firstFarYear ? undefined : expiresAt,
    isExpiryUnknown: exp !== undefined && expiresAt === undefined,
    isMagicBells: kind !== undefined || project !== undefined,
  };
}

/** The identity of a key or token. Undefined when its claims cannot be read. */
export function identityOf(token: Secret): TokenIdentity | undefined {
  const decoded = decodeToken(unwrapSecret(token.reveal(), 'token'));
  return decoded.ok && decoded.claims !== undefined ? identityOfClaims(decoded.claims) : undefined;
}

/** Whether two keys or tokens belong to the same project. Undefined when their claims do not tell. */
export function isSameProject(a: TokenIdentity | undefined, b: TokenIdentity | undefined): boolean | undefined {
  if (a?.projectId !== undefined && b?.projectId !== undefined) return a.projectId === b.projectId;
  if (a?.apiKey !== undefined && b?.apiKey !== undefined) return a.apiKey.equals(b.apiKey);
  return undefined;
}

/** Claims are in whole seconds, and the server may create its row a moment later. */
const toleranceMs = 2_000;

const isClose = (a: Date, b: Date): boolean => Math.abs(a.getTime() - b.getTime()) <= toleranceMs;

/**
 * Whether a listed token matches these claims.
 *
 * - `sure`: the ids match, by the claims or by `knownId`
 * - `likely`: creation and expiry match; another token created in the same second would match, too
 */
export function matchOf(
  identity: TokenIdentity | undefined,
  token: Pick<Token, 'id' | 'createdAt' | 'expiresAt'>,
  knownId?: string,
): 'sure' | 'likely' | undefined {
  if (knownId !== undefined) return token.id === knownId ? 'sure' : undefined;
  if (identity === undefined) return undefined;
  if (token.id !== undefined && identity.ids.includes(token.id)) return 'sure';
  const { issuedAt, expiresAt, isExpiryUnknown } = identity;
  if (isExpiryUnknown || (issuedAt === undefined && expiresAt === undefined)) return undefined;
  if (issuedAt !== undefined && !isClose(issuedAt, token.createdAt)) return undefined;
  if (expiresAt === undefined) return token.expiresAt === undefined ? 'likely' : undefined;
  return token.expiresAt !== undefined && isClose(expiresAt, token.expiresAt) ? 'likely' : undefined;
}

/** A listed token with its connection. */
export interface ListedToken {
  readonly connectionId: string;
  readonly token: Token;
}

/** The row that matches these claims: a sure match, else the only likely one. */
export function findListed<T extends ListedToken>(
  identity: TokenIdentity | undefined,
  rows: Iterable<T>,
  knownId?: string,
): { readonly row: T; readonly match: 'sure' | 'likely' } | undefined {
  const likely: T[] = [];
  for (const row of rows) {
    const match = row.token.kind === (identity?.kind ?? row.token.kind) && matchOf(identity, row.token, knownId);
    if (match === 'sure') return { row, match };
    if (match === 'likely') likely.push(row);
  }
  const [row] = likely;
  return row !== undefined && likely.length === 1 ? { row, match: 'likely' } : undefined;
}
