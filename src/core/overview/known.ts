import type { AuditState } from '../audit/auditStates.ts';
import type { Token } from '../model/token.ts';
import type { User } from '../model/user.ts';

/** A known token, with its user if it is a user token. */
export interface KnownToken {
  readonly token: Token;
  readonly owner?: User | undefined;
}

/** The audit of a connection's user tokens, as shown on a page. */
export interface KnownAudit {
  readonly state: AuditState;
  readonly done: number;
  readonly total: number;
  /** A sentence about the audit; empty when there is none. */
  readonly text: string;
}

/** The known tokens of a connection. */
export interface KnownConnection {
  readonly id: string;
  readonly name: string;
  readonly isProduction: boolean;
  /** How far its server's clock, which decides on expiry, is ahead of ours: 0 unless it is known to be minutes. */
  readonly aheadMs: number;
  readonly rows: readonly KnownToken[];
  /** Whether MagicBell has more tokens than are loaded. */
  readonly hasMore: boolean;
  /** A sentence on why tokens could not be loaded. */
  readonly problem?: string | undefined;
  /** When the Overview was last seen; undefined the first time. */
  readonly lastLookAt: Date | undefined;
  /** The audit of its users' tokens. */
  readonly audit: KnownAudit;
  /** Ids of the tokens that were issued here. */
  readonly issuedHere: ReadonlySet<string>;
}

/** The time of a connection's server at our `now`. */
export const serverTime = ({ aheadMs }: Pick<KnownConnection, 'aheadMs'>, now: Date): Date =>
  aheadMs === 0 ? now : new Date(now.getTime() + aheadMs);
