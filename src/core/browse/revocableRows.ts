import { groupBy } from '../base/groupBy.ts';
import type { Connection } from '../connections/connection.ts';
import { type RevocableToken, isRevocable } from '../model/token.ts';
import type { Row } from './rows.ts';

/** The tokens of rows that can be revoked, by the connection that they belong to. */
export function revocableByConnection(rows: readonly Row[]): ReadonlyMap<Connection, readonly RevocableToken[]> {
  const revocable = rows.flatMap((row) => {
    if (row.type !== 'token') return [];
    const { connection, token } = row;
    return isRevocable(token, connection.now()) ? [{ connection, token }] : [];
  });
  return groupBy(
    revocable,
    ({ connection }) => connection,
    ({ token }) => token,
  );
}
