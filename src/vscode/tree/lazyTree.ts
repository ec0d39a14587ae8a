import * as vscode from 'vscode';
import type { Row } from '../../core/browse/rows.ts';
import type { ViewId } from '../ui/ids.ts';

/** Provides the rows of a view once the product is loaded. */
export interface RowSource {
  readonly onDidChangeTreeData: vscode.Event<Row | undefined>;
  getChildren(row?: Row): Promise<Row[]>;
  getTreeItem(row: Row): vscode.TreeItem | Promise<vscode.TreeItem>;
  resolveTreeItem(item: vscode.TreeItem, row: Row): vscode.TreeItem;
  getParent(row: Row): Row | undefined;
}

/** A view that exists from the start: the first request for rows loads the product, which then answers. */
export class LazyTree implements vscode.TreeDataProvider<Row> {
  readonly viewId: ViewId;
  readonly tree: vscode.TreeView<Row>;
  private readonly load: () => Promise<unknown>;
  private readonly changeEmitter = new vscode.EventEmitter<Row | undefined>();
  private source: RowSource | undefined;

  readonly onDidChangeTreeData = this.changeEmitter.event;

  /** @param load loads the product, which sets the source */
  constructor(viewId: ViewId, load: () => Promise<unknown>, showCollapseAll: boolean) {
    this.viewId = viewId;
    this.load = load;
    this.tree = vscode.window.createTreeView(viewId, { treeDataProvider: this, canSelectMany: true, showCollapseAll });
  }

  /** Lets the product answer from now on. */
  setSource(source: RowSource): vscode.Disposable {
    this.source = source;
    return source.onDidChangeTreeData((row) => this.changeEmitter.fire(row));
  }

  async getChildren(row?: Row): Promise<Row[]> {
    if (this.source === undefined) await this.load();
    return this.source?.getChildren(row) ?? [];
  }

  getTreeItem(row: Row): vscode.TreeItem | Promise<vscode.TreeItem> {
    return this.source?.getTreeItem(row) ?? new vscode.TreeItem('');
  }

  resolveTreeItem(item: vscode.TreeItem, row: Row): vscode.TreeItem {
    return this.source?.resolveTreeItem(item, row) ?? item;
  }

  getParent(row: Row): Row | undefined {
    return this.source?.getParent(row);
  }

  dispose(): void {
    this.tree.dispose();
    this.changeEmitter.dispose();
  }
}
