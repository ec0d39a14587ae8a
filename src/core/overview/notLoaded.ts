import type { AuditedToken } from '../audit/auditBook.ts';
import type { TokenId } from '../model/token.ts';
import type { TokenStore } from '../tokens/tokenStore.ts';
import type { KnownToken } from './known.ts';

/**
 * The audited tokens that are not among the loaded rows. Those that were revoked from here since then are marked.
 *
 * @param revoked when tokens were revoked from here
 */
export function notLoaded(
  audited: readonly AuditedToken[],
  store: Pick<TokenStore, 'openedTokens'>,
  revoked: ReadonlyMap<TokenId | undefined, Date>,
): readonly KnownToken[] {
  return audited
    .filter(({ token, owner }) => {
      const list = store.openedTokens(owner.id);
      if (list?.isLoaded !== true) return true;
      // A whole list without it is newer than the audit: the token is gone.
      return !list.isWhole && (token.id === undefined || list.find(token.id) === undefined);
    })
    .map(({ token, owner }) => ({
      token: { ...token, revokedAt: token.revokedAt ?? (token.id === undefined ? undefined : revoked.get(token.id)) },
      owner,
    }));
}
