import { searchText } from '../base/searchText.ts';
import type { Token } from '../model/token.ts';
import type { User } from '../model/user.ts';

/** A loaded token, with its user when it is a user token. */
export interface FoundToken {
  readonly token: Token;
  readonly user?: User | undefined;
}

/**
 * The tokens that contain every word of the query in their name or id, or in their user's name, email or ids; in the
 * given order.
 */
export function findTokens(tokens: readonly FoundToken[], query: string): readonly FoundToken[] {
  const words = searchText(query).split(/\s+/).filter(Boolean);
  if (words.length === 0) return tokens;
  return tokens.filter(({ token, user }) => {
    const texts = [token.name, token.id, user?.email, user?.externalId, user?.id, user?.firstName, user?.lastName];
    const text = searchText(texts.join('\n'));
    return words.every((word) => text.includes(word));
  });
}
