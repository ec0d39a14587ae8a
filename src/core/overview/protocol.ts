import type { TokenKind } from '../model/token.ts';
import type { FindingId } from './findingIds.ts';
import type { AuditState } from '../audit/auditStates.ts';
import type { Shown } from '../pages/shown.ts';

/** The audit of a connection's user tokens. */
export interface AuditMessage {
  readonly state: AuditState;
  /** Users: done, of all that are known. */
  readonly done: number;
  readonly total: number;
  /** Empty where there is none. */
  readonly text: Shown;
}

/** A connection as a page shows it. Rows name it by its place in the list. */
export interface ConnectionMessage {
  readonly name: Shown;
  readonly isProduction: boolean;
  /** By how much its server's clock is ahead of the page's. */
  readonly aheadMs: number;
  readonly count: number;
  /** Whether MagicBell has more than what is loaded. */
  readonly hasMore: boolean;
  /** Why its tokens could not be loaded; empty when they could. */
  readonly problem: Shown;
  readonly audit: AuditMessage;
}

/** How many tokens expire between two instants. */
interface SpanMessage {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** What stands above the table. The rows follow in parts of the same generation. */
export interface OverviewMessage {
  readonly type: 'overview';
  /** Goes up with each overview: rows of an older one are dropped. */
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

/** A token as a row of the table: metadata only, texts as they are shown. */
export interface RowMessage {
  /** Names the token in messages to the host; the same token keeps its key while the page lives. */
  readonly key: number;
  readonly connection: number;
  readonly name: Shown;
  readonly kind: TokenKind;
  /** The user of a user token; empty for a project token. */
  readonly owner: Shown;
  /** Empty when MagicBell sent none. */
  readonly id: Shown;
  /** Null: not known. */
  readonly createdAt: number | null;
  /** Null: never, unless it is not known. */
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

/** How the audits come along, in the order of the connections. */
export interface AuditsMessage {
  readonly type: 'audits';
  readonly audits: readonly AuditMessage[];
}

/** What the host sends to a page. */
export type HostMessage = OverviewMessage | RowsMessage | AuditsMessage;

export const tokenActions = ['details', 'rotate', 'revoke', 'copyId'] as const;

/** What can be done with tokens from a page: the same as from their rows in the views. */
export type TokenAction = (typeof tokenActions)[number];

export const auditActions = ['start', 'pause', 'resume', 'cancel'] as const;

/** What can be done with an audit from a page. */
type PageAuditAction = (typeof auditActions)[number];

/** What a page sends to the host. */
export type PageMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'act'; readonly action: TokenAction; readonly keys: readonly number[] }
  | { readonly type: 'export'; readonly keys: readonly number[] }
  | { readonly type: 'audit'; readonly action: PageAuditAction; readonly connection: number }
  | { readonly type: 'exportExpiries' }
  | { readonly type: 'connect' }
  | { readonly type: 'loadAll' }
  | { readonly type: 'markSeen' };
