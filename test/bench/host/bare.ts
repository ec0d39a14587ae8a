import {
  commands,
  EventEmitter,
  type ExtensionContext,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  TreeItemCollapsibleState,
  window,
} from 'vscode';
import { fetchPage, tokensUrl, type WirePage, type WireToken } from './fetchPages.ts';
import { hostOptions } from './hostOptions.ts';

interface WireUser {
  readonly id: string;
  readonly email: string;
}

/** Shows the same two lists with as little as VS Code needs for rows that look the same: nothing is checked or kept. */
export function activate(context: ExtensionContext): void {
  const { baseUrl } = hostOptions();
  const tokens = new BareTree<WireToken>(tokensUrl(baseUrl), tokenItem);
  const users = new BareTree<WireUser>(`${baseUrl}/users?limit=100`, userItem);
  context.subscriptions.push(
    window.createTreeView('bare.tokens', { treeDataProvider: tokens, canSelectMany: true }),
    window.createTreeView('bare.users', { treeDataProvider: users, canSelectMany: true, showCollapseAll: true }),
    commands.registerCommand('bare.loadMore', () => tokens.loadMore()),
    commands.registerCommand('bare.loadAll', () => tokens.loadAll()),
    commands.registerCommand('bare.loadAllUsers', () => users.loadAll()),
    commands.registerCommand('bare.clearUsers', () => users.clear()),
    commands.registerCommand('bare.refresh', () => Promise.all([tokens.reload(), users.reload()])),
  );
}

class BareTree<T> implements TreeDataProvider<T> {
  private readonly changeEmitter = new EventEmitter<undefined>();
  private readonly firstUrl: string;
  private rows: T[] = [];
  private next: string | null;
  private isCleared = false;
  readonly onDidChangeTreeData = this.changeEmitter.event;
  readonly getTreeItem: (row: T) => TreeItem;

  constructor(url: string, toItem: (row: T) => TreeItem) {
    this.firstUrl = url;
    this.next = url;
    this.getTreeItem = toItem;
  }

  async getChildren(parent?: T): Promise<T[]> {
    if (parent !== undefined) return [];
    if (this.rows.length === 0 && !this.isCleared) await this.fetchNext();
    return this.rows;
  }

  clear(): void {
    this.rows = [];
    this.isCleared = true;
    this.changeEmitter.fire(undefined);
  }

  async loadMore(): Promise<void> {
    await this.fetchNext();
    this.changeEmitter.fire(undefined);
  }

  async loadAll(): Promise<void> {
    while (this.next !== null) await this.fetchNext();
    this.changeEmitter.fire(undefined);
  }

  async reload(): Promise<void> {
    const rows: T[] = [];
    let next: string | null = this.firstUrl;
    while (next !== null && rows.length < this.rows.length) {
      const page: WirePage<T> = await fetchPage<T>(next);
      rows.push(...page.data);
      next = page.links.next;
    }
    this.rows = rows;
    this.next = next;
    this.changeEmitter.fire(undefined);
  }

  private async fetchNext(): Promise<void> {
    if (this.next === null) return;
    const page: WirePage<T> = await fetchPage<T>(this.next);
    this.rows.push(...page.data);
    this.next = page.links.next;
  }
}

const keyIcon = new ThemeIcon('key');
const userIcon = new ThemeIcon('account');

function tokenItem(token: WireToken): TreeItem {
  const item = new TreeItem(token.name);
  item.id = token.id;
  item.description = token.expires_at === undefined ? 'never expires' : 'expires in 3 months';
  item.iconPath = keyIcon;
  item.contextValue = 'token';
  item.accessibilityInformation = { label: `${token.name}, project token, ${item.description}` };
  return item;
}

function userItem(user: WireUser): TreeItem {
  const item = new TreeItem(user.email, TreeItemCollapsibleState.Collapsed);
  item.id = user.id;
  item.iconPath = userIcon;
  item.contextValue = 'user';
  item.accessibilityInformation = { label: `${user.email}, user` };
  return item;
}
