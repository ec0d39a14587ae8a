import type { Connection } from '../connections/connection.ts';
import { unknownUser } from '../model/user.ts';
import type { SeenTokens } from './knownExpiries.ts';

/** The loaded tokens of a connection. */
export function seenTokens({ id, store }: Pick<Connection, 'id' | 'store'>): SeenTokens {
  const { projectTokens } = store;
  return {
    connectionId: id,
    tokens: [
      ...projectTokens.items.map((token) => ({ token })),
      ...store.loadedUserTokens.flatMap(([user, list]) => {
        const owner = store.user(user) ?? unknownUser(user);
        return list.items.map((token) => ({ token, owner }));
      }),
    ],
    isWhole: (kind, owner) => {
      const list = kind === 'project' ? projectTokens : owner === undefined ? undefined : store.openedTokens(owner);
      return list?.isWhole === true && !list.isLoading;
    },
  };
}
