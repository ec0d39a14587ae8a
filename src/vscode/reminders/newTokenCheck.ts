import type { Connection } from '../../core/connections/connection.ts';
import { asMagicBellError } from '../../core/magicbell/errors.ts';
import type { Services } from '../services.ts';

/** What MagicBell says to a token that was just made. `unknown`: it could not be asked, or would not tell. */
export type NewTokenCheck = 'accepted' | 'refused' | 'unknown';

/**
 * Makes one call with a pending value, before it replaces another anywhere. Only of project tokens, and where the API
 * key's own call of that kind works: else a refusal would say nothing about the token.
 */
export async function checkNewToken(services: Services, connection: Connection, id: string): Promise<NewTokenCheck> {
  const { issuances, connections, logger } = services;
  const { baseUrl, store } = connection;
  const isKnownToWork = store.projectTokens.isLoaded && !connection.isMissing('fetchProjectTokens');
  if (issuances.find(id)?.issuance.request.kind !== 'project' || !isKnownToWork) return 'unknown';
  let result: NewTokenCheck = 'unknown';
  // The value is looked at, and delivered nowhere.
  await issuances.deliver(id, async (value) => {
    try {
      await connections.tryKey({ baseUrl, key: value }, (api) => api.jwt.fetchProjectTokens({ limit: 1 }));
      result = 'accepted';
    } catch (error) {
      const reason = asMagicBellError(error)?.reason;
      logger.warn(`rotate: the new token was not checked (${reason ?? 'unknown error'})`);
      if (reason === 'unauthorized' || reason === 'wrongTokenKind') result = 'refused';
    }
    return 'failed';
  });
  return result;
}
