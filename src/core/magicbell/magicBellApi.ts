import type { IssuedToken, Token, TokenId } from '../model/token.ts';
import type { User, UserId } from '../model/user.ts';
import type { ListPage, PageRequest } from './paging.ts';

/**
 * What a call waits for.
 *
 * - `serverBusy`: the server has asked for a pause (429 or 503 with Retry-After)
 * - `budget`: the requests of this minute are used up; background calls also leave a share to interactive ones
 * - `retry`: an attempt has failed and will be repeated
 */
export type WaitReason = 'serverBusy' | 'budget' | 'retry';

/** How a call is made. */
export interface CallOptions {
  /** Aborting ends the call, also while it waits for its turn; it then fails with reason `cancelled`. */
  readonly signal?: AbortSignal | undefined;
  /**
   * `interactive` calls (a person waits for this one answer) go before `background` ones (loading all, refreshing,
   * searching for an orphan, auditing), which leave them a share of the minute's requests. Default: `interactive`.
   */
  readonly priority?: 'interactive' | 'background' | undefined;
  /** One attempt, never repeated. */
  readonly isOnce?: boolean | undefined;
  /** Called when the call starts to wait until a point in time, and again when that point moves. Must not throw. */
  readonly onWait?: ((until: Date, reason: WaitReason) => void) | undefined;
}

export interface NewProjectToken {
  /** 1 to 255 characters. */
  readonly name: string;
  /** Whole seconds ≥ 1 from now; undefined: it never expires. */
  readonly expirySeconds: number | undefined;
}

/** Email or external id must be there (each ≤ 255 characters). */
export interface NewUserToken {
  readonly email: string | undefined;
  readonly externalId: string | undefined;
  readonly name: string | undefined;
  readonly expirySeconds: number | undefined;
}

/** When the token was revoked, by the server's clock. */
export interface DiscardedToken {
  readonly id: TokenId;
  readonly revokedAt: Date;
}

export interface CreateOptions extends CallOptions {
  /** Sent as `Idempotency-Key` (a UUID). MagicBell may ignore it: nothing relies on it. */
  readonly idempotencyKey?: string | undefined;
}

/**
 * MagicBell's JwtService, under the API's own names. Each call throws a `MagicBellError`.
 * Source: MagicBell's OpenAPI document, JwtService.
 */
export interface JwtApi {
  /** GET /jwt/project */
  fetchProjectTokens(page: PageRequest, options?: CallOptions): Promise<ListPage<Token>>;
  /** POST /jwt/project. Sent once: never repeated, whatever happens. */
  createProjectJwt(token: NewProjectToken, options?: CreateOptions): Promise<IssuedToken>;
  /** DELETE /jwt/project/{token_id} */
  discardProjectJwt(id: TokenId, options?: CallOptions): Promise<DiscardedToken>;
  /** POST /jwt/user. Sent once: never repeated, whatever happens. */
  createUserJwt(token: NewUserToken, options?: CreateOptions): Promise<IssuedToken>;
  /** DELETE /jwt/user/{token_id} */
  discardUserJwt(id: TokenId, options?: CallOptions): Promise<DiscardedToken>;
  /** GET /jwt/user/{user_id} */
  fetchUserTokens(id: UserId, page: PageRequest, options?: CallOptions): Promise<ListPage<Token>>;
}

export interface UserApi {
  /** GET /users. `query` filters by email or external id on the server. */
  listUsers(query: string | undefined, page: PageRequest, options?: CallOptions): Promise<ListPage<User>>;
}

/** One connection's client. */
export interface MagicBellApi {
  readonly jwt: JwtApi;
  readonly users: UserApi;
  /** Server clock minus ours, in milliseconds, from the latest Date header; undefined before the first answer. */
  readonly clockOffsetMs: number | undefined;
}
