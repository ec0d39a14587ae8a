import { tokenState } from '../model/token.ts';
import { type FindingId, findingBit, findingIds } from './findingIds.ts';
import { type FindingOptions, findingsOf } from './findings.ts';
import { type KnownConnection, type KnownToken, serverTime } from './known.ts';
import { type Timeline, timelineOf } from './timeline.ts';

const dayMs = 24 * 60 * 60_000;

/** A row of the overview's table. */
export interface OverviewRow extends KnownToken {
  readonly connection: KnownConnection;
  /** Bits: see `findingBit`. */
  readonly findings: number;
}

/** A finding, and the number of tokens that have it. */
interface Finding {
  readonly id: FindingId;
  readonly count: number;
}

/** The known tokens of all connections, evaluated at an instant. */
export interface Overview {
  readonly connections: readonly KnownConnection[];
  readonly rows: readonly OverviewRow[];
  /** Without findings that no token has. */
  readonly findings: readonly Finding[];
  readonly timeline: Timeline;
  /** When a state or finding next changes without new data: a token expires, or starts to expire soon. */
  readonly nextChangeAt: Date | undefined;
}

/** The findings, timeline and rows at `now`. */
export function overviewOf(connections: readonly KnownConnection[], now: Date, options: FindingOptions): Overview {
  const counts = findingIds.map(() => 0);
  const rows: OverviewRow[] = [];
  let nextChange = Infinity;
  for (const connection of connections) {
    const theirs = serverTime(connection, now);
    const found = findingsOf(connection, theirs, options);
    for (const [index, row] of connection.rows.entries()) {
      const findings = found[index] ?? 0;
      rows.push({ token: row.token, owner: row.owner, connection, findings });
      for (const [place, id] of findingIds.entries()) {
        if ((findings & findingBit(id)) !== 0) counts[place] = (counts[place] ?? 0) + 1;
      }
      nextChange = Math.min(nextChange, nextCrossing(row, theirs, options) - connection.aheadMs);
    }
  }
  return {
    connections,
    rows,
    findings: findingIds.map((id, place) => ({ id, count: counts[place] ?? 0 })).filter(({ count }) => count > 0),
    timeline: timelineOf(rows, now),
    nextChangeAt: nextChange === Infinity ? undefined : new Date(nextChange),
  };
}

function nextCrossing({ token }: KnownToken, now: Date, { soonDays }: FindingOptions): number {
  if (token.expiresAt === undefined || tokenState(token, now) !== 'active') return Infinity;
  const expiresAt = token.expiresAt.getTime();
  const soonAt = expiresAt - soonDays * dayMs;
  return soonAt > now.getTime() ? soonAt : expiresAt;
}
