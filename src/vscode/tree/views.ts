import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../core/base/disposable.ts';
import type { ErrorReason } from '../../core/magicbell/errors.ts';
import type { Arrangement } from '../../core/tokens/arrangement.ts';
import type { User } from '../../core/model/user.ts';
import { ContextKey } from '../ui/contextKey.ts';
import { contextKeys } from '../ui/ids.ts';
import type { Node } from './nodes.ts';
import { TokenTreeProvider, type TreeDependencies } from './tokenTreeProvider.ts';

/** What a view has to say when it has no rows: package.json holds a welcome for each. */
export type ViewState =
  'signedOut' | 'urlChanged' | 'storageFailed' | 'keyRefused' | 'offline' | 'notOffered' | 'failed' | 'empty' | 'ready';

/** The two views, and the context keys that follow their state. */
export class Views implements Disposable {
  readonly project: View;
  readonly user: View;
  private readonly disposables = new DisposableStore();

  constructor(deps: TreeDependencies) {
    this.project = this.disposables.add(new View(new TokenTreeProvider('project', deps), deps));
    this.user = this.disposables.add(new View(new TokenTreeProvider('user', deps), deps));
  }

  /** The rows that a command without an argument acts on: the selection of the view that was used last. */
  get selection(): readonly Node[] {
    const [view] = [this.project, this.user].sort((a, b) => b.selectedAt - a.selectedAt);
    return view?.tree.visible === true ? view.tree.selection : [];
  }

  /** Loads the code that the first rows need. */
  async prepare(): Promise<void> {
    await Promise.all([this.project.provider.loadLook(), this.user.provider.loadLook()]);
  }

  /** Shows the rows anew, from what is loaded. */
  refresh(): void {
    this.project.provider.refresh();
    this.user.provider.refresh();
  }

  dispose(): void {
    this.disposables.dispose();
  }
}

/** One view: its tree, and what its welcome and its title bar depend on. */
export class View implements Disposable {
  readonly provider: TokenTreeProvider;
  readonly tree: vscode.TreeView<Node>;
  /** Counts up with every selection, so that the latest view is known. */
  selectedAt = 0;
  private static selections = 0;
  private readonly deps: TreeDependencies;
  private readonly disposables = new DisposableStore();
  private readonly stateKey: ContextKey<ViewState>;
  private readonly hasMoreKey: ContextKey<boolean>;

  constructor(provider: TokenTreeProvider, deps: TreeDependencies) {
    this.provider = this.disposables.add(provider);
    this.deps = deps;
    const isProject = provider.kind === 'project';
    this.stateKey = new ContextKey(isProject ? contextKeys.projectTokensState : contextKeys.userTokensState);
    this.hasMoreKey = new ContextKey(isProject ? contextKeys.hasMoreProjectTokens : contextKeys.hasMoreUsers);
    this.tree = this.disposables.add(
      vscode.window.createTreeView(provider.viewId, {
        treeDataProvider: provider,
        canSelectMany: true,
        showCollapseAll: !isProject,
      }),
    );
    this.disposables.add(
      this.tree.onDidChangeSelection(() => {
        View.selections += 1;
        this.selectedAt = View.selections;
      }),
    );
    this.disposables.add(
      this.tree.onDidChangeVisibility(({ visible }) => {
        // Coming back to a view that could not load is asking for another try.
        if (visible && provider.list.error !== undefined && !provider.list.isLoaded) void provider.list.refresh();
      }),
    );
    this.disposables.add(deps.store.onDidChange(() => this.follow()));
    this.disposables.add(deps.session.onDidChange(() => this.follow()));
  }

  /** Shows a user's row, selected and expanded. */
  async reveal(user: User): Promise<void> {
    await vscode.commands.executeCommand(`${this.provider.viewId}.focus`);
    await this.tree.reveal(this.provider.userNode(user), { select: true, focus: true, expand: true });
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
  async revealNode(node: Node): Promise<void> {
    await vscode.commands.executeCommand(`${this.provider.viewId}.focus`);
    await this.tree.reveal(node, { select: true, focus: true });
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
    this.hasMoreKey.set(this.provider.list.hasMore);
    const text = this.deps.session.state.status === 'signedIn' ? this.provider.arrangementText : '';
    // VS Code draws the title anew whenever it is told, and a list changes often.
    if ((this.tree.description ?? '') !== text) this.tree.description = text;
  }

  /** Undefined while it is not known: the welcome that was shown before stays. */
  private state(): ViewState | undefined {
    const session = this.deps.session.state;
    if (session.status === 'unknown') return undefined;
    if (session.status === 'signedOut') return session.because ?? 'signedOut';
    const { list } = this.provider;
    if (list.items.length > 0) return 'ready';
    if (list.error !== undefined) return stateAfter(list.error.reason);
    return list.isLoaded ? 'empty' : 'ready';
  }
}

function stateAfter(reason: ErrorReason): ViewState {
  switch (reason) {
    case 'unauthorized':
    case 'forbidden':
    case 'wrongTokenKind':
      return 'keyRefused';
    case 'notOffered':
      return 'notOffered';
    case 'offline':
    case 'dns':
    case 'timeout':
    case 'connectionLost':
      return 'offline';
    default:
      return 'failed';
  }
}
