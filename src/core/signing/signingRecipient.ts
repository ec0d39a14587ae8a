import type { MagicBellApi } from '../magicbell/magicBellApi.ts';
import type { Recipient } from '../model/recipient.ts';
import type { User } from '../model/user.ts';

/**
 * Whom a token would open an inbox for.
 *
 * - `one`: the claims name one user, or one that does not exist yet
 * - `shared`: several users have this e-mail, so that MagicBell refuses a token with nothing but it (401
 *   `multiple_users_found_by_email`); an external id tells them apart
 */
export type SigningRecipient =
  | { readonly type: 'one'; readonly recipient: Recipient }
  | { readonly type: 'shared'; readonly users: readonly User[] };

/** More than that share no e-mail. */
const limit = 50;

/**
 * Tells users apart that share an e-mail. An external id needs no look: it takes precedence over the e-mail.
 *
 * @param allUsers every user of the project, where all of them are loaded: then nothing is asked
 */
export async function resolveRecipient(
  recipient: Recipient,
  allUsers: readonly User[] | undefined,
  getApi: () => Promise<MagicBellApi>,
  signal: AbortSignal,
): Promise<SigningRecipient> {
  const { email, externalId } = recipient;
  if (externalId !== undefined || email === undefined) return { type: 'one', recipient };
  let users = allUsers;
  if (users === undefined) {
    try {
      users = (await (await getApi()).users.listUsers(email, { limit }, { signal })).items;
    } catch {
      // Signing works without a network.
      return { type: 'one', recipient };
    }
  }
  const found = users.filter((user) => user.email?.toLowerCase() === email.toLowerCase());
  return found.length > 1 ? { type: 'shared', users: found } : { type: 'one', recipient };
}
