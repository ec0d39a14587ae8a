import * as vscode from 'vscode';
import type { Clock } from '../../core/clock.ts';
import type { Session } from '../../core/connection/session.ts';
import { type Disposable, DisposableStore } from '../../core/disposable.ts';
import type { IssuanceService } from '../../core/issuance/issuanceService.ts';
import type { Rotation } from '../../core/rotation/rotation.ts';
import type { AnyPagedList, PagedList } from '../../core/tokens/pagedList.ts';
import type { Token, TokenId, TokenKind, User, UserId } from '../../core/tokens/token.ts';
import { compareTokens } from '../../core/tokens/tokenPresentation.ts';
import type { TokenStore } from '../../core/tokens/tokenStore.ts';
import { type ViewId, viewIds } from '../ids.ts';
import { hostOf } from '../hostOf.ts';
import { type Node, type UserNode, toTreeItem, tooltipOf } from './nodes.ts';

export interface TreeDependencies {
  readonly session: Session;
  readonly store: TokenStore;
  readonly issuances: IssuanceService;
  readonly clock: Clock;
}

/** The rows of one of the two views, read from the store. Asking for rows is what loads the first page. */
export class TokenTreeProvider implements vscode.TreeDataProvider<Node>, Disposable {
  readonly kind: TokenKind;
  private readonly deps: TreeDependencies;
  private readonly disposables = new DisposableStore();
  private readonly changeEmitter = this.disposables.add(new vscode.EventEmitter<Node | undefined>());
  /** VS Code knows rows by identity: a user's row stays the same object while the user does. */
  private readonly userNodes = new Map<UserId, UserNode>();

  /** The pending rotation of a token, once those are known. */
  rotationOf: (id: TokenId) => Rotation | undefined = () => undefined;

  /** Lists that load because VS Code asked for their rows: it gets them as the answer, and needs no event. */
  private readonly loadingForView = new Set<AnyPagedList>();

  readonly onDidChangeTreeData = this.changeEmitter.event;

  constructor(kind: TokenKind, deps: TreeDependencies) {
    this.kind = kind;
    this.deps = deps;
    this.disposables.add(
      deps.store.onDidChange((change) => {
        if (change.list === 'userTokens') {
          const node = kind === 'user' ? this.userNodes.get(change.user) : undefined;
          if (node !== undefined && !this.loadingForView.has(node.tokens)) this.changeEmitter.fire(node);
        } else if (this.loadingForView.has(this.list)) return;
        else if ((change.list === 'projectTokens') === (kind === 'project')) this.refresh();
      }),
    );
    this.disposables.add(deps.issuances.onDidChange(() => this.refresh()));
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

  /** Shows the rows anew, from what is loaded. */
  refresh(): void {
    this.changeEmitter.fire(undefined);
  }

  getTreeItem(node: Node): vscode.TreeItem {
    const rotation = node.type === 'token' && node.token.id !== undefined ? this.rotationOf(node.token.id) : undefined;
    return toTreeItem(node, this.deps.clock.now(), rotation);
  }

  resolveTreeItem(item: vscode.TreeItem, node: Node): vscode.TreeItem {
    const tooltip = tooltipOf(node, this.deps.clock.now());
    if (tooltip !== undefined) item.tooltip = tooltip;
    return item;
  }

  async getChildren(parent?: Node): Promise<Node[]> {
    if (parent === undefined) return this.roots();
    return parent.type === 'user' ? this.tokensOf(parent) : [];
  }

  getParent(node: Node): Node | undefined {
    return node.type === 'token' && node.user !== undefined ? this.userNodes.get(node.user) : undefined;
  }

  /** The row of a user, also of one that is not loaded yet; the same object for the same user. */
  userNode(user: User): UserNode {
    const known = this.userNodes.get(user.id);
    if (known?.user === user) return known;
    const node: UserNode = { type: 'user', user, tokens: this.deps.store.tokensOf(user.id) };
    this.userNodes.set(user.id, node);
    return node;
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private async roots(): Promise<Node[]> {
    const { session, store, issuances } = this.deps;
    const pinned: Node[] = issuances.pending
      .filter(({ issuance }) => issuance.request.kind === this.kind)
      .map((pending) => ({ type: 'undelivered', pending }));
    const { status } = await session.start();
    if (status !== 'signedIn') return pinned;
    await this.firstPage(this.list);
    const rows: Node[] =
      this.kind === 'project'
        ? this.tokenNodes(store.projectTokens, undefined)
        : store.shownUsers.map((user) => this.userNode(user));
    return [...pinned, ...rows, ...(await this.tail(this.list, this.viewId, pinned.length > 0 || rows.length > 0))];
  }

  private async tokensOf(node: UserNode): Promise<Node[]> {
    const { user, tokens } = node;
    // The user's own row says how many there are.
    if (await this.firstPage(tokens)) this.changeEmitter.fire(node);
    const rows = this.tokenNodes(tokens, user.id);
    if (tokens.isLoaded && rows.length === 0 && tokens.error === undefined) return [{ type: 'empty', parent: user.id }];
    return [...rows, ...(await this.tail(tokens, user.id, true))];
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

  private tokenNodes(list: PagedList<Token>, user: UserId | undefined): Node[] {
    const tokens = [...list.items].sort(compareTokens(this.deps.clock.now()));
    return tokens.map((token) => ({ type: 'token', token, user }));
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
    return list.hasMore ? [{ type: 'loadMore', list, parent }] : [];
  }
}
