import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/logger.ts';
import type { IssuedToken, Token, TokenId, TokenKind } from '../model/token.ts';
import type { UserId } from '../model/user.ts';
import { MagicBellError } from './errors.ts';
import { pathSegment } from './transport.ts';
import type {
  CallOptions,
  CreateOptions,
  DiscardedToken,
  JwtApi,
  NewProjectToken,
  NewUserToken,
} from './magicBellApi.ts';
import { fetchPage } from './pageCall.ts';
import type { ListPage, PageRequest } from './paging.ts';
import type { RequestRunner } from './requests.ts';
import { projectTokenBody, readCreation, readDiscarded, readTokens, userTokenBody } from './wire.ts';

/** MagicBell's JwtService over HTTP. */
export class JwtService implements JwtApi {
  private readonly runner: RequestRunner;
  private readonly clock: Clock;
  private readonly logger: Logger;

  constructor(runner: RequestRunner, clock: Clock, logger: Logger) {
    this.runner = runner;
    this.clock = clock;
    this.logger = logger;
  }

  fetchProjectTokens(page: PageRequest, options?: CallOptions): Promise<ListPage<Token>> {
    const path = '/jwt/project';
    return this.fetchTokens('project', path, path, page, options);
  }

  async createProjectJwt(token: NewProjectToken, options?: CreateOptions): Promise<IssuedToken> {
    return this.create('/jwt/project', projectTokenBody(token), token.expirySeconds, options);
  }

  async discardProjectJwt(id: TokenId, options?: CallOptions): Promise<DiscardedToken> {
    return this.discard('project', id, options);
  }

  async createUserJwt(token: NewUserToken, options?: CreateOptions): Promise<IssuedToken> {
    return this.create('/jwt/user', userTokenBody(token), token.expirySeconds, options);
  }

  async discardUserJwt(id: TokenId, options?: CallOptions): Promise<DiscardedToken> {
    return this.discard('user', id, options);
  }

  async fetchUserTokens(id: UserId, page: PageRequest, options?: CallOptions): Promise<ListPage<Token>> {
    return this.fetchTokens('user', '/jwt/user/{user_id}', `/jwt/user/${pathSegment(id)}`, page, options);
  }

  private fetchTokens(
    kind: TokenKind,
    template: string,
    path: string,
    page: PageRequest,
    options: CallOptions | undefined,
  ): Promise<ListPage<Token>> {
    const read = (body: unknown): ReturnType<typeof readTokens> => readTokens(body, kind);
    return fetchPage({ template, path, page, read }, this.runner, this.logger, options);
  }

  private async create(
    path: string,
    body: object,
    expirySeconds: number | undefined,
    { idempotencyKey = crypto.randomUUID(), ...options }: CreateOptions = {},
  ): Promise<IssuedToken> {
    // JSON has no NaN: it would be sent as null, and null means that the token never expires.
    if (expirySeconds !== undefined && !(Number.isSafeInteger(expirySeconds) && expirySeconds >= 1)) {
      throw new MagicBellError('invalidInput', 'The lifetime is not a whole number of seconds', { notSent: true });
    }
    const {
      status,
      body: answer,
      serverTime,
      requestId,
    } = await this.runner.run({ method: 'POST', template: path, path, body, idempotencyKey }, options);
    const creation = readCreation(answer, serverTime ?? this.clock.now());
    if (creation.hasValue) return creation.issued;
    throw this.unexpected(`POST ${path}: ${status} without a token`, {
      status,
      serverTime,
      requestId,
      createdTokenId: creation.id,
    });
  }

  private async discard(kind: TokenKind, id: TokenId, options: CallOptions | undefined): Promise<DiscardedToken> {
    const template = `/jwt/${kind}/{token_id}`;
    const { status, body, serverTime, requestId } = await this.runner.run(
      { method: 'DELETE', template, path: `/jwt/${kind}/${pathSegment(id)}` },
      options,
    );
    const answeredAt = serverTime ?? this.clock.now();
    // 204 means done; any other answer has to name what was discarded.
    const discarded = status === 204 ? { id, revokedAt: answeredAt } : readDiscarded(body, id, answeredAt);
    if (discarded !== undefined) return discarded;
    throw this.unexpected(`DELETE ${template}: ${status} without the discarded token`, {
      status,
      serverTime,
      requestId,
    });
  }

  private unexpected(message: string, details: MagicBellError['details']): MagicBellError {
    this.logger.warn(message);
    return new MagicBellError('unexpectedResponse', message, details);
  }
}
