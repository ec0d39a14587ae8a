import type { AuditState } from '../audit/auditStates.ts';
import type { Token } from '../model/token.ts';
import type { User } from '../model/user.ts';

/** A token that is loaded, with its user when it is a user token. */
export interface KnownToken {
  readonly token: Token;
  readonly owner?: User | undefined;
}

/** The audit of a connection's user tokens, as far as a page shows it. */
export interface KnownAudit {
  readonly state: AuditState;
  readonly done: number;
  readonly total: number;
  /** In a sentence; empty where there is none. */
  readonly text: string;
}

/** The known tokens of a connection. */
export interface KnownConnection {
  readonly id: string;
  readonly name: string;
  readonly isProduction: boolean;
  /** By how much its server's clock, which judges its tokens, is ahead of ours: 0 unless that is known to be minutes. */
  readonly aheadMs: number;
  readonly rows: readonly KnownToken[];
  /** Whether MagicBell has more than what is loaded. */
  readonly hasMore: boolean;
  /** Why tokens could not be loaded, in a sentence. */
  readonly problem?: string | undefined;
  /** When the overview was last looked at; undefined the first time. */
  readonly lastLookAt: Date | undefined;
  /** Where the audit of its users' tokens stands. */
  readonly audit: KnownAudit;
  /** Ids of the tokens that were issued from here. */
  readonly issuedHere: ReadonlySet<string>;
}

/** The time by the clock of a connection's server while ours shows `now`. */
export const serverTime = ({ aheadMs }: Pick<KnownConnection, 'aheadMs'>, now: Date): Date =>
  aheadMs === 0 ? now : new Date(now.getTime() + aheadMs);
