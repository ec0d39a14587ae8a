import type { KnownConnection, KnownToken } from '../../../src/core/overview/known.ts';
import { type Overview, overviewOf } from '../../../src/core/overview/overviewOf.ts';

export const now = new Date('2026-11-25T12:00:00Z');
const dayMs = 24 * 60 * 60_000;
export const inDays = (days: number): Date => new Date(now.getTime() + days * dayMs);

/** A connection of which some tokens are known. */
export function aConnection(rows: readonly KnownToken[], parts: Partial<KnownConnection> = {}): KnownConnection {
  return {
    id: 'connection-1',
    name: 'Acme',
    isProduction: false,
    aheadMs: 0,
    rows,
    hasMore: false,
    lastLookAt: undefined,
    audit: { state: 'none', done: 0, total: 0, text: '' },
    issuedHere: new Set(),
    ...parts,
  };
}

/** The overview of some tokens of one connection. */
export const overviewOfRows = (rows: readonly KnownToken[], parts?: Partial<KnownConnection>): Overview =>
  overviewOf([aConnection(rows, parts)], now, { soonDays: 14 });
