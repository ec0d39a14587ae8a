import type { Secret } from '../base/secret.ts';
import { type TokenIdentity, identityOf, matchOf } from '../checking/tokenIdentity.ts';
import type { Token } from '../model/token.ts';
import type { Presentation } from '../tokens/tokenPresentation.ts';

/** Whether a token is the API key of its connection: by its id, or only by its times. */
export type OwnKeyMatch = 'sure' | 'likely' | undefined;

/** Claims are read once per key: a list has thousands of rows. */
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
 * Whether the API key may be among the chosen tokens without being recognised: no listed token is known to be it, and
 * at least one chosen token could be.
 *
 * @param listed the project's tokens as far as they are loaded
 */
export function mayHideOwnKey(key: Secret, chosen: readonly Token[], listed: readonly Token[]): boolean {
  return (
    chosen.some(({ kind }) => kind === 'project') && !listed.some((token) => ownKeyMatch(key, token) !== undefined)
  );
}

/** The text for the mark, in rows, lists and questions. */
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
