import { isKnownInstant } from '../model/token.ts';
import type { KnownAudit } from './known.ts';
import { tokenName, userName } from '../tokens/tokenPresentation.ts';
import type { Overview, OverviewRow } from './overviewOf.ts';
import type { AuditMessage, OverviewMessage, RowMessage, RowsMessage } from './protocol.ts';
import { shown } from '../pages/shown.ts';

/** Few enough rows to block neither the host nor the page for long. */
const rowsPerPart = 2000;
/** Sentences of this extension are longer than the limit for names. */
const longestText = 500;

/** Numbers by which a page names tokens. A token keeps its number when the rows are sent again. */
export class RowKeys {
  private readonly numbers = new Map<string, number>();
  private readonly rows = new Map<number, OverviewRow>();

  /** Adds a row and returns its number. */
  add(row: OverviewRow): number {
    const { token, owner, connection } = row;
    const identity = JSON.stringify([connection.id, owner?.id, token.id ?? [token.createdAt, token.name]]);
    const number = this.numbers.get(identity) ?? this.numbers.size;
    this.numbers.set(identity, number);
    this.rows.set(number, row);
    return number;
  }

  /** The rows with these numbers; those that no longer exist are skipped. */
  rowsOf(numbers: readonly number[]): readonly OverviewRow[] {
    return numbers.flatMap((number) => this.rows.get(number) ?? []);
  }

  /** Removes the rows. Tokens keep their numbers when they are added again. */
  clear(): void {
    this.rows.clear();
  }
}

/** The part of the page above the table. */
export function overviewMessage(overview: Overview, generation: number, soonDays: number): OverviewMessage {
  const { timeline } = overview;
  return {
    type: 'overview',
    generation,
    rowCount: overview.rows.length,
    soonDays,
    connections: overview.connections.map(({ name, isProduction, aheadMs, rows, hasMore, problem, audit }) => ({
      name: shown(name),
      isProduction,
      aheadMs,
      count: rows.length,
      hasMore,
      problem: shown(problem ?? ''),
      audit: auditMessage(audit),
    })),
    findings: overview.findings,
    timeline: {
      ...timeline,
      months: timeline.months.map(({ from, to, count }) => ({ from: from.getTime(), to: to.getTime(), count })),
    },
  };
}

/** The state and progress of an audit. */
export const auditMessage = ({ state, done, total, text }: KnownAudit): AuditMessage => ({
  ...{ state, done, total },
  text: shown(text, longestText),
});

/** The rows in parts, which are created lazily. */
export function* rowMessages(overview: Overview, generation: number, keys: RowKeys): Generator<RowsMessage> {
  const places = new Map(overview.connections.map((connection, place) => [connection, place]));
  keys.clear();
  for (let start = 0; start < overview.rows.length; start += rowsPerPart) {
    const rows = overview.rows
      .slice(start, start + rowsPerPart)
      .map((row) => rowMessage(row, keys.add(row), places.get(row.connection) ?? 0));
    yield { type: 'rows', generation, rows };
  }
}

function rowMessage({ token, owner, findings }: OverviewRow, key: number, connection: number): RowMessage {
  return {
    key,
    connection,
    name: shown(tokenName(token)),
    kind: token.kind,
    owner: shown(owner === undefined ? '' : userName(owner)),
    id: shown(token.id ?? ''),
    createdAt: isKnownInstant(token.createdAt) ? token.createdAt.getTime() : null,
    expiresAt: token.expiresAt?.getTime() ?? null,
    isExpiryUnknown: token.isExpiryUnknown === true,
    isRevoked: token.revokedAt !== undefined,
    findings,
  };
}
