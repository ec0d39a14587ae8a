import type { IssuedToken, TokenId } from '../model/token.ts';
import type { MagicBellApi } from '../magicbell/magicBellApi.ts';
import type { TokenStore } from '../tokens/tokenStore.ts';
import type { IssuanceRequest } from './issuance.ts';

/**
 * Sends the one POST of a creation. Takes no signal: the user can stop waiting, but not MagicBell. @throws
 * MagicBellError
 */
export function sendCreation(
  api: MagicBellApi,
  request: IssuanceRequest,
  idempotencyKey: string,
): Promise<IssuedToken> {
  const { name, expirySeconds, recipient } = request;
  if (request.kind === 'project')
    return api.jwt.createProjectJwt({ name: name ?? '', expirySeconds }, { idempotencyKey });
  const { email, externalId } = recipient ?? {};
  return api.jwt.createUserJwt({ email, externalId, name, expirySeconds }, { idempotencyKey });
}

/** Ids of listed tokens of the same name, none of which can be the new one. */
export function knownIds(store: TokenStore, { kind, name }: IssuanceRequest): readonly TokenId[] {
  const tokens =
    kind === 'project' ? store.projectTokens.items : store.loadedUserTokens.flatMap(([, list]) => list.items);
  return tokens.flatMap((token) => (token.name === name && token.id !== undefined ? [token.id] : []));
}
