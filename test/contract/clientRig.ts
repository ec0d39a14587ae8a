import { inspect } from 'node:util';
import { systemClock } from '../../src/core/base/clock.ts';
import { createMagicBellApi, type ClientLimits } from '../../src/core/magicbell/client.ts';
import type { CallOptions, MagicBellApi } from '../../src/core/magicbell/magicBellApi.ts';
import { Secret } from '../../src/core/base/secret.ts';
import { tokenId } from '../../src/core/model/token.ts';
import { userId } from '../../src/core/model/user.ts';
import { fetch } from '../../src/http.ts';
import type { JournalEntry } from '../server/requestJournal.ts';
import { startLocalApi, type LocalApi, type LocalApiOptions } from '../server/localApi.ts';
import { RecordingLogger } from '../support/recordingLogger.ts';

/** Short where a test would wait for it; the times are the real ones, so that a busy machine is none of the faults. */
const shortLimits: Partial<ClientLimits> = {
  maxAttempts: 3,
  baseDelayMs: 2,
  maxDelayMs: 5,
  maxBodyBytes: 256 * 1024,
};

export const operationNames = [
  'FetchProjectTokens',
  'CreateProjectJwt',
  'DiscardProjectJwt',
  'CreateUserJwt',
  'DiscardUserJwt',
  'FetchUserTokens',
  'ListUsers',
] as const;
export type OperationName = (typeof operationNames)[number];

export interface Ids {
  readonly projectToken: string;
  readonly userToken: string;
  readonly user: string;
}

/** Any operation, called as a flow would. */
export function callOf(
  client: MagicBellApi,
  ids: Ids,
  operation: OperationName,
): (options?: CallOptions) => Promise<unknown> {
  const page = { limit: 2 };
  switch (operation) {
    case 'FetchProjectTokens':
      return (options) => client.jwt.fetchProjectTokens(page, options);
    case 'CreateProjectJwt':
      return (options) => client.jwt.createProjectJwt({ name: 'ci', expirySeconds: 60 }, options);
    case 'DiscardProjectJwt':
      return (options) => client.jwt.discardProjectJwt(tokenId(ids.projectToken), options);
    case 'CreateUserJwt':
      return (options) =>
        client.jwt.createUserJwt(
          { email: 'hana@example.com', externalId: undefined, name: undefined, expirySeconds: undefined },
          options,
        );
    case 'DiscardUserJwt':
      return (options) => client.jwt.discardUserJwt(tokenId(ids.userToken), options);
    case 'FetchUserTokens':
      return (options) => client.jwt.fetchUserTokens(userId(ids.user), page, options);
    case 'ListUsers':
      return (options) => client.users.listUsers('example', page, options);
  }
}

export function methodOf(operation: OperationName): 'GET' | 'POST' | 'DELETE' {
  if (operation.startsWith('Create')) return 'POST';
  return operation.startsWith('Discard') ? 'DELETE' : 'GET';
}

export function newClient(
  baseUrl: string,
  key: string,
  limits: Partial<ClientLimits> = {},
): { readonly client: MagicBellApi; readonly logger: RecordingLogger } {
  const logger = new RecordingLogger();
  const client = createMagicBellApi({
    baseUrl,
    key: new Secret(key),
    fetch,
    clock: systemClock,
    logger,
    limits: { ...shortLimits, ...limits },
  });
  return { client, logger };
}

/** The local API with a few tokens and users, and a client of it. */
export interface Rig {
  readonly api: LocalApi;
  readonly client: MagicBellApi;
  readonly logger: RecordingLogger;
  readonly ids: Ids;
  call(operation: OperationName, options?: CallOptions): Promise<unknown>;
  entries(operation: OperationName): readonly JournalEntry[];
}

export async function startRig(limits: Partial<ClientLimits> = {}, options: LocalApiOptions = {}): Promise<Rig> {
  const api = await startLocalApi(options);
  const createdAt = new Date(api.now().getTime() - 1000);
  const add = (name: string): string => api.state.addProjectToken({ name, createdAt }).id;
  const projectToken = ['a', 'b', 'c'].map(add)[0] ?? '';
  const users = ['hana', 'ivo', 'jana'].map((name) => api.state.addUser({ email: `${name}@example.com` }));
  const user = users[0]?.id ?? '';
  const userTokens = ['x', 'y', 'z'].map((name) => api.state.addUserToken(user, { name, createdAt }).id);
  const ids = { projectToken, user, userToken: userTokens[0] ?? '' };
  const { client, logger } = newClient(api.url, api.token, limits);
  return {
    api,
    client,
    logger,
    ids,
    call: (operation, callOptions) => callOf(client, ids, operation)(callOptions),
    entries: (operation) => api.journal.find({ operation }),
  };
}

/** Everything of an error that could reach a log or a screen. */
export function everythingOf(error: unknown): string {
  const own = error instanceof Error ? `${error.message}\n${error.stack ?? ''}` : '';
  return `${own}\n${inspect(error, { depth: 10, showHidden: true })}\n${JSON.stringify(error)}`;
}
