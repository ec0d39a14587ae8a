import { mayBeSecret } from '../checking/pastedSecret.ts';
import { findRecipients, isRecipient } from '../issuance/orphanSearch.ts';
import type { MagicBellApi } from '../magicbell/magicBellApi.ts';
import type { User } from '../model/user.ts';
import type { TokenStore } from '../tokens/tokenStore.ts';

/** The known users with exactly that email, external id or MagicBell id. */
export const knownUsers = (store: TokenStore, given: string): readonly User[] =>
  store.shownUsers.filter((user) => user.id === given || isRecipient(user, { email: given, externalId: given }));

/**
 * The users with exactly that email, external id or MagicBell id. Several may share an email, and only some of them be
 * known, so that emails are always searched for.
 *
 * @throws MagicBellError
 */
export async function findUsers(store: TokenStore, api: MagicBellApi, given: string): Promise<readonly User[]> {
  const known = knownUsers(store, given);
  const isSure = known.some(({ id, externalId }) => id === given || externalId === given);
  // Text that may be a secret is not sent in a search.
  return isSure || mayBeSecret(given) ? known : findRecipients(api, { email: given, externalId: given });
}
