import type { Activity } from '../../core/activity/activity.ts';
import type { Audit } from '../../core/audit/audit.ts';
import type { Audits } from '../../core/audit/audits.ts';
import { auditText } from '../../core/audit/auditText.ts';
import type { Connection } from '../../core/connections/connection.ts';
import { describeError } from '../../core/describeError.ts';
import type { TokenId } from '../../core/model/token.ts';
import { unknownUser } from '../../core/model/user.ts';
import { notLoaded } from '../../core/overview/notLoaded.ts';
import type { KnownAudit, KnownConnection, KnownToken } from '../../core/overview/known.ts';
import type { AnyPagedList } from '../../core/tokens/pagedList.ts';
import type { Services } from '../services.ts';

/**
 * All connections with their loaded tokens and the results of audits. Sends no request.
 * @param lastLook when the Overview last showed a connection
 */
export async function knownConnections(
  services: Services,
  lastLook: (connectionId: string) => Date | undefined,
): Promise<readonly KnownConnection[]> {
  const [log, audits] = await Promise.all([services.activity.log(), services.audits()]);
  return Promise.all(
    (await services.connections.start()).map(async (connection) => {
      const [activities, audited] = await Promise.all([log.read(connection.id), audits.tokens(connection.id)]);
      const issued = activities.flatMap(({ what, tokenId }) => (what === 'issued' && tokenId ? [tokenId] : []));
      return {
        ...known(connection),
        rows: [...loadedRows(connection), ...notLoaded(audited, connection.store, revocations(activities))],
        audit: await knownAudit(audits, connection),
        lastLookAt: lastLook(connection.id),
        issuedHere: new Set(issued),
      };
    }),
  );
}

/** The state of a connection's audit. */
export async function knownAudit(audits: Audits, connection: Connection): Promise<KnownAudit> {
  const audit: Audit = audits.of(connection);
  if (audit.state === 'none') await audit.check();
  const { readCount = 0, userCount = 0 } = audit.record ?? {};
  return { state: audit.state, done: readCount, total: userCount, text: auditText(audit, connection.host) };
}

/** Whether MagicBell has tokens or users that are not loaded here. */
export const isPartlyLoaded = (connection: Connection): boolean =>
  listsOf(connection).some((list) => list.hasMore || list.gap !== undefined);

const listsOf = ({ store }: Connection): readonly AnyPagedList[] => [
  store.projectTokens,
  store.users,
  ...store.loadedUserTokens.map(([, list]) => list),
];

function known(
  connection: Connection,
): Pick<KnownConnection, 'id' | 'name' | 'isProduction' | 'aheadMs' | 'hasMore' | 'problem'> {
  const all = listsOf(connection);
  const error = all.map((list) => list.error).find((found) => found !== undefined && found.reason !== 'notOffered');
  return {
    id: connection.id,
    name: connection.label,
    isProduction: connection.isProduction,
    aheadMs: connection.aheadMs,
    hasMore: all.some((list) => list.hasMore),
    problem: error === undefined ? undefined : describeError(error, { host: connection.host }).message,
  };
}

function loadedRows({ store }: Connection): readonly KnownToken[] {
  return [
    ...store.projectTokens.items.map((token) => ({ token })),
    ...store.loadedUserTokens.flatMap(([user, list]) => {
      const owner = store.user(user) ?? unknownUser(user);
      return list.items.map((token) => ({ token, owner }));
    }),
  ];
}

/** When tokens of a connection were revoked from here. */
const revocations = (activities: readonly Activity[]): ReadonlyMap<TokenId | undefined, Date> =>
  new Map(activities.flatMap(({ what, tokenId, at }) => (what === 'revoked' ? [[tokenId, at]] : [])));
