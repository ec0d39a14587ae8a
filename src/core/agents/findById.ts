import type { TokenStore } from '../tokens/tokenStore.ts';
import { type OwnedToken, ownedTokens } from './expiring.ts';
import { loadUntil } from './listing.ts';

/** A loaded token by its id. */
export const loadedById = (store: TokenStore, id: string): OwnedToken | undefined =>
  ownedTokens(store).find(({ token }) => token.id === id);

/**
 * A token by its id: a loaded one, else one of the first project tokens, which are then loaded.
 *
 * @throws MagicBellError
 */
export async function findById(store: TokenStore, id: string): Promise<OwnedToken | undefined> {
  const known = loadedById(store, id);
  if (known !== undefined) return known;
  await loadUntil(store.projectTokens, (tokens) => tokens.filter((token) => token.id === id), 1);
  return loadedById(store, id);
}
