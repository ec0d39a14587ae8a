import { mayBeSecret } from '../checking/pastedSecret.ts';
import { findRecipients, isRecipient } from '../issuance/orphanSearch.ts';
import type { MagicBellApi } from '../magicbell/magicBellApi.ts';
import type { User } from '../model/user.ts';
import type { TokenStore } from '../tokens/tokenStore.ts';

/** Of those that are known here, the users of exactly that email, external id or MagicBell id. */
export const knownUsers = (store: TokenStore, given: string): readonly User[] =>
  store.shownUsers.filter((user) => user.id === given || isRecipient(user, { email: given, externalId: given }));

/**
 * The users of exactly that email, external id or MagicBell id: several may share an email, and not all of these be
 * known here.
 *
 * @throws MagicBellError
 */
export async function findUsers(store: TokenStore, api: MagicBellApi, given: string): Promise<readonly User[]> {
  const known = knownUsers(store, given);
  const isSure = known.some(({ id, externalId }) => id === given || externalId === given);
  // What may be a secret is not sent as a search.
  return isSure || mayBeSecret(given) ? known : findRecipients(api, { email: given, externalId: given });
}
