import { createHash, randomBytes, randomUUID } from 'node:crypto';

/** One token as the server knows it. Values are not kept, as in the real API. */
export interface TokenRecord {
  readonly id: string;
  /** Rises with each record: the order of creation. */
  readonly sequence: number;
  readonly kind: 'project' | 'user';
  readonly name: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  /** Only for user tokens. */
  readonly userId: string | null;
  discardedAt: Date | null;
  lastUsedAt: Date | null;
}

/** All but the id may be empty (seen). */
export interface UserRecord {
  readonly id: string;
  readonly sequence: number;
  email: string | null;
  externalId: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly customAttributes: Record<string, unknown> | null;
  readonly createdAt: Date | null;
  readonly updatedAt: Date | null;
  readonly lastSeenAt: Date | null;
  readonly lastNotifiedAt: Date | null;
}

export interface NewToken {
  readonly id?: string;
  readonly name?: string | null;
  readonly createdAt: Date;
  readonly expiresAt?: Date | null;
  readonly discardedAt?: Date | null;
}

export type NewUser = Partial<Omit<UserRecord, 'sequence'>>;

/** One MagicBell project: its tokens and users, in memory. */
export class ProjectState {
  private readonly tokensById = new Map<string, TokenRecord>();
  private readonly usersById = new Map<string, UserRecord>();
  private readonly tokensByUserId = new Map<string, TokenRecord[]>();
  private sequence = 0;

  addProjectToken(token: NewToken): TokenRecord {
    return this.addToken('project', null, token);
  }

  addUserToken(userId: string, token: NewToken): TokenRecord {
    const record = this.addToken('user', userId, token);
    const ofUser = this.tokensByUserId.get(userId);
    if (ofUser) ofUser.push(record);
    else this.tokensByUserId.set(userId, [record]);
    return record;
  }

  addUser(user: NewUser): UserRecord {
    const record: UserRecord = {
      id: user.id ?? randomUuidV7(),
      sequence: ++this.sequence,
      email: user.email ?? null,
      externalId: user.externalId ?? null,
      firstName: user.firstName ?? null,
      lastName: user.lastName ?? null,
      customAttributes: user.customAttributes ?? null,
      createdAt: user.createdAt ?? null,
      updatedAt: user.updatedAt ?? null,
      lastSeenAt: user.lastSeenAt ?? null,
      lastNotifiedAt: user.lastNotifiedAt ?? null,
    };
    this.usersById.set(record.id, record);
    return record;
  }

  /** The user's tokens stay. */
  removeUser(id: string): void {
    this.usersById.delete(id);
  }

  /** Every project token, discarded and expired ones included, in the order of creation. */
  projectTokens(): TokenRecord[] {
    return [...this.tokensById.values()].filter((token) => token.kind === 'project');
  }

  /** Every token of the user, discarded and expired ones included, in the order of creation. */
  userTokens(userId: string): readonly TokenRecord[] {
    return this.tokensByUserId.get(userId) ?? [];
  }

  users(): UserRecord[] {
    return [...this.usersById.values()];
  }

  user(id: string): UserRecord | undefined {
    return this.usersById.get(id);
  }

  /** The user with this external id or, failing that, this email (without regard to case). */
  findUser(email: string | null, externalId: string | null): UserRecord | undefined {
    const users = this.users();
    const byExternalId = externalId === null ? undefined : users.find((user) => user.externalId === externalId);
    if (byExternalId || email === null) return byExternalId;
    return users.find((user) => user.email?.toLowerCase() === email.toLowerCase());
  }

  token(id: string): TokenRecord | undefined {
    return this.tokensById.get(id);
  }

  private addToken(kind: TokenRecord['kind'], userId: string | null, token: NewToken): TokenRecord {
    const record: TokenRecord = {
      id: token.id ?? randomUUID(),
      sequence: ++this.sequence,
      kind,
      name: token.name ?? null,
      createdAt: token.createdAt,
      expiresAt: token.expiresAt ?? null,
      userId,
      discardedAt: token.discardedAt ?? null,
      lastUsedAt: null,
    };
    this.tokensById.set(record.id, record);
    return record;
  }
}

/** The same uuid for the same text, of the version asked for, so that a seed is the same on every start. */
export function uuidOf(text: string, version: 4 | 7 = 4): string {
  return formatUuid(createHash('sha256').update(text).digest('hex'), version);
}

/** MagicBell's newer users have uuids of version 7 (seen), which Node 20 cannot make. */
function randomUuidV7(): string {
  const time = Date.now().toString(16).padStart(12, '0');
  return formatUuid(time + randomBytes(10).toString('hex'), 7);
}

function formatUuid(hex: string, version: 4 | 7): string {
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${version}${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
