import { emptyAnswer, errorAnswer, jsonAnswer, type Answer } from './answer.ts';
import { isSignedWith, parseClaims, signJwt } from './jwt.ts';
import { pageAnswer } from './paging.ts';
import { ProjectState, type TokenRecord, type UserRecord } from './projectState.ts';
import type { MatchedRoute } from './routes.ts';
import type { Switches } from './switches.ts';

/** The fixed keys of the local project, with which user tokens can be signed without the server. */
export const projectKeys = {
  apiKey: 'pk_local_Zm9yLXRlc3Rz',
  secretKey: 'sk_local_bm90LWEtc2VjcmV0LWp1c3QtZm9yLXRlc3Rz',
};

/** Signs project tokens. Different from the Secret Key, which its owner may use to sign user tokens. */
const projectTokenSecret = 'local-api-signs-project-tokens-with-this';

const maxLength = 255;
const latestExpiryMs = Date.UTC(9999, 11, 31);

export interface ApiRequest {
  readonly route: MatchedRoute;
  readonly url: URL;
  readonly authorization: string | undefined;
  readonly idempotencyKey: string | undefined;
  readonly body: string;
}

type Role = 'project' | 'user';

/** One MagicBell project behind its API: who may ask, and what each operation does. */
export class Project {
  readonly state = new ProjectState();
  /** The administrator's own token, if it is one of those listed: discarding it ends it. */
  adminRecord: TokenRecord | undefined;
  private readonly answersByIdempotencyKey = new Map<string, Answer>();
  private readonly adminToken: string;
  private readonly switches: () => Switches;
  private readonly now: () => Date;

  /**
   * @param adminToken accepted as an administrator's project token, whatever it looks like
   * @param now the server's clock
   */
  constructor(adminToken: string, switches: () => Switches, now: () => Date) {
    this.adminToken = adminToken;
    this.switches = switches;
    this.now = now;
  }

  async answer(request: ApiRequest): Promise<Answer> {
    if (this.switches().notOffered.includes(request.route.operation)) return emptyAnswer(405);
    const role = await this.authenticate(request.authorization);
    if (typeof role !== 'string') return role;
    const needed: Role = request.route.operation === 'ListNotifications' ? 'user' : 'project';
    if (role !== needed) return wrongRoleAnswer(needed, role);

    switch (request.route.operation) {
      case 'FetchProjectTokens':
        return this.listTokens(this.state.projectTokens(), request.url);
      case 'CreateProjectJwt':
      case 'CreateUserJwt':
        return this.once(request, () => this.create(request));
      case 'DiscardProjectJwt':
        return this.discard('project', request.route.id);
      case 'DiscardUserJwt':
        return this.discard('user', request.route.id);
      case 'FetchUserTokens':
        return this.listUserTokens(request.route.id, request.url);
      case 'ListUsers':
        return this.listUsers(request.url);
      case 'ListNotifications':
        return pageAnswer([], () => null, request.url, this.switches());
    }
  }

  private async mintUserToken(record: TokenRecord, user: UserRecord): Promise<string> {
    return signJwt(
      {
        ...(user.email === null ? {} : { user_email: user.email }),
        ...(user.externalId === null ? {} : { user_external_id: user.externalId }),
        api_key: projectKeys.apiKey,
        jti: record.id,
        ...lifetimeClaims(record),
      },
      projectKeys.secretKey,
    );
  }

  private async authenticate(authorization: string | undefined): Promise<Role | Answer> {
    if (authorization === undefined || authorization === '') {
      return errorAnswer(401, { message: 'authorize: missing authorization header' });
    }
    const token = /^Bearer +(\S+) *$/i.exec(authorization)?.[1] ?? '';
    const refused = errorAnswer(401, { message: 'The token is not valid', code: 'jwt_auth_failed' });
    if (token === this.adminToken) return this.adminRecord && !this.isLive(this.adminRecord) ? refused : 'project';
    if (token.split('.').length !== 3) {
      return errorAnswer(401, {
        message: 'The token is not a valid JWT',
        code: 'invalid_jwt_format',
        suggestion: 'Send a project token as "Authorization: Bearer <token>"',
        help_link: 'https://www.magicbell.com/docs/api/authentication',
      });
    }
    const claims = parseClaims(token);
    if (!claims) return errorAnswer(401, { message: 'The token could not be parsed', code: 'unparsable_jwt_token' });
    const role: Role = 'api_key' in claims ? 'user' : 'project';
    if (!(await isSignedWith(token, role === 'user' ? projectKeys.secretKey : projectTokenSecret))) return refused;
    if (role === 'user' && claims['api_key'] !== projectKeys.apiKey) return refused;
    if (claims.jti === undefined) {
      // Signed with the Secret Key by its owner, as MagicBell's guide tells developers to do.
      const isLive = claims.exp === undefined || claims.exp * 1000 > this.now().getTime();
      return role === 'user' && isLive ? role : refused;
    }
    const record = this.state.token(claims.jti);
    if (record?.kind !== role || !this.isLive(record)) return refused;
    record.lastUsedAt = this.now();
    return role;
  }

  private isLive(token: TokenRecord): boolean {
    return token.discardedAt === null && !this.isExpired(token);
  }

  private isExpired(token: TokenRecord): boolean {
    return token.expiresAt !== null && token.expiresAt <= this.now();
  }

  private async create({ route, body }: ApiRequest): Promise<Answer> {
    const fields = parseObject(body);
    if (!fields) return errorAnswer(400, { message: 'invalid JSON in the request body' });
    const isProjectToken = route.operation === 'CreateProjectJwt';
    const problems = isProjectToken ? projectTokenProblems(fields) : userTokenProblems(fields);
    const createdAt = this.now();
    const expiry = fields['expiry'] ?? null;
    problems.push(...expiryProblems(expiry, createdAt));
    if (problems.length > 0) return errorAnswer(422, ...problems.map((message) => ({ message })));

    const token = {
      name: textOrNull(fields['name']),
      createdAt,
      expiresAt: typeof expiry === 'number' ? new Date(createdAt.getTime() + expiry * 1000) : null,
    };
    if (isProjectToken) {
      const record = this.state.addProjectToken(token);
      return this.createdAnswer(record, await mintProjectToken(record.id, record.name, lifetimeClaims(record)));
    }
    const email = textOrNull(fields['email']);
    const externalId = textOrNull(fields['external_id']);
    const user =
      this.state.findUser(email, externalId) ??
      this.state.addUser({ email, externalId, customAttributes: {}, createdAt, updatedAt: createdAt });
    user.email ??= email;
    user.externalId ??= externalId;
    const record = this.state.addUserToken(user.id, token);
    return this.createdAnswer(record, await this.mintUserToken(record, user));
  }

  private createdAnswer(record: TokenRecord, token: string): Answer {
    const json = {
      token,
      token_id: record.id,
      created_at: this.time(record.createdAt),
      ...this.expiresAt(record),
    };
    return jsonAnswer(201, json, true);
  }

  private async once(request: ApiRequest, create: () => Promise<Answer>): Promise<Answer> {
    const { idempotencyKey, route } = request;
    if (idempotencyKey === undefined || this.switches().idempotencyKey === 'ignored') return create();
    const key = `${route.operation} ${idempotencyKey}`;
    const earlier = this.answersByIdempotencyKey.get(key);
    if (earlier) return { ...earlier, isWorkDone: false };
    const answer = await create();
    if (answer.isWorkDone) this.answersByIdempotencyKey.set(key, answer);
    return answer;
  }

  private discard(kind: TokenRecord['kind'], id: string): Answer {
    const record = this.state.token(id.toLowerCase());
    if (record?.kind !== kind || record.discardedAt !== null) {
      return errorAnswer(404, { message: 'Token not found' });
    }
    record.discardedAt = this.now();
    return jsonAnswer(200, { token_id: record.id, discarded_at: this.time(record.discardedAt) }, true);
  }

  private listUserTokens(userId: string, url: URL): Answer {
    if (!/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(userId)) {
      return errorAnswer(400, { message: `invalid user uuid format [${userId}]` });
    }
    const user = this.state.user(userId.toLowerCase());
    if (!user) return errorAnswer(404, { message: 'User not found' });
    return this.listTokens(this.state.userTokens(user.id), url);
  }

  private listTokens(tokens: readonly TokenRecord[], url: URL): Answer {
    const switches = this.switches();
    const listed = tokens.filter(
      (token) =>
        (switches.listDiscarded || token.discardedAt === null) && (switches.listExpired || !this.isExpired(token)),
    );
    return pageAnswer(listed, (token) => this.tokenRow(token), url, switches);
  }

  private tokenRow(token: TokenRecord): object {
    const { lastUsedField, notDiscarded } = this.switches();
    return {
      id: token.id,
      name: token.name,
      created_at: this.time(token.createdAt),
      ...this.expiresAt(token),
      ...(token.discardedAt !== null || notDiscarded === 'null' ? { discarded_at: this.time(token.discardedAt) } : {}),
      ...(lastUsedField === 'absent' ? {} : { [lastUsedField]: this.time(token.lastUsedAt) }),
    };
  }

  private expiresAt(token: TokenRecord): { expires_at?: string | null } {
    if (token.expiresAt !== null) return { expires_at: this.time(token.expiresAt) };
    switch (this.switches().neverExpires) {
      case 'absent':
        return {};
      case 'null':
        return { expires_at: null };
      case 'farDate':
        return { expires_at: this.time(new Date(latestExpiryMs)) };
    }
  }

  private listUsers(url: URL): Answer {
    const query = (url.searchParams.get('query') ?? '').toLowerCase();
    const users = this.state
      .users()
      .filter(
        ({ email, externalId }) =>
          query === '' || [email, externalId].some((text) => text?.toLowerCase().includes(query)),
      );
    return pageAnswer(users, (user) => this.userRow(user), url, this.switches());
  }

  private userRow(user: UserRecord): object {
    const row = {
      id: user.id,
      // No recording shows it, but MagicBell's older clients demand a number here.
      project_id: 1,
      email: user.email,
      external_id: user.externalId,
      first_name: user.firstName,
      last_name: user.lastName,
      custom_attributes: user.customAttributes,
      created_at: this.time(user.createdAt),
      updated_at: this.time(user.updatedAt),
      last_seen_at: this.time(user.lastSeenAt),
      last_notified_at: this.time(user.lastNotifiedAt),
    };
    if (this.switches().emptyUserFields === 'null') return row;
    return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
  }

  private time(date: Date | null): string | null;
  private time(date: Date): string;
  private time(date: Date | null): string | null {
    if (date === null) return null;
    const iso = date.toISOString();
    switch (this.switches().fractionDigits) {
      case 0:
        return iso.replace(/\.\d+Z$/, 'Z');
      case 6:
        // JavaScript's clock ends at milliseconds; the digits after them are there to be read, not to be zero.
        return iso.replace('Z', '417Z');
      case 9:
        return iso.replace('Z', '417268Z');
    }
  }
}

/** A user token where a project token belongs (seen, without a code), and the other way round. */
export function wrongRoleAnswer(needed: Role, actual: Role): Answer {
  return errorAnswer(401, { message: `authorize: incorrect role, claim[${needed}] roles[[${actual}]]` });
}

/** Claims of project tokens are unpublished: nobody may rely on these. */
export function mintProjectToken(
  id: string,
  name: string | null,
  lifetime: { iat: number; exp?: number },
): Promise<string> {
  return signJwt({ role: 'project', name, jti: id, ...lifetime }, projectTokenSecret);
}

function lifetimeClaims(record: TokenRecord): { iat: number; exp?: number } {
  const iat = Math.floor(record.createdAt.getTime() / 1000);
  return record.expiresAt === null ? { iat } : { iat, exp: Math.ceil(record.expiresAt.getTime() / 1000) };
}

function parseObject(body: string): Record<string, unknown> | undefined {
  try {
    const json: unknown = JSON.parse(body);
    const isObject = typeof json === 'object' && json !== null && !Array.isArray(json);
    return isObject ? (json as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function projectTokenProblems(fields: Record<string, unknown>): string[] {
  const problems = textProblems('name', fields['name']);
  return problems.length === 0 && textOrNull(fields['name']) === null ? ["Param 'name' is required"] : problems;
}

function userTokenProblems(fields: Record<string, unknown>): string[] {
  const problems = ['email', 'external_id', 'name'].flatMap((name) => textProblems(name, fields[name]));
  const isNobody = textOrNull(fields['email']) === null && textOrNull(fields['external_id']) === null;
  return problems.length === 0 && isNobody ? ["Param 'email' or 'external_id' is required"] : problems;
}

function textProblems(name: string, value: unknown): string[] {
  if (value === undefined || value === null) return [];
  if (typeof value !== 'string') return [`Param '${name}' should be a string`];
  // Characters, not UTF-16 units: the API is not written in JavaScript.
  return Array.from(value).length > maxLength ? [`Param '${name}' should be at most ${maxLength} characters`] : [];
}

function expiryProblems(expiry: unknown, from: Date): string[] {
  if (expiry === null) return [];
  if (typeof expiry !== 'number' || !Number.isInteger(expiry) || expiry < 1) {
    return ["Param 'expiry' should be a whole number of seconds, at least 1"];
  }
  return from.getTime() + expiry * 1000 > latestExpiryMs ? ["Param 'expiry' is too large"] : [];
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
