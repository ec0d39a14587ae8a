import type { Secret } from '../base/secret.ts';
import { type TokenIdentity, identityOf, matchOf } from '../checking/tokenIdentity.ts';
import type { Token } from '../model/token.ts';
import type { Presentation } from '../tokens/tokenPresentation.ts';

/** Whether a token is the API key of its connection: by its id, or only by its times. */
export type OwnKeyMatch = 'sure' | 'likely' | undefined;

/** A list has thousands of rows: a key's claims are read once. */
const identities = new WeakMap<Secret, { readonly identity: TokenIdentity | undefined }>();

function identityOfKey(key: Secret): TokenIdentity | undefined {
  let known = identities.get(key);
  if (known === undefined) {
    known = { identity: identityOf(key) };
    identities.set(key, known);
  }
  return known.identity;
}

export function ownKeyMatch(key: Secret, token: Pick<Token, 'kind' | 'id' | 'createdAt' | 'expiresAt'>): OwnKeyMatch {
  return token.kind === 'project' ? matchOf(identityOfKey(key), token) : undefined;
}

/**
 * Whether none of these tokens is known to be the key, while one of them may be: several tokens that are revoked
 * together may then hold it.
 *
 * @param listed the project's tokens as far as they are loaded
 */
export function mayHideOwnKey(key: Secret, chosen: readonly Token[], listed: readonly Token[]): boolean {
  return (
    chosen.some(({ kind }) => kind === 'project') && !listed.some((token) => ownKeyMatch(key, token) !== undefined)
  );
}

/** What a row, a list and a question say of the token. */
export const ownKeyText = (match: 'sure' | 'likely'): string =>
  match === 'sure' ? 'your API key' : 'perhaps your API key';

/** A token's row with the mark. */
export function withOwnKey(presentation: Presentation, match: OwnKeyMatch): Presentation {
  if (match === undefined) return presentation;
  const { label, description, icon, color, accessibleLabel, tooltip } = presentation;
  const text = ownKeyText(match);
  return {
    label,
    description: `${description} · ${text}`,
    icon,
    color,
    accessibleLabel: `${accessibleLabel}, ${text}`,
    tooltip: [
      ...tooltip,
      match === 'sure'
        ? 'This extension uses this token as its API key.'
        : 'Perhaps the API key of this extension: it expires when the key does.',
    ],
  };
}
