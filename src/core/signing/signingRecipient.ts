import type { MagicBellApi } from '../magicbell/magicBellApi.ts';
import type { Recipient } from '../model/recipient.ts';
import type { User } from '../model/user.ts';

/**
 * The users that a token's claims identify.
 *
 * - `one`: a single user, who may not exist yet
 * - `shared`: several users have this email, so MagicBell rejects a token without an external id (401
 *   `multiple_users_found_by_email`)
 */
export type SigningRecipient =
  | { readonly type: 'one'; readonly recipient: Recipient }
  | { readonly type: 'shared'; readonly users: readonly User[] };

/** More users than are expected to share an email. */
const limit = 50;

/**
 * Checks whether several users share the recipient's email. Not needed with an external id, which takes precedence.
 *
 * @param allUsers all users of the project, if they are loaded; without them, MagicBell is asked
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
      // Signing must work offline, too.
      return { type: 'one', recipient };
    }
  }
  const found = users.filter((user) => user.email?.toLowerCase() === email.toLowerCase());
  return found.length > 1 ? { type: 'shared', users: found } : { type: 'one', recipient };
}
