import type { TokenKind } from '../model/token.ts';
import type { FindingId } from './findingIds.ts';
import type { AuditState } from '../audit/auditStates.ts';
import type { Shown } from '../pages/shown.ts';

/** The audit of a connection's user tokens. */
export interface AuditMessage {
  readonly state: AuditState;
  /** The number of users that are done, of `total` known ones. */
  readonly done: number;
  readonly total: number;
  /** A sentence about the audit; empty when there is none. */
  readonly text: Shown;
}

/** A connection on the page. Rows refer to it by its index in the list. */
export interface ConnectionMessage {
  readonly name: Shown;
  readonly isProduction: boolean;
  /** How far its server's clock is ahead of the page's. */
  readonly aheadMs: number;
  readonly count: number;
  /** Whether MagicBell has more tokens than are loaded. */
  readonly hasMore: boolean;
  /** Why its tokens could not be loaded; empty when they could. */
  readonly problem: Shown;
  readonly audit: AuditMessage;
}

/** The number of tokens that expire between two instants. */
interface SpanMessage {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** The part of the page above the table. The rows follow in messages of the same generation. */
export interface OverviewMessage {
  readonly type: 'overview';
  /** Increases with each overview; rows of an older generation are ignored. */
  readonly generation: number;
  readonly rowCount: number;
  readonly soonDays: number;
  readonly connections: readonly ConnectionMessage[];
  readonly findings: readonly { readonly id: FindingId; readonly count: number }[];
  readonly timeline: {
    readonly expired: number;
    readonly months: readonly SpanMessage[];
    readonly later: number;
    readonly never: number;
  };
}

/** A token as a row of the table: metadata only, as display text. */
export interface RowMessage {
  /** Identifies the token in messages to the host; stable for the lifetime of the page. */
  readonly key: number;
  readonly connection: number;
  readonly name: Shown;
  readonly kind: TokenKind;
  /** The user of a user token; empty for a project token. */
  readonly owner: Shown;
  /** Empty when MagicBell sent none. */
  readonly id: Shown;
  /** Null: unknown. */
  readonly createdAt: number | null;
  /** Null: never, unless `isExpiryUnknown`. */
  readonly expiresAt: number | null;
  readonly isExpiryUnknown: boolean;
  readonly isRevoked: boolean;
  readonly findings: number;
}

export interface RowsMessage {
  readonly type: 'rows';
  readonly generation: number;
  readonly rows: readonly RowMessage[];
}

/** The progress of the audits, in the order of the connections. */
export interface AuditsMessage {
  readonly type: 'audits';
  readonly audits: readonly AuditMessage[];
}

/** A message from the host to a page. */
export type HostMessage = OverviewMessage | RowsMessage | AuditsMessage;

export const tokenActions = ['details', 'rotate', 'revoke', 'copyId'] as const;

/** The actions for tokens on a page: the same as for their rows in the views. */
export type TokenAction = (typeof tokenActions)[number];

export const auditActions = ['start', 'pause', 'resume', 'cancel'] as const;

/** The actions for an audit on a page. */
type PageAuditAction = (typeof auditActions)[number];

/** A message from a page to the host. */
export type PageMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'act'; readonly action: TokenAction; readonly keys: readonly number[] }
  | { readonly type: 'export'; readonly keys: readonly number[] }
  | { readonly type: 'audit'; readonly action: PageAuditAction; readonly connection: number }
  | { readonly type: 'exportExpiries' }
  | { readonly type: 'connect' }
  | { readonly type: 'loadAll' }
  | { readonly type: 'markSeen' };
