import { groupBy } from '../base/groupBy.ts';
import type { Connection } from '../connections/connection.ts';
import { type RevocableToken, isRevocable } from '../model/token.ts';
import type { Row } from './rows.ts';

/** The tokens of rows that can be revoked, with the connections that they belong to. */
export function revocableOf(
  rows: readonly Row[],
): readonly { readonly connection: Connection; readonly token: RevocableToken }[] {
  return rows.flatMap((row) => {
    if (row.type !== 'token') return [];
    const { connection, token } = row;
    return isRevocable(token, connection.now()) ? [{ connection, token }] : [];
  });
}

/** The same, by connection. */
export function revocableByConnection(rows: readonly Row[]): ReadonlyMap<Connection, readonly RevocableToken[]> {
  return groupBy(
    revocableOf(rows),
    ({ connection }) => connection,
    ({ token }) => token,
  );
}
