import * as vscode from 'vscode';
import type { Clock } from '../../core/base/clock.ts';
import type { Session } from '../../core/connections/session.ts';
import { type Disposable, DisposableStore } from '../../core/base/disposable.ts';
import type { IssuanceService, PendingIssuance } from '../../core/issuance/issuanceService.ts';
import type { Rotation } from '../../core/reminders/rotation.ts';
import type { AnyPagedList, PagedList } from '../../core/tokens/pagedList.ts';
import type { Arrangement } from '../../core/tokens/arrangement.ts';
import type { RememberedUsers, StateStore } from '../../core/tokens/rememberedUsers.ts';
import type { Token, TokenId, TokenKind } from '../../core/model/token.ts';
import type { User, UserId } from '../../core/model/user.ts';
import type { TokenStore } from '../../core/tokens/tokenStore.ts';
import { type ViewId, viewIds } from '../ui/ids.ts';
import { hostOf } from '../connect/hostOf.ts';
import type { Settings } from '../ui/settings.ts';
import type { Node, TokenNode, UserNode } from './nodes.ts';
import { RowCommands } from './rowCommands.ts';

const minuteMs = 60_000;
/** An answer has left for the window by then. VS Code sends with a timer of 0 ms, what came up until then together. */
const answerTakenMs = 50;

/** How rows look and how they are sorted: loaded with the first rows. */
type Look = Pick<typeof import('./nodes.ts'), 'toTreeItem' | 'tooltipOf'> &
  Pick<typeof import('../../core/tokens/arrangement.ts'), 'arrange' | 'arrangeUsers' | 'arrangementText'>;

export interface TreeDependencies {
  readonly session: Session;
  readonly store: TokenStore;
  readonly issuances: IssuanceService;
  readonly users: RememberedUsers;
  /** Keeps how each view is sorted and filtered. */
  readonly state: StateStore;
  readonly clock: Clock;
  readonly settings: Settings;
}

/** The rows of one of the two views, read from the store. Asking for rows is what loads the first page. */
export class TokenTreeProvider implements vscode.TreeDataProvider<Node>, Disposable {
  readonly kind: TokenKind;
  private readonly deps: TreeDependencies;
  private readonly disposables = new DisposableStore();
  private readonly changeEmitter = this.disposables.add(new vscode.EventEmitter<Node | undefined>());
  /** VS Code knows rows by identity: a user's row stays the same object while the user does. */
  private readonly userNodes = new Map<UserId, UserNode>();
  /** Sorted and filtered once for each change of a list: VS Code asks for its rows more often than that. */
  private readonly arranged = new Map<AnyPagedList, readonly TokenNode[]>();
  /** The rows of tokens as they were made in this minute: "Load More" asks for all the others again. */
  private madeRows = new WeakMap<Token, vscode.TreeItem>();
  private minuteOfRows = 0;
  private readonly rowCommands: RowCommands;

  /** The pending rotation of a token, once those are known. */
  rotationOf: (id: TokenId) => Rotation | undefined = () => undefined;

  /** Users whose rows VS Code asks for now, and how often. */
  private readonly asked = new Map<UserNode, number>();
  private readonly changedMeanwhile = new Set<UserNode>();

  /** Lists that load because VS Code asked for their rows: it gets them as the answer, and needs no event. */
  private readonly loadingForView = new Set<AnyPagedList>();

  private look: Look | undefined;

  /** Read once for all rows: asking VS Code for a setting costs more than a row. */
  private soonDays = 0;

  readonly onDidChangeTreeData = this.changeEmitter.event;

  constructor(kind: TokenKind, deps: TreeDependencies) {
    this.kind = kind;
    this.deps = deps;
    this.rowCommands = this.disposables.add(new RowCommands(this.viewId));
    this.disposables.add(
      deps.store.onDidChange((change) => {
        if (change.list === 'userTokens') this.arranged.delete(deps.store.tokensOf(change.user));
        else this.arranged.clear();
        if (change.list === 'userTokens') {
          const node = kind === 'user' ? this.userNodes.get(change.user) : undefined;
          if (node !== undefined && !this.loadingForView.has(node.tokens)) this.changed(node);
        } else if (this.loadingForView.has(this.list)) return;
        else if ((change.list === 'projectTokens') === (kind === 'project')) this.listChanged();
      }),
    );
    this.disposables.add(deps.issuances.onDidChange(() => this.listChanged()));
    this.disposables.add(
      deps.session.onDidChange(() => {
        this.userNodes.clear();
        this.refresh();
      }),
    );
  }

  get viewId(): ViewId {
    return this.kind === 'project' ? viewIds.projectTokens : viewIds.userTokens;
  }

  /** The list that the view shows at its top. */
  get list(): PagedList<Token> | PagedList<User> {
    return this.kind === 'project' ? this.deps.store.projectTokens : this.deps.store.users;
  }

  /** Makes the rows anew, from what is loaded. */
  refresh(): void {
    this.madeRows = new WeakMap();
    this.soonDays = this.deps.settings.soonDays;
    this.listChanged();
  }

  getTreeItem(node: Node): vscode.TreeItem | Promise<vscode.TreeItem> {
    if (this.look === undefined) return this.loadLook().then(() => this.getTreeItem(node));
    const made = node.type === 'token' ? this.madeRows.get(node.token) : undefined;
    if (made !== undefined) return made;
    const now = this.deps.clock.now();
    if (node.type !== 'token') return this.rowCommands.giveTo(this.look.toTreeItem(node, now, this.soonDays));
    const { id, expiresAt } = node.token;
    const item = this.look.toTreeItem(node, now, this.soonDays, id === undefined ? undefined : this.rotationOf(id));
    // Rows say times to the minute; only that of the expiry itself is more.
    const expiresNow = Math.abs((expiresAt?.getTime() ?? Infinity) - now.getTime()) <= minuteMs;
    if (!expiresNow) this.madeRows.set(node.token, item);
    return item;
  }

  resolveTreeItem(item: vscode.TreeItem, node: Node): vscode.TreeItem {
    const tooltip = this.look?.tooltipOf(node, this.deps.clock.now());
    if (tooltip !== undefined) item.tooltip = tooltip;
    return item;
  }

  async getChildren(parent?: Node): Promise<Node[]> {
    const minute = Math.floor(this.deps.clock.now().getTime() / minuteMs);
    // The setting is not read here: the first row would wait for that.
    if (minute !== this.minuteOfRows) this.madeRows = new WeakMap();
    this.minuteOfRows = minute;
    if (parent === undefined) return this.roots();
    return parent.type === 'user' ? this.answering(parent, () => this.tokensOf(parent)) : [];
  }

  getParent(node: Node): Node | undefined {
    return node.type === 'token' && node.user !== undefined ? this.parentOf(node.user) : undefined;
  }

  private parentOf(id: UserId): UserNode | undefined {
    const user = this.deps.store.user(id);
    return user === undefined ? undefined : this.userNode(user);
  }

  /** How the view is sorted and filtered; remembered over sessions. */
  get arrangement(): Arrangement {
    return {
      order: 'created',
      filter: 'all',
      ...(this.deps.state.get(this.arrangementKey) as Partial<Arrangement> | undefined),
    };
  }

  /** What to say beside the view's title; empty before there are rows. */
  get arrangementText(): string {
    const { items, hasMore } = this.list;
    return this.look?.arrangementText(this.arrangement, { loaded: items.length, hasMore }) ?? '';
  }

  async setArrangement(changes: Partial<Arrangement>): Promise<void> {
    const saved = this.deps.state.update(this.arrangementKey, { ...this.arrangement, ...changes });
    this.listChanged();
    await saved;
  }

  /** Loads the code that rows need. */
  async loadLook(): Promise<Look> {
    if (this.look !== undefined) return this.look;
    const [{ toTreeItem, tooltipOf }, { arrange, arrangeUsers, arrangementText }] = await Promise.all([
      import('./nodes.ts'),
      import('../../core/tokens/arrangement.ts'),
    ]);
    this.soonDays = this.deps.settings.soonDays;
    return (this.look = { toTreeItem, tooltipOf, arrange, arrangeUsers, arrangementText });
  }

  /** The row of a loaded token; undefined when it is not loaded, or the filter hides it. */
  async tokenNode(token: Token, user: UserId | undefined): Promise<TokenNode | undefined> {
    const look = await this.loadLook();
    const list = user === undefined ? this.deps.store.projectTokens : this.deps.store.tokensOf(user);
    return this.tokenNodes(look, list, user).find(
      (node) => node.token === token || (token.id !== undefined && node.token.id === token.id),
    );
  }

  /** The row of a user, also of one that is not loaded yet; the same object for the same user. */
  userNode(user: User): UserNode {
    const known = this.userNodes.get(user.id);
    const isPinned = this.deps.users.isPinned(user.id);
    if (known?.user === user && known.isPinned === isPinned) return known;
    const node: UserNode = { type: 'user', user, tokens: this.deps.store.tokensOf(user.id), isPinned };
    this.userNodes.set(user.id, node);
    return node;
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private listChanged(): void {
    // Time has passed: what was live may be over.
    this.arranged.clear();
    this.changeEmitter.fire(undefined);
  }

  /**
   * Tells VS Code that a user's row and what is below it have changed. Never while it asks for these rows: it would
   * take the answer for another row's, and fail with "already registered" from then on. Nor right after the answer: a
   * window that reads both at once keeps the old rows, which the extension host no longer knows, so that a key or a menu
   * on one of them comes without the row.
   */
  private changed(node: UserNode): void {
    if (this.asked.has(node)) this.changedMeanwhile.add(node);
    else this.changeEmitter.fire(node);
  }

  private async answering<T>(node: UserNode, answer: () => Promise<T>): Promise<T> {
    this.asked.set(node, (this.asked.get(node) ?? 0) + 1);
    try {
      return await answer();
    } finally {
      this.deps.clock.after(answerTakenMs, () => {
        const left = (this.asked.get(node) ?? 0) - 1;
        if (left > 0) this.asked.set(node, left);
        else this.asked.delete(node);
        if (left <= 0 && this.changedMeanwhile.delete(node)) this.changeEmitter.fire(node);
      });
    }
  }

  private async roots(): Promise<Node[]> {
    const { session, store, issuances } = this.deps;
    const unsettled = issuances.pending.filter(({ issuance }) => issuance.request.kind === this.kind);
    const pinned: Node[] = unsettled.map((pending) => ({ type: 'undelivered', pending }));
    const { status } = await session.start();
    if (status !== 'signedIn') return pinned;
    // One loads while the other is on its way.
    const [look] = await Promise.all([this.loadLook(), this.firstPage(this.list)]);
    const rows: readonly Node[] =
      this.kind === 'project'
        ? withoutThose(this.tokenRows(look, store.projectTokens, undefined), unsettled)
        : this.shownUsers(look).map((user) => this.userNode(user));
    return [...pinned, ...rows, ...(await this.tail(this.list, this.viewId, pinned.length > 0 || rows.length > 0))];
  }

  private async tokensOf(node: UserNode): Promise<Node[]> {
    const { user, tokens } = node;
    const [look, isNew] = await Promise.all([this.loadLook(), this.firstPage(tokens)]);
    // The user's own row says how many there are.
    if (isNew) this.changed(node);
    const rows = this.tokenRows(look, tokens, user.id);
    const rest = await this.tail(tokens, user.id, true);
    return rows.length === 0 && rest.length === 0 ? [{ type: 'empty', parent: user.id }] : [...rows, ...rest];
  }

  /**
   * True when it has come just now. A failed load is not tried again by showing rows: Refresh does, and Retry, and
   * coming back to the view.
   */
  private async firstPage(list: AnyPagedList): Promise<boolean> {
    if (list.isLoaded || list.error !== undefined) return false;
    this.loadingForView.add(list);
    try {
      await list.load();
    } finally {
      this.loadingForView.delete(list);
    }
    return list.isLoaded;
  }

  private get arrangementKey(): string {
    return `${this.viewId}.arrangement`;
  }

  /** The pinned ones stay on top, in their own order. */
  private shownUsers(look: Look): readonly User[] {
    const { store, users } = this.deps;
    const pinned = users.pinned.length;
    const shown = store.shownUsers;
    return [...shown.slice(0, pinned), ...look.arrangeUsers(shown.slice(pinned), this.arrangement)];
  }

  private tokenRows(look: Look, list: PagedList<Token>, user: UserId | undefined): readonly Node[] {
    const nodes = this.tokenNodes(look, list, user);
    // A list that the filter empties must not look like one that is empty.
    if (nodes.length > 0 || list.items.length === 0) return nodes;
    return [{ type: 'noMatch', kind: this.kind, parent: user ?? this.viewId }];
  }

  private tokenNodes(look: Look, list: PagedList<Token>, user: UserId | undefined): readonly TokenNode[] {
    let nodes = this.arranged.get(list);
    if (nodes === undefined) {
      const tokens = look.arrange(list.items, this.arrangement, this.deps.clock.now(), this.soonDays);
      nodes = tokens.map((token) => ({ type: 'token', token, user }));
      this.arranged.set(list, nodes);
    }
    return nodes;
  }

  /** What comes below the rows. With no rows at all, the view's welcome says what is wrong instead. */
  private async tail(list: AnyPagedList, parent: ViewId | UserId, hasRows: boolean): Promise<Node[]> {
    if (list.error !== undefined) {
      const { describeError } = await import('../../core/describeError.ts');
      const operation =
        parent === viewIds.projectTokens
          ? 'fetchProjectTokens'
          : parent === viewIds.userTokens
            ? 'listUsers'
            : 'fetchUserTokens';
      const description = describeError(list.error, { operation, host: hostOf(this.deps.session) });
      return hasRows ? [{ type: 'failure', description, list, parent }] : [];
    }
    return [
      ...(list.hasMore ? [{ type: 'loadMore', list, parent } as const] : []),
      ...(list.gap === undefined ? [] : [{ type: 'incomplete', gap: list.gap, parent } as const]),
    ];
  }
}

/** A token whose value waits to be copied stands on top already. */
function withoutThose(rows: readonly Node[], unsettled: readonly PendingIssuance[]): readonly Node[] {
  const ids = new Set(unsettled.flatMap(({ issuance }) => issuance.tokenId ?? []));
  if (ids.size === 0) return rows;
  return rows.filter((row) => row.type !== 'token' || row.token.id === undefined || !ids.has(row.token.id));
}
