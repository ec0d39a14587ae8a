import { csv } from '../base/csv.ts';
import { isKnownInstant, tokenState } from '../model/token.ts';
import { findingBit, findingIds } from './findingIds.ts';
import { serverTime } from './known.ts';
import type { OverviewRow } from './overviewOf.ts';

/** Tokens as CSV for spreadsheets, with times in UTC. */
export function tokensCsv(rows: readonly OverviewRow[], now: Date): string {
  const records = rows.map((row) => recordOf(row, now));
  return csv([
    [
      'project',
      'name',
      'kind',
      'user',
      'external id',
      'state',
      'created',
      'expires',
      'revoked',
      'token id',
      'findings',
    ],
    ...records.map((record) => [
      record.project,
      record.name,
      record.kind,
      record.user,
      record.externalId,
      record.state,
      record.created,
      record.expires ?? (record.isExpiryUnknown ? 'unknown' : 'never'),
      record.revoked,
      record.tokenId,
      record.findings.join(' '),
    ]),
  ]);
}

/** Tokens as JSON for programs. */
export const tokensJson = (rows: readonly OverviewRow[], now: Date): string =>
  `${JSON.stringify(
    rows.map((row) => recordOf(row, now)),
    undefined,
    2,
  )}\n`;

/** Fields are named one by one, so that fields that tokens may get in the future are not exported unnoticed. */
function recordOf({ connection, token, owner, findings }: OverviewRow, now: Date) {
  return {
    project: connection.name,
    isProduction: connection.isProduction,
    name: token.name,
    kind: token.kind,
    user: token.kind === 'user' ? (owner?.email ?? owner?.id) : undefined,
    externalId: token.kind === 'user' ? owner?.externalId : undefined,
    state: tokenState(token, serverTime(connection, now)),
    created: isKnownInstant(token.createdAt) ? token.createdAt.toISOString() : undefined,
    /** Null: it never expires, unless the expiry is unknown. */
    expires: token.expiresAt?.toISOString() ?? null,
    isExpiryUnknown: token.isExpiryUnknown,
    revoked: token.revokedAt?.toISOString(),
    tokenId: token.id,
    findings: findingIds.filter((id) => (findings & findingBit(id)) !== 0),
  };
}
