import type { Connection } from '../../core/connections/connection.ts';
import { describeError } from '../../core/describeError.ts';
import { unknownUser } from '../../core/model/user.ts';
import type { KnownConnection } from '../../core/overview/known.ts';
import type { Services } from '../services.ts';

/** What is loaded of every connection's tokens. Nothing is requested. @param lastLook when the Overview was seen last */
export async function knownConnections(
  { connections, activity }: Services,
  lastLook: (connectionId: string) => Date | undefined,
): Promise<readonly KnownConnection[]> {
  const log = await activity.log();
  return Promise.all(
    (await connections.start()).map(async (connection) => {
      const activities = await log.read(connection.id);
      const issued = activities.flatMap(({ what, tokenId }) => (what === 'issued' && tokenId ? [tokenId] : []));
      return known(connection, lastLook(connection.id), new Set(issued));
    }),
  );
}

function known(connection: Connection, lastLookAt: Date | undefined, issuedHere: ReadonlySet<string>): KnownConnection {
  const { store } = connection;
  const lists = store.loadedUserTokens;
  const all = [store.projectTokens, store.users, ...lists.map(([, list]) => list)];
  const error = all.map((list) => list.error).find((found) => found !== undefined && found.reason !== 'notOffered');
  return {
    id: connection.id,
    name: connection.label,
    isProduction: connection.isProduction,
    rows: [
      ...store.projectTokens.items.map((token) => ({ token })),
      ...lists.flatMap(([user, list]) => {
        const owner = store.user(user) ?? unknownUser(user);
        return list.items.map((token) => ({ token, owner }));
      }),
    ],
    hasMore: all.some((list) => list.hasMore),
    problem: error === undefined ? undefined : describeError(error, { host: connection.host }).message,
    lastLookAt,
    issuedHere,
  };
}
