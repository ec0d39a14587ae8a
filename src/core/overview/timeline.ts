import { neverExpires, type Token, tokenState } from '../model/token.ts';
import { type KnownConnection, serverTime } from './known.ts';

const monthsAhead = 12;

/** The number of tokens that expire in a span of time; `to` is exclusive. */
interface TimelineSpan {
  readonly from: Date;
  readonly to: Date;
  readonly count: number;
}

/** A token with its connection. */
interface TimelineRow {
  readonly token: Token;
  readonly connection: Pick<KnownConnection, 'aheadMs'>;
}

/** When tokens expire. Revoked tokens and unknown expiries are left out. */
export interface Timeline {
  /** Expired tokens that are still listed. */
  readonly expired: number;
  /** This month and the next eleven calendar months; the first span starts now. */
  readonly months: readonly TimelineSpan[];
  /** Tokens that expire after these months. */
  readonly later: number;
  readonly never: number;
}

/** Counts the expiries of one or several connections by month. */
export function timelineOf(rows: Iterable<TimelineRow>, now: Date): Timeline {
  const starts = Array.from({ length: monthsAhead + 1 }, (_, index) =>
    index === 0 ? now : new Date(now.getFullYear(), now.getMonth() + index, 1),
  );
  const counts = new Array<number>(monthsAhead).fill(0);
  const thisMonth = now.getFullYear() * 12 + now.getMonth();
  let expired = 0;
  let later = 0;
  let never = 0;
  for (const { token, connection } of rows) {
    const { expiresAt } = token;
    const state = tokenState(token, serverTime(connection, now));
    if (state === 'revoked') continue;
    if (state === 'expired') expired += 1;
    else if (expiresAt === undefined) never += neverExpires(token) ? 1 : 0;
    else {
      const month = expiresAt.getFullYear() * 12 + expiresAt.getMonth() - thisMonth;
      if (month < monthsAhead) counts[month] = (counts[month] ?? 0) + 1;
      else later += 1;
    }
  }
  const months = counts.map((count, index) => ({ from: starts[index] ?? now, to: starts[index + 1] ?? now, count }));
  return { expired, months, later, never };
}
