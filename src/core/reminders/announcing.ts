import type { TokenId } from '../model/token.ts';
import type { WatchRecord } from './expiryRecord.ts';
import type { KnownExpiry } from './knownExpiries.ts';

/** At most one announcement in this time, and none this soon after a connection was added. */
const quietMs = 24 * 60 * 60_000;

/** What is known of a connection. */
export interface Watched {
  readonly record: WatchRecord;
  /** Without revoked tokens. */
  readonly known: readonly KnownExpiry[];
  /** The time, by the clock of its server. */
  readonly now: Date;
}

/** A token that has crossed a threshold which was not announced yet. */
export interface Announcement {
  readonly connectionId: string;
  readonly id: TokenId;
  readonly threshold: number;
}

/** The record without times that have not come yet: they were written while the clock was ahead. */
export const withPastTimes = (record: WatchRecord, now: Date): WatchRecord => ({
  ...record,
  since: record.since > now ? new Date(0) : record.since,
  noticedAt: record.noticedAt !== undefined && record.noticedAt > now ? undefined : record.noticedAt,
});

/** Whether a connection is older than a day: before that, its rows say enough. */
export const isSettled = ({ since }: WatchRecord, now: Date): boolean => since.getTime() + quietMs <= now.getTime();

/** When these may be announced: a day after its connection was added, and a day after the last announcement. */
export function mayAnnounceAt(toAnnounce: readonly Announcement[], watched: readonly Watched[]): Date | undefined {
  const withAnnouncement = new Set(toAnnounce.map(({ connectionId }) => connectionId));
  const settledAt = watched
    .filter(({ record }) => withAnnouncement.has(record.id))
    .map(({ record }) => record.since.getTime() + quietMs);
  if (settledAt.length === 0) return undefined;
  const noticed = watched.flatMap(({ record: { noticedAt } }) =>
    noticedAt === undefined ? [] : [noticedAt.getTime()],
  );
  return new Date(Math.max(Math.min(...settledAt), ...noticed.map((at) => at + quietMs)));
}
