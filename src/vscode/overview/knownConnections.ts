import { describeError } from '../../core/describeError.ts';
import { unknownUser } from '../../core/model/user.ts';
import type { KnownConnection } from '../../core/overview/known.ts';
import type { Services } from '../services.ts';

/** What is loaded of every connection's tokens. Nothing is requested. @param lastLook when the Overview was seen last */
export async function knownConnections(
  { session, store, activity }: Services,
  lastLook: (connectionId: string) => Date | undefined,
): Promise<readonly KnownConnection[]> {
  await session.start();
  const { state } = session;
  if (state.status !== 'signedIn') return [];
  const { id, name, baseUrl, isProduction } = state.connection;
  const activities = await (await activity.log()).read(id);
  const lists = store.loadedUserTokens;
  const error = [store.projectTokens, store.users, ...lists.map(([, list]) => list)]
    .map((list) => list.error)
    .find((found) => found !== undefined && found.reason !== 'notOffered');
  const hasMore = [store.projectTokens, store.users, ...lists.map(([, list]) => list)].some((list) => list.hasMore);
  return [
    {
      id,
      name: name ?? new URL(baseUrl).host,
      isProduction: isProduction === true,
      rows: [
        ...store.projectTokens.items.map((token) => ({ token })),
        ...lists.flatMap(([user, list]) => {
          const owner = store.user(user) ?? unknownUser(user);
          return list.items.map((token) => ({ token, owner }));
        }),
      ],
      hasMore,
      problem: error === undefined ? undefined : describeError(error).message,
      lastLookAt: lastLook(id),
      issuedHere: new Set(activities.flatMap(({ what, tokenId }) => (what === 'issued' && tokenId ? [tokenId] : []))),
    },
  ];
}
