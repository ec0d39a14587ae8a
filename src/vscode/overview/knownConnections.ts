import type { Activity } from '../../core/activity/activity.ts';
import type { AuditedToken } from '../../core/audit/auditBook.ts';
import type { Audit } from '../../core/audit/audit.ts';
import type { Audits } from '../../core/audit/audits.ts';
import { auditText } from '../../core/audit/auditText.ts';
import type { Connection } from '../../core/connections/connection.ts';
import { describeError } from '../../core/describeError.ts';
import { unknownUser } from '../../core/model/user.ts';
import type { KnownAudit, KnownConnection, KnownToken } from '../../core/overview/known.ts';
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
        rows: [...loadedRows(connection), ...auditedRows(connection, audited, activities)],
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

function known(
  connection: Connection,
): Pick<KnownConnection, 'id' | 'name' | 'isProduction' | 'aheadMs' | 'hasMore' | 'problem'> {
  const { store } = connection;
  const all = [store.projectTokens, store.users, ...store.loadedUserTokens.map(([, list]) => list)];
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

/** The audited tokens of users whose tokens are not loaded. Those revoked from here since then are marked. */
function auditedRows(
  { store }: Connection,
  audited: readonly AuditedToken[],
  activities: readonly Activity[],
): readonly KnownToken[] {
  if (audited.length === 0) return [];
  const loaded = new Set(store.loadedUserTokens.map(([user]) => user));
  const revoked = new Map(activities.flatMap(({ what, tokenId, at }) => (what === 'revoked' ? [[tokenId, at]] : [])));
  return audited
    .filter(({ owner }) => !loaded.has(owner.id))
    .map(({ token, owner }) => ({
      token: { ...token, revokedAt: token.revokedAt ?? (token.id === undefined ? undefined : revoked.get(token.id)) },
      owner,
    }));
}
