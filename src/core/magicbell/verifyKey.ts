import type { Token } from '../model/token.ts';
import { asMagicBellError, MagicBellError } from './errors.ts';
import type { CallOptions, MagicBellApi } from './magicBellApi.ts';
import type { ListPage } from './paging.ts';

/** The result of checking a key. */
interface VerifiedKey {
  /** The operation whose answer proves the key. `listUsers`: this API does not offer `fetchProjectTokens`. */
  readonly provedBy: 'fetchProjectTokens' | 'listUsers';
  /** The first project tokens; undefined when the API does not list them. */
  readonly projectTokens: ListPage<Token> | undefined;
}

/**
 * Checks a key by calls that only MagicBell answers correctly. "Not offered" proves nothing, since a wrong address
 * answers that too. Then users are requested, and only a collection proves the key.
 *
 * @param options `limit`: how many project tokens to ask for; default 1
 * @throws MagicBellError why the key is not proved: `wrongTokenKind` names a user token, `unexpectedResponse` another
 * site
 */
export async function verifyKey(
  api: MagicBellApi,
  { limit = 1, ...options }: CallOptions & { readonly limit?: number } = {},
): Promise<VerifiedKey> {
  const tokens = await orNotOffered(api.jwt.fetchProjectTokens({ limit }, options));
  if (tokens !== undefined && tokens.isBare !== true) return { provedBy: 'fetchProjectTokens', projectTokens: tokens };
  const users = await orNotOffered(api.users.listUsers(undefined, { limit: 1 }, options));
  if (users !== undefined && users.isBare !== true) return { provedBy: 'listUsers', projectTokens: undefined };
  throw new MagicBellError('unexpectedResponse', 'neither project tokens nor users are offered here', {
    unexpected: 'foreign',
  });
}

async function orNotOffered<T>(call: Promise<ListPage<T>>): Promise<ListPage<T> | undefined> {
  try {
    return await call;
  } catch (error) {
    if (asMagicBellError(error)?.reason === 'notOffered') return undefined;
    throw error;
  }
}
