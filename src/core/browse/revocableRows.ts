import type { Connection } from '../connections/connection.ts';
import { type RevocableToken, isRevocable } from '../model/token.ts';
import type { Row } from './rows.ts';

/** The tokens of rows that can be revoked, by the connection that they belong to. */
export function revocableByConnection(rows: readonly Row[]): ReadonlyMap<Connection, readonly RevocableToken[]> {
  const byConnection = new Map<Connection, RevocableToken[]>();
  for (const row of rows) {
    if (row.type !== 'token' || !isRevocable(row.token, row.connection.now())) continue;
    byConnection.set(row.connection, [...(byConnection.get(row.connection) ?? []), row.token]);
  }
  return byConnection;
}
