import { mayBeSecret } from '../checking/pastedSecret.ts';
import { findRecipients, isRecipient } from '../issuance/orphanSearch.ts';
import type { MagicBellApi } from '../magicbell/magicBellApi.ts';
import type { User } from '../model/user.ts';
import type { TokenStore } from '../tokens/tokenStore.ts';

/** The user of exactly that email, external id or MagicBell id, among those that are known here. */
export const knownUser = (store: TokenStore, given: string): User | undefined =>
  store.shownUsers.find((user) => user.id === given || isRecipient(user, { email: given, externalId: given }));

/**
 * The user of exactly that email, external id or MagicBell id: one that is known here, else asked for by the first two.
 *
 * @throws MagicBellError
 */
export async function findUser(store: TokenStore, api: MagicBellApi, given: string): Promise<User | undefined> {
  const known = knownUser(store, given);
  // What may be a secret is not sent as a search.
  if (known !== undefined || mayBeSecret(given)) return known;
  const [found, another] = await findRecipients(api, { email: given, externalId: given });
  return another === undefined ? found : undefined;
}
