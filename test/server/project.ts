import { errorAnswer, jsonAnswer, methodNotAllowed, type Answer } from './answer.ts';
import { wrongRoleAnswer, type Bearer, type Role } from './bearer.ts';
import { Budget } from './budget.ts';
import { creationProblems, textOrNull } from './creation.ts';
import { parseObject } from './json.ts';
import { Keyring, mintProjectToken, mintUserToken, type AdminToken, type ProjectIdentity } from './keyring.ts';
import { pageAnswer } from './paging.ts';
import { ProjectState, type TokenRecord } from './projectState.ts';
import { isUnderJwt, methodsAt, type MatchedRoute, type OperationName } from './routes.ts';
import type { Switches } from './switches.ts';
import { expiresAtField, timeText, tokenRow, userRow } from './wireRows.ts';

const uuidPattern = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

export interface ApiRequest {
  readonly route: MatchedRoute;
  readonly method: string;
  readonly url: URL;
  readonly idempotencyKey: string | undefined;
  readonly body: string;
}

/** The 405 of a path that has no such method, or not now. */
export function notOfferedAnswer(url: URL, switches: Switches): Answer {
  return methodNotAllowed(methodsAt(url.pathname, (operation) => isOffered(operation, switches)));
}

export function isOffered(operation: OperationName, { notOffered, june2026 }: Switches): boolean {
  return !notOffered.includes(operation) && !(june2026 && isUnderJwt(operation));
}

/** One MagicBell project behind its API: who may ask, and what each operation does. */
export class Project {
  readonly identity: ProjectIdentity;
  readonly state: ProjectState;
  readonly keyring: Keyring;
  private readonly budget = new Budget();
  private readonly answersByIdempotencyKey = new Map<string, Answer>();
  private readonly switches: () => Switches;
  private readonly now: () => Date;

  /**
   * @param admin its value is accepted as an administrator's project token, whatever it looks like
   * @param now the server's clock
   */
  constructor(
    identity: ProjectIdentity,
    admin: AdminToken,
    state: ProjectState,
    switches: () => Switches,
    now: () => Date,
  ) {
    this.identity = identity;
    this.state = state;
    this.keyring = new Keyring(admin, identity, state, now);
    this.switches = switches;
    this.now = now;
  }

  /** @param bearer one that this project knows */
  answer(request: ApiRequest, bearer: Bearer): Answer {
    const role = this.keyring.authenticate(bearer);
    if (typeof role !== 'string') return role;
    const overrun = this.budget.spend(request.method, this.now(), this.switches());
    if (overrun) return overrun;
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

  private create({ route, body }: ApiRequest): Answer {
    const fields = parseObject(body);
    if (!fields) return errorAnswer(400, { message: 'invalid JSON in the request body' });
    const kind = route.operation === 'CreateProjectJwt' ? 'project' : 'user';
    const createdAt = this.now();
    const problems = creationProblems(kind, fields, createdAt, this.switches());
    if (problems.length > 0) return errorAnswer(422, ...problems.map((message) => ({ message })));

    const expiry = fields['expiry'];
    const token = {
      name: textOrNull(fields['name']),
      createdAt,
      expiresAt: typeof expiry === 'number' ? new Date(createdAt.getTime() + expiry * 1000) : null,
    };
    if (kind === 'project') {
      const record = this.state.addProjectToken(token);
      const value = mintProjectToken(record, this.identity, this.switches());
      this.keyring.remember(value, record);
      return this.createdAnswer(record, value);
    }
    const email = textOrNull(fields['email']);
    const externalId = textOrNull(fields['external_id']);
    const user =
      this.state.findUser(email, externalId) ??
      this.state.addUser({ email, externalId, customAttributes: {}, createdAt, updatedAt: createdAt });
    user.email ??= email;
    user.externalId ??= externalId;
    const record = this.state.addUserToken(user.id, token);
    return this.createdAnswer(record, mintUserToken(record, user, this.identity));
  }

  private createdAnswer(record: TokenRecord, token: string): Answer {
    const switches = this.switches();
    const json = {
      token,
      token_id: record.id,
      created_at: timeText(record.createdAt, switches),
      ...expiresAtField(record, switches),
    };
    return jsonAnswer(201, json, true);
  }

  private once(request: ApiRequest, create: () => Answer): Answer {
    const { idempotencyKey, route } = request;
    if (idempotencyKey === undefined || this.switches().idempotencyKey === 'ignored') return create();
    const key = `${route.operation} ${idempotencyKey}`;
    const earlier = this.answersByIdempotencyKey.get(key);
    if (earlier) return { ...earlier, isWorkDone: false };
    const answer = create();
    if (answer.isWorkDone) this.answersByIdempotencyKey.set(key, answer);
    return answer;
  }

  private discard(kind: TokenRecord['kind'], id: string): Answer {
    const record = this.state.token(id.toLowerCase());
    if (record?.kind !== kind || record.discardedAt !== null) {
      if (this.switches().unknownIdStatus === 404) return errorAnswer(404, { message: 'Token not found' });
      return notUuidAnswer(id) ?? this.unknownIdAnswer('token', id);
    }
    record.discardedAt = this.now();
    const discarded_at = timeText(record.discardedAt, this.switches());
    return jsonAnswer(200, { token_id: record.id, discarded_at }, true);
  }

  private listUserTokens(userId: string, url: URL): Answer {
    const notUuid = notUuidAnswer(userId);
    if (notUuid) return notUuid;
    const user = this.state.user(userId.toLowerCase());
    if (user) return this.listTokens(this.state.userTokens(user.id), url);
    if (this.switches().unknownIdStatus === 404) return errorAnswer(404, { message: 'User not found' });
    return this.unknownIdAnswer('user', userId);
  }

  /** As seen for users on two routes; of tokens nothing was seen. */
  private unknownIdAnswer(kind: 'user' | 'token', id: string): Answer {
    const message = `invalid ${kind} for the project with id: projectID[${this.identity.id}] ${kind}ID[${id}]`;
    return errorAnswer(400, { message });
  }

  private listTokens(tokens: readonly TokenRecord[], url: URL): Answer {
    const switches = this.switches();
    const listed = tokens.filter(
      (token) =>
        (switches.listDiscarded || token.discardedAt === null) &&
        (switches.listExpired || !this.keyring.isExpired(token)),
    );
    return pageAnswer(listed, (token) => tokenRow(token, switches), url, switches);
  }

  private listUsers(url: URL): Answer {
    const switches = this.switches();
    const query = (url.searchParams.get('query') ?? '').toLowerCase();
    const users = this.state
      .users()
      .filter(
        ({ email, externalId }) =>
          query === '' || [email, externalId].some((text) => text?.toLowerCase().includes(query)),
      );
    return pageAnswer(users, (user) => userRow(user, this.identity, switches), url, switches, switches.userCursors);
  }
}

function notUuidAnswer(id: string): Answer | undefined {
  if (uuidPattern.test(id)) return undefined;
  const problem = id.length === 36 ? 'incorrect UUID format' : `incorrect UUID length ${Buffer.byteLength(id)}`;
  return errorAnswer(400, { message: `uuid: ${problem} in string "${id}"` });
}
