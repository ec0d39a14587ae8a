import { createHash } from 'node:crypto';
import { errorAnswer, type Answer } from './answer.ts';
import { authenticationFailed, type Bearer, type Role } from './bearer.ts';
import { isSignedHere, isSignedWith, signHs256, signRs256, type Claims } from './jwt.ts';
import { uuidOf, type ProjectState, type TokenRecord, type UserRecord } from './projectState.ts';
import type { Switches } from './switches.ts';

/** What a project is called, and what its tokens are signed with. */
export interface ProjectIdentity {
  readonly id: number | string;
  readonly name: string;
  readonly workspaceId: number | string;
  /** `pk_…` */
  readonly apiKey: string;
  /** `sk_…`: the owner's own backend signs user tokens with it. */
  readonly secretKey: string;
  /** Signs project tokens of the HS256 form. Different from the Secret Key, which its owner may use. */
  readonly projectTokenSecret: string;
}

/** The first project's keys are fixed, so that user tokens can be signed without the server. */
export function identityOf(index: number, given: { id?: number | string; name?: string } = {}): ProjectIdentity {
  const suffix = index === 0 ? '' : `_${index + 1}`;
  return {
    id: given.id ?? 4101 + index,
    name: given.name ?? (index === 0 ? 'Local project' : `Local project ${index + 1}`),
    workspaceId: 71,
    apiKey: `pk_local_Zm9yLXRlc3Rz${suffix}`,
    secretKey: `sk_local_bm90LWEtc2VjcmV0LWp1c3QtZm9yLXRlc3Rz${suffix}`,
    projectTokenSecret: `local-api-signs-project-tokens-with-this${suffix}`,
  };
}

type TokenToMint = Pick<TokenRecord, 'id' | 'name' | 'createdAt' | 'expiresAt'>;

/** Makes a project token; its claims are all that says whose it is. */
export function mintProjectToken(
  token: TokenToMint,
  identity: ProjectIdentity,
  { projectTokens, neverExpires, farDate }: Switches,
): string {
  if (projectTokens === 'HS256') {
    const claims = { role: 'project', name: token.name, jti: token.id, ...lifetimeClaims(token) };
    return signHs256(claims, identity.projectTokenSecret);
  }
  const end = token.expiresAt ?? (neverExpires === 'farDate' ? new Date(farDate) : null);
  return signRs256({
    Role: 'project',
    // One administrator per token: without it, two tokens of one second would be the same.
    UserKey: { ID: uuidOf(`administrator ${token.id}`), ExternalID: '', Email: 'admin@example.com' },
    ProjectKey: {
      ID: identity.id,
      Name: identity.name,
      APIKey: identity.apiKey,
      WorkspaceID: identity.workspaceId,
    },
    ...(end === null ? {} : { exp: seconds(end) }),
  });
}

export function mintUserToken(record: TokenRecord, user: UserRecord, { apiKey, secretKey }: ProjectIdentity): string {
  const claims = {
    ...(user.email === null ? {} : { user_email: user.email }),
    ...(user.externalId === null ? {} : { user_external_id: user.externalId }),
    api_key: apiKey,
    jti: record.id,
    ...lifetimeClaims(record),
  };
  return signHs256(claims, secretKey);
}

/** The administrator's own token. */
export interface AdminToken {
  readonly value: string;
  /** The record under which it is listed, if it is. */
  readonly record: TokenRecord | undefined;
  readonly expiresAt: Date | null;
}

/** Tells whose bearers are a project's, and whether they are live. */
export class Keyring {
  admin: AdminToken;
  private readonly identity: ProjectIdentity;
  private readonly state: ProjectState;
  private readonly now: () => Date;
  /** Tokens of the RS256 form carry no id. Values are not kept, only their digests. */
  private readonly recordsByDigest = new Map<string, TokenRecord>();

  constructor(admin: AdminToken, identity: ProjectIdentity, state: ProjectState, now: () => Date) {
    this.admin = admin;
    this.identity = identity;
    this.state = state;
    this.now = now;
  }

  /** To be called with each project token that is made. */
  remember(value: string, record: TokenRecord): void {
    this.recordsByDigest.set(digestOf(value), record);
  }

  /** True if the bearer is one of this project, live or not. */
  knows(bearer: Bearer): boolean {
    return bearer.token !== undefined && (bearer.token === this.admin.value || this.roleOf(bearer) !== undefined);
  }

  /** The role of a bearer that this project knows, or why it may do nothing (any more). */
  authenticate(bearer: Bearer): Role | Answer {
    const { token = '', jwt } = bearer;
    if (token === this.admin.value) return this.isAdminLive() ? 'project' : authenticationFailed();
    const role = this.roleOf(bearer);
    if (role === undefined || jwt === undefined) return authenticationFailed();
    if (role === 'user' && this.isAmbiguous(jwt.claims)) {
      return errorAnswer(401, { message: 'multiple users found by email', code: 'multiple_users_found_by_email' });
    }
    const { jti, exp } = jwt.claims;
    if (role === 'user' && jti === undefined) {
      // Signed with the Secret Key by its owner, as MagicBell's guide tells developers to do.
      const isLive = exp === undefined || (typeof exp === 'number' && exp * 1000 > this.now().getTime());
      return isLive ? role : authenticationFailed();
    }
    const record = typeof jti === 'string' ? this.state.token(jti) : this.recordsByDigest.get(digestOf(token));
    if (record?.kind !== role || !this.isLive(record)) return authenticationFailed();
    record.lastUsedAt = this.now();
    return role;
  }

  isExpired({ expiresAt }: Pick<TokenRecord, 'expiresAt'>): boolean {
    return expiresAt !== null && expiresAt <= this.now();
  }

  private roleOf({ jwt }: Bearer): Role | undefined {
    if (jwt === undefined) return undefined;
    const { claims } = jwt;
    if (claims['api_key'] !== undefined) {
      return claims['api_key'] === this.identity.apiKey && isSignedWith(jwt, this.identity.secretKey)
        ? 'user'
        : undefined;
    }
    if (isSignedWith(jwt, this.identity.projectTokenSecret)) return 'project';
    return projectIdIn(claims) === this.identity.id && isSignedHere(jwt) ? 'project' : undefined;
  }

  private isAdminLive(): boolean {
    const { record } = this.admin;
    return record ? this.isLive(record) : !this.isExpired(this.admin);
  }

  private isLive(token: TokenRecord): boolean {
    return token.discardedAt === null && !this.isExpired(token);
  }

  // Emails are not unique (seen), external ids are.
  private isAmbiguous({ user_email: email, user_external_id: externalId }: Claims): boolean {
    if (typeof email !== 'string' || externalId !== undefined) return false;
    return this.state.users().filter((user) => user.email?.toLowerCase() === email.toLowerCase()).length > 1;
  }
}

function lifetimeClaims(token: TokenToMint): { iat: number; exp?: number } {
  const iat = Math.floor(token.createdAt.getTime() / 1000);
  return token.expiresAt === null ? { iat } : { iat, exp: seconds(token.expiresAt) };
}

function seconds(date: Date): number {
  return Math.ceil(date.getTime() / 1000);
}

function projectIdIn(claims: Claims): unknown {
  const key = claims['ProjectKey'];
  return typeof key === 'object' && key !== null && 'ID' in key ? key.ID : undefined;
}

function digestOf(value: string): string {
  return createHash('sha256').update(value).digest('base64');
}
