import type { TokenStore } from '../tokens/tokenStore.ts';
import { type OwnedToken, ownedTokens } from './expiring.ts';
import { loadUntil } from './listing.ts';

/** A token by its id, among what is loaded. */
export const loadedById = (store: TokenStore, id: string): OwnedToken | undefined =>
  ownedTokens(store).find(({ token }) => token.id === id);

/**
 * A token by its id: among what is loaded, else among the first project tokens, which are loaded then.
 *
 * @throws MagicBellError
 */
export async function findById(store: TokenStore, id: string): Promise<OwnedToken | undefined> {
  const known = loadedById(store, id);
  if (known !== undefined) return known;
  await loadUntil(store.projectTokens, (tokens) => tokens.filter((token) => token.id === id), 1);
  return loadedById(store, id);
}
