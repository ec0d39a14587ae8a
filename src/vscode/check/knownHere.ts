import type { ComparedConnection } from '../../core/checking/checkReport.ts';
import type { ListedToken } from '../../core/checking/tokenIdentity.ts';
import type { Connection } from '../../core/connections/connection.ts';
import { unknownUser } from '../../core/model/user.ts';
import type { FoundToken } from '../../core/tokens/findTokens.ts';
import { projectName } from '../../core/connections/projectName.ts';
import type { Services } from '../services.ts';

/** A loaded row to compare a token with. */
export interface LoadedRow extends ListedToken {
  readonly connection: Connection;
  readonly found: FoundToken;
}

/** All connections with their loaded rows. */
export async function comparedConnections({
  connections,
}: Services): Promise<readonly ComparedConnection<LoadedRow>[]> {
  return (await connections.start()).map((connection) => ({
    id: connection.id,
    name: projectName(connection),
    baseUrl: connection.baseUrl,
    key: connection.key,
    now: connection.now(),
    rows: loadedRows(connection),
  }));
}

function* loadedRows(connection: Connection): Generator<LoadedRow> {
  const { id: connectionId, store } = connection;
  for (const token of store.projectTokens.items) yield { connectionId, connection, token, found: { token } };
  for (const [id, list] of store.loadedUserTokens) {
    const user = store.user(id) ?? unknownUser(id);
    for (const token of list.items) yield { connectionId, connection, token, found: { token, user } };
  }
}
