import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../core/base/disposable.ts';
import type { Row } from '../../core/browse/rows.ts';
import { localTime } from '../../core/base/timeText.ts';
import type { Connection } from '../../core/connections/connection.ts';
import type { MagicBellError } from '../../core/magicbell/errors.ts';
import type { User } from '../../core/model/user.ts';
import type { Arrangement } from '../../core/tokens/arrangement.ts';
import { ContextKey } from '../ui/contextKey.ts';
import { contextKeys } from '../ui/ids.ts';
import type { LazyTree } from './lazyTree.ts';
import { TokenTreeProvider, type TreeDependencies } from './tokenTreeProvider.ts';

/** The state of a view without rows: package.json has a welcome for each. */
export type ViewState =
  | 'signedOut'
  | 'storageFailed'
  | 'keyRefused'
  | 'offline'
  | 'notOffered'
  | 'rateLimited'
  | 'serverError'
  | 'slow'
  | 'stopped'
  | 'redirected'
  | 'tooLarge'
  | 'foreign'
  | 'noSecureConnection'
  | 'proxy'
  | 'failed'
  | 'empty'
  | 'ready';

/** The two views, with the context keys that reflect their state. */
export class Views implements Disposable {
  readonly project: View;
  readonly user: View;
  private readonly disposables = new DisposableStore();

  constructor(trees: { readonly project: LazyTree; readonly user: LazyTree }, deps: TreeDependencies) {
    this.project = this.disposables.add(new View(trees.project, new TokenTreeProvider('project', deps), deps));
    this.user = this.disposables.add(new View(trees.user, new TokenTreeProvider('user', deps), deps));
  }

  /** The rows for a command without an argument: the selection of the view that was used last. */
  get selection(): readonly Row[] {
    const [view] = [this.project, this.user].sort((a, b) => b.selectedAt - a.selectedAt);
    return view?.tree.visible === true ? view.tree.selection : [];
  }

  /** Renders the rows again from what is loaded. */
  refresh(): void {
    this.project.provider.refresh();
    this.user.provider.refresh();
  }

  dispose(): void {
    this.disposables.dispose();
  }
}

/** One view: its tree, and the state of its welcome and title bar. */
export class View implements Disposable {
  readonly provider: TokenTreeProvider;
  readonly tree: vscode.TreeView<Row>;
  /** Increases with every selection, so that the latest view is known. */
  selectedAt = 0;
  private static selections = 0;
  private readonly deps: TreeDependencies;
  private readonly disposables = new DisposableStore();
  private readonly stateKey: ContextKey<ViewState>;
  private readonly hasMoreKey: ContextKey<boolean>;
  /** The refusal of a list, with the text that says until when to wait. */
  private refusal: { readonly error: MagicBellError; readonly text: string } | undefined;
  private readonly cannotCreateKey = new ContextKey<boolean>(contextKeys.cannotCreateProjectTokens);

  constructor(lazy: LazyTree, provider: TokenTreeProvider, deps: TreeDependencies) {
    this.provider = this.disposables.add(provider);
    this.deps = deps;
    this.tree = lazy.tree;
    const isProject = provider.kind === 'project';
    this.stateKey = new ContextKey(isProject ? contextKeys.projectTokensState : contextKeys.userTokensState);
    this.hasMoreKey = new ContextKey(isProject ? contextKeys.hasMoreProjectTokens : contextKeys.hasMoreUsers);
    this.disposables.add(lazy.setSource(provider));
    this.disposables.add(
      this.tree.onDidChangeSelection(() => {
        View.selections += 1;
        this.selectedAt = View.selections;
      }),
    );
    this.disposables.add(
      this.tree.onDidChangeVisibility(({ visible }) => {
        if (!visible) return;
        // Coming back to a view that failed to load tries again.
        for (const [, list] of provider.lists) if (list.error !== undefined && !list.isLoaded) void list.refresh();
      }),
    );
    this.disposables.add(deps.connections.onDidChangeStore(() => this.follow()));
    this.disposables.add(deps.connections.onDidChange(() => this.follow()));
    this.follow();
  }

  /** Shows a user's row, selected and expanded. */
  async reveal(connection: Connection, user: User): Promise<void> {
    const row = this.provider.userRow(connection, user);
    if (row === undefined) return;
    await vscode.commands.executeCommand(`${this.provider.viewId}.focus`);
    await this.tree.reveal(row, { select: true, focus: true, expand: true });
  }

  /** The number of tokens that have expired or expire soon. */
  setBadge(count: number): void {
    if ((this.tree.badge?.value ?? 0) === count) return;
    this.tree.badge =
      count === 0
        ? undefined
        : { value: count, tooltip: `${count} of the tokens seen here have expired or expire soon` };
  }

  /** Shows a row, selected. */
  async revealRow(row: Row): Promise<void> {
    await vscode.commands.executeCommand(`${this.provider.viewId}.focus`);
    await this.tree.reveal(row, { select: true, focus: true });
  }

  /** Shows the view unless it is shown. */
  async show(): Promise<void> {
    if (!this.tree.visible) await vscode.commands.executeCommand(`${this.provider.viewId}.focus`);
  }

  /** Sorts or filters the rows from now on. */
  async arrange(changes: Partial<Arrangement>): Promise<void> {
    await this.provider.setArrangement(changes);
    this.follow();
  }

  /** Runs something with the view's progress bar. */
  async withProgress(work: () => Promise<void>): Promise<void> {
    await vscode.window.withProgress({ location: { viewId: this.provider.viewId } }, work);
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private follow(): void {
    const state = this.state();
    if (state !== undefined) this.stateKey.set(state);
    const message = state === 'ready' ? '' : this.refusalText();
    if ((this.tree.message ?? '') !== message) this.tree.message = message;
    if (this.provider.kind === 'project') {
      const { all } = this.deps.connections;
      this.cannotCreateKey.set(all.length > 0 && all.every((connection) => connection.isMissing('createProjectJwt')));
    }
    this.hasMoreKey.set(this.provider.lists.some(([, { hasMore }]) => hasMore));
    const [only, second] = this.deps.connections.all;
    const name = only === undefined || second !== undefined || only.name === undefined ? '' : projectText(only);
    const text = [name, only === undefined ? '' : this.provider.arrangementText].filter(Boolean).join(' · ');
    // VS Code draws the title each time it is set, and a list changes often.
    if ((this.tree.description ?? '') !== text) this.tree.description = text;
  }

  /** Says until when to wait, above a row with the reason: see `isPaused`. */
  private refusalText(): string {
    const error = this.provider.lists[0]?.[1].error;
    const retryAfterMs = error?.details.retryAfterMs;
    if (error === undefined || retryAfterMs === undefined) return '';
    if (this.refusal?.error !== error) {
      const until = new Date(this.deps.clock.now().getTime() + retryAfterMs);
      this.refusal = { error, text: `MagicBell asks to wait until ${localTime(until)}.` };
    }
    return this.refusal.text;
  }

  /** Undefined while unknown: the previous welcome stays. */
  private state(): ViewState | undefined {
    const { connections } = this.deps;
    if (connections.state === 'unknown') return undefined;
    const [only, second] = this.provider.lists;
    if (only === undefined) return connections.state === 'storageFailed' ? 'storageFailed' : 'signedOut';
    if (second !== undefined) return 'ready';
    const [, list] = only;
    if (list.items.length > 0) return 'ready';
    if (list.error !== undefined) return stateAfter(list.error);
    return list.isLoaded ? 'empty' : 'ready';
  }
}

/** "Acme (production)" */
const projectText = ({ label, isProduction }: Connection): string => (isProduction ? `${label} (production)` : label);

/** Each cause has its own words and its own next step. */
function stateAfter({ reason, details }: MagicBellError): ViewState {
  switch (reason) {
    case 'unauthorized':
    case 'forbidden':
    case 'wrongTokenKind':
      return 'keyRefused';
    case 'notOffered':
    case 'rateLimited':
    case 'serverError':
    case 'proxy':
      return reason;
    case 'timeout':
      return 'slow';
    case 'cancelled':
      return 'stopped';
    case 'tls':
      return 'noSecureConnection';
    case 'offline':
    case 'dns':
    case 'connectionLost':
      return 'offline';
    case 'unexpectedResponse':
      return details.unexpected === 'redirected' || details.unexpected === 'tooLarge' ? details.unexpected : 'foreign';
    default:
      return 'failed';
  }
}
