import type { Connection } from '../../core/connections/connection.ts';
import { asMagicBellError } from '../../core/magicbell/errors.ts';
import type { Services } from '../services.ts';

/** MagicBell's answer to a new token. `unknown`: it could not be asked, or the answer says nothing. */
export type NewTokenCheck = 'accepted' | 'refused' | 'unknown';

/**
 * Makes one call with a pending value, before it replaces another value anywhere. Only for project tokens, and only
 * where the same call works with the API key: otherwise a refusal would say nothing about the token.
 */
export async function checkNewToken(services: Services, connection: Connection, id: string): Promise<NewTokenCheck> {
  const { issuances, connections, logger } = services;
  const { baseUrl, store } = connection;
  const isKnownToWork = store.projectTokens.isLoaded && !connection.isMissing('fetchProjectTokens');
  if (issuances.find(id)?.issuance.request.kind !== 'project' || !isKnownToWork) return 'unknown';
  let result: NewTokenCheck = 'unknown';
  // The value is used for the call and not delivered.
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
