import type { Connection } from '../connections/connection.ts';
import { describeError } from '../describeError.ts';
import type { ErrorDescription } from '../errorDescription.ts';
import type { PendingIssuance } from '../issuance/pendingIssuance.ts';
import type { LedgerEntry } from '../ledger/ledgerEntry.ts';
import type { Token, TokenKind } from '../model/token.ts';
import { type User, type UserId, unknownUser } from '../model/user.ts';
import { isFor, tokenOfEntry } from '../signing/signedHere.ts';
import { type Arrangement, arrange, arrangeUsers } from '../tokens/arrangement.ts';
import type { ListGap } from '../tokens/listGap.ts';
import type { AnyPagedList, PagedList, Wait } from '../tokens/pagedList.ts';

/** A connection as a row: only where there are several. */
export interface ConnectionRow {
  readonly type: 'connection';
  readonly connection: Connection;
  readonly kind: TokenKind;
}

export interface TokenRow {
  readonly type: 'token';
  readonly connection: Connection;
  readonly token: Token;
  /** Whose it is, for a user token. */
  readonly user?: UserId | undefined;
}

export interface UserRow {
  readonly type: 'user';
  readonly connection: Connection;
  readonly user: User;
  readonly isPinned: boolean;
}

/** A token that was signed here for a user: no API lists it. */
export interface SignedRow {
  readonly type: 'signed';
  readonly connection: Connection;
  /** The user row above it; undefined when it is not a row of a view. */
  readonly user: UserId | undefined;
  readonly entry: LedgerEntry;
}

interface UndeliveredRow {
  readonly type: 'undelivered';
  /** Undefined when its connection was removed elsewhere. */
  readonly connection: Connection | undefined;
  readonly pending: PendingIssuance;
}

/** The place of a row that is about a list: at the top of a connection, or below a user. */
interface ListRow {
  readonly connection: Connection;
  readonly kind: TokenKind;
  readonly list: AnyPagedList;
  readonly user?: UserId | undefined;
}

/** Loads the next page of its list. */
interface LoadMoreRow extends ListRow {
  readonly type: 'loadMore';
}

/** A failure below the rows that stay, with Retry. */
interface FailureRow extends ListRow {
  readonly type: 'failure';
  readonly description: ErrorDescription;
}

/** The first page has not arrived: says what it waits for. A click stops the wait. */
interface WaitingRow extends ListRow {
  readonly type: 'waiting';
  /** Undefined when it waits for nothing but the answer. */
  readonly wait: Wait | undefined;
}

/** Says what is missing in a list, and why. */
interface IncompleteRow extends ListRow {
  readonly type: 'incomplete';
  readonly gap: ListGap;
}

/** The API does not offer the operation that lists these: the row offers the next best step instead. */
interface NotOfferedRow extends ListRow {
  readonly type: 'notOffered';
}

/** A user, or one of several connections, has no tokens or users. */
interface EmptyRow extends ListRow {
  readonly type: 'empty';
}

/** The filter hides all tokens of a list. A click clears it. */
interface NoMatchRow extends ListRow {
  readonly type: 'noMatch';
}

/** A row of either view. Each carries the connection that it acts with. */
export type Row =
  | ConnectionRow
  | TokenRow
  | UserRow
  | SignedRow
  | UndeliveredRow
  | LoadMoreRow
  | FailureRow
  | WaitingRow
  | EmptyRow
  | IncompleteRow
  | NoMatchRow
  | NotOfferedRow;

/** How rows are chosen and ordered. */
export interface RowContext {
  readonly arrangement: Arrangement;
  readonly now: Date;
  readonly soonDays: number;
  /** The unsettled issuances of this connection and kind. */
  readonly unsettled: readonly PendingIssuance[];
  /** The connection's tokens that were signed here, as far as they are known. */
  readonly signed: readonly LedgerEntry[];
  /** Whether a failure or an empty list gets a row. With a single connection the view's welcome says it instead. */
  readonly saysAll: boolean;
}

/**
 * The rows of one connection in one view. VS Code identifies rows by object identity, so a row stays the same object as
 * long as its content does.
 */
export class ConnectionRows {
  readonly connection: Connection;
  readonly kind: TokenKind;
  readonly row: ConnectionRow;
  private readonly userRows = new Map<UserId, UserRow>();
  private readonly signedRowsMade = new WeakMap<LedgerEntry, SignedRow>();
  /** Sorted and filtered once per change of a list: VS Code asks for rows more often. */
  private readonly arranged = new Map<AnyPagedList, readonly TokenRow[]>();

  constructor(connection: Connection, kind: TokenKind) {
    this.connection = connection;
    this.kind = kind;
    this.row = { type: 'connection', connection, kind };
  }

  /** The list at the top. */
  get list(): PagedList<Token> | PagedList<User> {
    const { store } = this.connection;
    return this.kind === 'project' ? store.projectTokens : store.users;
  }

  /** Call when time has passed or everything has changed. */
  invalidate(): void {
    this.arranged.clear();
  }

  /** The rows at the top, from what is loaded. */
  top(context: RowContext): readonly Row[] {
    const { connection, kind, list } = this;
    const pinned = context.unsettled.map((pending): Row => ({ type: 'undelivered', connection, pending }));
    const rows: readonly Row[] =
      kind === 'project'
        ? withoutThose(this.tokenRows(connection.store.projectTokens, undefined, context), context.unsettled)
        : this.shownUsers(context);
    const hasRows = pinned.length > 0 || rows.length > 0;
    const tail = this.tail({ connection, kind, list }, hasRows || context.saysAll || isPaused(list));
    if (context.saysAll && !hasRows && tail.length === 0 && list.isLoaded)
      return [{ type: 'empty', connection, kind, list }];
    return [...pinned, ...rows, ...tail];
  }

  /** The rows below a user. */
  below(user: UserId, context: RowContext): readonly Row[] {
    const { connection, kind } = this;
    const list = connection.store.tokensOf(user);
    const rows = [...this.tokenRows(list, user, context), ...this.signedRows(user, context)];
    const rest = this.tail({ connection, kind, list, user }, true);
    return rows.length === 0 && rest.length === 0
      ? [{ type: 'empty', connection, kind, list, user }]
      : [...rows, ...rest];
  }

  /** The row of a loaded token; undefined when it is not loaded, or the filter hides it. */
  tokenRow(token: Token, user: UserId | undefined, context: RowContext): TokenRow | undefined {
    const { store } = this.connection;
    const list = user === undefined ? store.projectTokens : store.tokensOf(user);
    return this.arrangedTokens(list, user, context).find(
      (row) => row.token === token || (token.id !== undefined && row.token.id === token.id),
    );
  }

  /** The row of a user, also of one that is not loaded yet. */
  userRow(user: User, isPinned = this.connection.users.isPinned(user.id)): UserRow {
    const known = this.userRows.get(user.id);
    if (known?.user === user && known.isPinned === isPinned) return known;
    const row: UserRow = { type: 'user', connection: this.connection, user, isPinned };
    this.userRows.set(user.id, row);
    return row;
  }

  /** The row of a user, if there is one. */
  knownUserRow(id: UserId): UserRow | undefined {
    return this.userRows.get(id);
  }

  /** One user's tokens have changed. */
  invalidateList(list: AnyPagedList): void {
    this.arranged.delete(list);
  }

  /** A user's locally signed tokens, except those pinned on top because their value waits to be copied. */
  private signedRows(id: UserId, { signed, unsettled, arrangement, now, soonDays }: RowContext): readonly Row[] {
    const { connection } = this;
    const user = connection.store.user(id) ?? unknownUser(id);
    return signed
      .filter((entry) => isFor(entry, user) && !unsettled.some(({ issuance }) => issuance.id === entry.id))
      .filter((entry) => arrange([tokenOfEntry(entry)], arrangement, now, soonDays).length > 0)
      .map((entry): SignedRow => {
        const known = this.signedRowsMade.get(entry);
        if (known?.user === id) return known;
        const row: SignedRow = { type: 'signed', connection, user: id, entry };
        this.signedRowsMade.set(entry, row);
        return row;
      });
  }

  /** The pinned ones stay on top, in their own order. */
  private shownUsers({ arrangement }: RowContext): readonly UserRow[] {
    const { store, users } = this.connection;
    const pinned = users.pinned.length;
    const shown = store.shownUsers;
    return [
      ...shown.slice(0, pinned).map((user) => this.userRow(user, true)),
      ...arrangeUsers(shown.slice(pinned), arrangement).map((user) => this.userRow(user, false)),
    ];
  }

  private tokenRows(list: PagedList<Token>, user: UserId | undefined, context: RowContext): readonly Row[] {
    const rows = this.arrangedTokens(list, user, context);
    // A list that the filter empties must not look like one that is empty.
    if (rows.length > 0 || list.items.length === 0) return rows;
    return [{ type: 'noMatch', connection: this.connection, kind: this.kind, list, user }];
  }

  private arrangedTokens(
    list: PagedList<Token>,
    user: UserId | undefined,
    { arrangement, now, soonDays }: RowContext,
  ): readonly TokenRow[] {
    let rows = this.arranged.get(list);
    if (rows === undefined) {
      const { connection } = this;
      rows = arrange(list.items, arrangement, now, soonDays).map((token) => ({
        type: 'token',
        connection,
        token,
        user,
      }));
      this.arranged.set(list, rows);
    }
    return rows;
  }

  /** The rows at the end. When there are no other rows, the view's welcome describes the failure instead. */
  private tail(of: ListRow, saysFailure: boolean): readonly Row[] {
    const { list, user, kind, connection } = of;
    if (!list.isLoaded && list.isLoading && list.error === undefined)
      return [{ ...of, type: 'waiting', wait: list.waiting }];
    if (list.error?.reason === 'notOffered') return saysFailure ? [{ ...of, type: 'notOffered' }] : [];
    if (list.error !== undefined) {
      const operation =
        user !== undefined ? 'fetchUserTokens' : kind === 'project' ? 'fetchProjectTokens' : 'listUsers';
      const description = describeError(list.error, { operation, host: connection.host });
      return saysFailure ? [{ ...of, type: 'failure', description }] : [];
    }
    return [
      ...(list.hasMore ? [{ ...of, type: 'loadMore' } as const] : []),
      ...(list.gap === undefined ? [] : [{ ...of, type: 'incomplete', gap: list.gap } as const]),
    ];
  }
}

/**
 * Whether the server has said until when to wait. A view shows that as its message, and VS Code shows no welcome beside
 * a message: the failure needs a row then.
 */
const isPaused = ({ error }: Pick<AnyPagedList, 'error'>): boolean => error?.details.retryAfterMs !== undefined;

/** Leaves out tokens that are pinned on top because their value waits to be copied. */
function withoutThose(rows: readonly Row[], unsettled: readonly PendingIssuance[]): readonly Row[] {
  const ids = new Set(unsettled.flatMap(({ issuance }) => issuance.tokenId ?? []));
  if (ids.size === 0) return rows;
  return rows.filter((row) => row.type !== 'token' || row.token.id === undefined || !ids.has(row.token.id));
}
