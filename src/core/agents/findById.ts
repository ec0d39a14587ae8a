import type { Token } from '../model/token.ts';
import type { User } from '../model/user.ts';
import type { TokenStore } from '../tokens/tokenStore.ts';
import { ownedTokens } from './expiring.ts';
import { loadUntil } from './listing.ts';

/**
 * A token by its id: among what is loaded, else among the first project tokens, which are loaded then.
 *
 * @throws MagicBellError
 */
export async function findById(
  store: TokenStore,
  id: string,
): Promise<{ readonly token: Token; readonly user: User | undefined } | undefined> {
  const find = () => ownedTokens(store).find(({ token }) => token.id === id);
  const known = find();
  if (known !== undefined) return known;
  await loadUntil(store.projectTokens, (tokens) => tokens.filter((token) => token.id === id), 1);
  return find();
}
