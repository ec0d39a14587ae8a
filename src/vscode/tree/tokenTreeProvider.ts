import * as vscode from 'vscode';
import type { Clock } from '../../core/base/clock.ts';
import { type Disposable, DisposableStore } from '../../core/base/disposable.ts';
import { FirstPages } from '../../core/browse/firstPages.ts';
import { ConnectionRows, type Row, type RowContext, type TokenRow, type UserRow } from '../../core/browse/rows.ts';
import type { Connection } from '../../core/connections/connection.ts';
import type { Connections, ConnectionStoreChange } from '../../core/connections/connections.ts';
import type { IssuanceService } from '../../core/issuance/issuanceService.ts';
import type { LedgerAccess } from '../../core/ledger/ledgerAccess.ts';
import type { Token, TokenId, TokenKind } from '../../core/model/token.ts';
import type { User, UserId } from '../../core/model/user.ts';
import type { Rotation } from '../../core/reminders/rotation.ts';
import { type Arrangement, arrangementText } from '../../core/tokens/arrangement.ts';
import type { AnyPagedList } from '../../core/tokens/pagedList.ts';
import type { StateStore } from '../../core/tokens/rememberedUsers.ts';
import { type ViewId, viewIds } from '../ui/ids.ts';
import type { Settings } from '../ui/settings.ts';
import { DeferredChanges } from './deferredChanges.ts';
import type { RowSource } from './lazyTree.ts';
import { MadeItems } from './madeItems.ts';
import { toTreeItem, tooltipOf } from './treeItems.ts';
import { RowCommands } from './rowCommands.ts';

export interface TreeDependencies {
  readonly connections: Connections;
  readonly issuances: IssuanceService;
  /** Keeps how each view is sorted and filtered. */
  readonly state: StateStore;
  readonly clock: Clock;
  readonly settings: Settings;
  /** The locally signed tokens. */
  readonly ledger: LedgerAccess;
  /** The pending rotation of a token, once rotations are loaded. */
  readonly rotationOf: (connection: Connection, id: TokenId) => Rotation | undefined;
}

/** The rows of one of the two views. Requesting rows loads the first page. */
export class TokenTreeProvider implements RowSource, Disposable {
  readonly kind: TokenKind;
  readonly viewId: ViewId;
  private readonly deps: TreeDependencies;
  private readonly disposables = new DisposableStore();
  private readonly changeEmitter = this.disposables.add(new vscode.EventEmitter<Row | undefined>());
  private readonly changes: DeferredChanges<Row>;
  private readonly rowCommands: RowCommands;
  private sections: readonly ConnectionRows[] = [];
  private readonly madeItems = new MadeItems();
  private readSoonDays: number | undefined;
  private readonly firstPages: FirstPages;

  readonly onDidChangeTreeData = this.changeEmitter.event;

  constructor(kind: TokenKind, deps: TreeDependencies) {
    this.kind = kind;
    this.deps = deps;
    this.viewId = kind === 'project' ? viewIds.projectTokens : viewIds.userTokens;
    this.firstPages = new FirstPages(deps.clock);
    this.rowCommands = this.disposables.add(new RowCommands(this.viewId));
    this.changes = this.disposables.add(new DeferredChanges(deps.clock, (row) => this.changeEmitter.fire(row)));
    this.disposables.add(deps.connections.onDidChangeStore((changed) => this.storeChanged(changed)));
    this.disposables.add(deps.issuances.onDidChange(() => this.listsChanged()));
    this.disposables.add(
      deps.connections.onDidChange(() => {
        this.followConnections();
        this.refresh();
      }),
    );
    if (kind === 'user') this.disposables.add(deps.ledger.onDidChange(() => this.listsChanged()));
    this.followConnections();
  }

  /** The rows of each connection. */
  get perConnection(): readonly ConnectionRows[] {
    return this.sections;
  }

  /** The lists at the top of each connection. */
  get lists(): readonly (readonly [Connection, AnyPagedList])[] {
    return this.sections.map(({ connection, list }) => [connection, list]);
  }

  /** Renders the rows again from what is loaded. */
  refresh(): void {
    this.madeItems.forget();
    this.readSoonDays = undefined;
    this.listsChanged();
  }

  getTreeItem(row: Row): vscode.TreeItem {
    const made = row.type === 'token' ? this.madeItems.get(row.token) : undefined;
    if (made !== undefined) return made;
    const { clock, rotationOf } = this.deps;
    const localNow = clock.now();
    const now = row.connection?.now() ?? localNow;
    const looks = { now, localNow, soonDays: this.soonDays, isAlone: this.sections.length < 2 };
    if (row.type !== 'token') return this.rowCommands.giveTo(toTreeItem(row, looks));
    const { id } = row.token;
    const rotation = id === undefined ? undefined : rotationOf(row.connection, id);
    const item = toTreeItem(row, { ...looks, rotation });
    this.madeItems.set(row.token, item);
    return item;
  }

  resolveTreeItem(item: vscode.TreeItem, row: Row): vscode.TreeItem {
    const tooltip = tooltipOf(row, this.deps.clock.now());
    if (tooltip !== undefined) item.tooltip = tooltip;
    return item;
  }

  async getChildren(parent?: Row): Promise<Row[]> {
    this.madeItems.forgetInNextMinute(this.deps.clock.now());
    if (parent === undefined) return this.changes.whileRequested(parent, () => this.roots());
    if (parent.type !== 'connection' && parent.type !== 'user') return [];
    return this.changes.whileRequested(parent, () =>
      parent.type === 'connection' ? this.rowsOf(parent.connection) : this.tokensOf(parent),
    );
  }

  getParent(row: Row): Row | undefined {
    if (row.type === 'connection' || row.connection === undefined) return undefined;
    const section = this.sectionOf(row.connection);
    const user = row.type === 'token' && row.user !== undefined ? row.connection.store.user(row.user) : undefined;
    if (user !== undefined) return section?.userRow(user);
    return this.sections.length < 2 ? undefined : section?.row;
  }

  /** How the view is sorted and filtered; remembered over sessions. */
  get arrangement(): Arrangement {
    return {
      order: 'created',
      filter: 'all',
      ...(this.deps.state.get(this.arrangementKey) as Partial<Arrangement> | undefined),
    };
  }

  /** The text beside the view's title; empty before there are rows. */
  get arrangementText(): string {
    const lists = this.sections.map(({ list }) => list);
    if (!lists.some(({ isLoaded }) => isLoaded)) return '';
    const loaded = lists.reduce((sum, { items }) => sum + items.length, 0);
    return arrangementText(this.arrangement, { loaded, hasMore: lists.some(({ hasMore }) => hasMore) });
  }

  async setArrangement(changes: Partial<Arrangement>): Promise<void> {
    const saved = this.deps.state.update(this.arrangementKey, { ...this.arrangement, ...changes });
    this.listsChanged();
    await saved;
  }

  /** The row of a loaded token; undefined when it is not loaded, or the filter hides it. */
  tokenRow(connection: Connection, token: Token, user: UserId | undefined): TokenRow | undefined {
    return this.sectionOf(connection)?.tokenRow(token, user, this.contextOf(connection));
  }

  /** The row of a user, also of one that is not loaded yet; the same object for the same user. */
  userRow(connection: Connection, user: User): UserRow | undefined {
    return this.sectionOf(connection)?.userRow(user);
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private get arrangementKey(): string {
    return `${this.viewId}.arrangement`;
  }

  /** Read once for all rows: asking VS Code for a setting costs more than a row. */
  private get soonDays(): number {
    return (this.readSoonDays ??= this.deps.settings.soonDays);
  }

  private sectionOf(connection: Connection): ConnectionRows | undefined {
    return this.sections.find((section) => section.connection === connection);
  }

  private contextOf(connection: Connection): RowContext {
    const { issuances, ledger } = this.deps;
    return {
      arrangement: this.arrangement,
      now: connection.now(),
      soonDays: this.soonDays,
      unsettled: issuances.pending.filter(
        ({ issuance }) => issuance.connectionId === connection.id && issuance.request.kind === this.kind,
      ),
      signed: ledger.signedOf(connection.id),
      saysAll: this.sections.length > 1,
    };
  }

  private followConnections(): void {
    const { connections } = this.deps;
    this.sections = connections.all.map(
      (connection) => this.sectionOf(connection) ?? new ConnectionRows(connection, this.kind),
    );
  }

  private listsChanged(): void {
    // Time has passed: tokens may have expired.
    for (const section of this.sections) section.invalidate();
    this.changes.changed(undefined);
  }

  private storeChanged({ connection, change }: ConnectionStoreChange): void {
    const section = this.sectionOf(connection);
    if (section === undefined || change.list === 'none') return;
    if (change.list === 'userTokens') {
      const list = connection.store.openedTokens(change.user);
      if (list !== undefined) section.invalidateList(list);
      const row = this.kind === 'user' ? section.knownUserRow(change.user) : undefined;
      if (row !== undefined && list !== undefined && !this.firstPages.isAnswering(list)) this.changes.changed(row);
      return;
    }
    section.invalidate();
    if ((change.list === 'projectTokens') !== (this.kind === 'project') || this.firstPages.isAnswering(section.list))
      return;
    this.changes.changed(this.sections.length > 1 ? section.row : undefined);
  }

  private async roots(): Promise<Row[]> {
    const { connections, issuances } = this.deps;
    await connections.start();
    // Their connection was removed, in another window or before a crash: they can still be settled.
    const left = issuances.pending
      .filter(
        ({ issuance }) => issuance.request.kind === this.kind && connections.find(issuance.connectionId) === undefined,
      )
      .map((pending): Row => ({ type: 'undelivered', connection: undefined, pending }));
    const [only] = this.sections;
    if (only === undefined) return left;
    if (this.sections.length > 1) return [...left, ...this.sections.map(({ row }) => row)];
    return [...left, ...(await this.rowsOf(only.connection))];
  }

  private async rowsOf(connection: Connection): Promise<Row[]> {
    const section = this.sectionOf(connection);
    if (section === undefined) return [];
    await this.firstPages.load(section.list);
    return [...section.top(this.contextOf(connection))];
  }

  private async tokensOf(row: UserRow): Promise<Row[]> {
    const { user, connection } = row;
    const [isNew] = await Promise.all([
      this.firstPages.load(connection.store.tokensOf(user.id)),
      this.deps.ledger.tryStart(),
    ]);
    // The user's row shows the number of tokens.
    if (isNew) this.changes.changed(row);
    return [...(this.sectionOf(connection)?.below(user.id, this.contextOf(connection)) ?? [])];
  }
}
