import type { Clock } from '../../src/core/base/clock.ts';
import { MagicBellError } from '../../src/core/magicbell/errors.ts';
import type { MagicBellApi } from '../../src/core/magicbell/magicBellApi.ts';
import type { NextPage, ListPage, PageRequest } from '../../src/core/magicbell/paging.ts';
import { Secret } from '../../src/core/base/secret.ts';
import {
  type IssuedToken,
  type RevocableToken,
  type Token,
  type TokenId,
  tokenId,
} from '../../src/core/model/token.ts';
import type { User, UserId } from '../../src/core/model/user.ts';
import { Lifeline } from './lifeline.ts';

/**
 * What the next creation comes to.
 *
 * - `ok`
 * - `refused`: surely not created
 * - `lostCreated`, `lostNotCreated`: the answer never comes; a token was made, or was not
 * - `noValue`: an answer that names the new token and cannot be read otherwise
 */
export type CreationMode = 'ok' | 'refused' | 'lostCreated' | 'lostNotCreated' | 'noValue';

/** Every value begins with this, so that one search finds any of them wherever it should not be. */
export const valuePrefix = 'VALUE-';

export interface IssuedHere {
  token: RevocableToken;
  readonly value: string;
}

/** MagicBell in memory: one project with its tokens and users. */
export class FakeMagicBell {
  creation: CreationMode = 'ok';
  users: User[] = [];
  /** Tokens made by somebody else. */
  others: { readonly token: Token; readonly owner?: UserId }[] = [];
  /** What was made by each POST, by its idempotency key. */
  readonly issued = new Map<string, IssuedHere>();
  /** How many POSTs came with each idempotency key. */
  readonly posts = new Map<string, number>();
  /** The server's clock minus ours. */
  offsetMs = 0;
  /** What every call but a creation fails with. */
  failure: MagicBellError | undefined;
  pageSize = 100;
  private readonly clock: Clock;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  now(): Date {
    return new Date(this.clock.now().getTime() + this.offsetMs);
  }

  create(key: string, kind: Token['kind'], name: string | undefined, expirySeconds: number | undefined): IssuedToken {
    this.posts.set(key, (this.posts.get(key) ?? 0) + 1);
    const mode = this.creation;
    if (mode === 'refused') throw new MagicBellError('forbidden', 'refused');
    if (mode === 'lostNotCreated') throw new MagicBellError('connectionLost', 'lost');
    const id = tokenId(`id-${this.issued.size + 1}`);
    const value = `${valuePrefix}${this.issued.size + 1}-${'x'.repeat(30)}`;
    const createdAt = this.now();
    const expiresAt = expirySeconds === undefined ? undefined : new Date(createdAt.getTime() + expirySeconds * 1000);
    const token = { kind, id, name, createdAt, expiresAt, revokedAt: undefined, lastUsedAt: undefined };
    this.issued.set(key, { token, value });
    if (mode === 'lostCreated') throw new MagicBellError('timeout', 'lost');
    if (mode === 'noValue') throw new MagicBellError('unexpectedResponse', 'no value', { createdTokenId: id });
    return { id, value: new Secret(value), createdAt, expiresAt };
  }

  revoke(id: TokenId): void {
    for (const issued of this.issued.values()) {
      if (issued.token.id === id) issued.token = { ...issued.token, revokedAt: this.now() };
    }
  }

  /** The client of one window. */
  usedBy(life = new Lifeline()): MagicBellApi {
    const call = <T>(name: string, work: () => T): Promise<T> =>
      life.step(name, () => {
        if (this.failure !== undefined) throw this.failure;
        return work();
      });
    const discard = (id: TokenId): Promise<{ id: TokenId; revokedAt: Date }> =>
      call('DELETE token', () => {
        this.revoke(id);
        return { id, revokedAt: this.now() };
      });
    const now = (): Date => this.now();
    const clock = this.clock;
    return {
      jwt: {
        fetchProjectTokens: (page) => call('GET project tokens', () => this.page(this.tokens('project'), page)),
        fetchUserTokens: (user, page) => call('GET user tokens', () => this.page(this.tokens('user', user), page)),
        createProjectJwt: ({ name, expirySeconds }, { idempotencyKey = '' } = {}) =>
          life.step('POST token', () => this.create(idempotencyKey, 'project', name, expirySeconds)),
        createUserJwt: ({ name, expirySeconds }, { idempotencyKey = '' } = {}) =>
          life.step('POST token', () => this.create(idempotencyKey, 'user', name, expirySeconds)),
        discardProjectJwt: discard,
        discardUserJwt: discard,
      },
      users: {
        listUsers: (query, page) =>
          call('GET users', () =>
            this.page(
              this.users.filter(
                ({ email, externalId }) =>
                  query === undefined || [email, externalId].some((text) => text?.includes(query) === true),
              ),
              page,
            ),
          ),
      },
      get clockOffsetMs() {
        return now().getTime() - clock.now().getTime();
      },
    };
  }

  private tokens(kind: Token['kind'], owner?: UserId): Token[] {
    const here = [...this.issued.values()].map(({ token }) => token);
    const others = this.others.filter((other) => other.owner === owner).map(({ token }) => token);
    return [...others, ...here].filter((token) => token.kind === kind);
  }

  private page<T>(items: readonly T[], { next }: PageRequest): ListPage<T> {
    const start = Number(next ?? 0);
    const end = start + this.pageSize;
    return { items: items.slice(start, end), next: end < items.length ? (String(end) as NextPage) : undefined };
  }
}
