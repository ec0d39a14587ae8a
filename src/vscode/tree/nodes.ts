import * as vscode from 'vscode';
import type { ErrorDescription } from '../../core/describeError.ts';
import { displayText } from '../../core/base/displayText.ts';
import type { PendingIssuance } from '../../core/issuance/issuanceService.ts';
import { presentPending } from '../../core/issuance/pendingPresentation.ts';
import { type Rotation, withRotation } from '../../core/reminders/rotation.ts';
import { type ListGap, listGapText } from '../../core/tokens/listGap.ts';
import type { AnyPagedList, PagedList } from '../../core/tokens/pagedList.ts';
import { type Token, type TokenKind, isRevocable } from '../../core/model/token.ts';
import type { User, UserId } from '../../core/model/user.ts';
import { type Presentation, prepareTexts, presentToken, presentUser } from '../../core/tokens/tokenPresentation.ts';
import { type ViewId, commandIds, contextValues } from '../ui/ids.ts';

export interface TokenNode {
  readonly type: 'token';
  readonly token: Token;
  /** Whose it is, for a user token. */
  readonly user?: UserId | undefined;
}

export interface UserNode {
  readonly type: 'user';
  readonly user: User;
  readonly tokens: PagedList<Token>;
  readonly isPinned: boolean;
}

interface UndeliveredNode {
  readonly type: 'undelivered';
  readonly pending: PendingIssuance;
}

/** A row that loads the next page of its list. */
interface LoadMoreNode {
  readonly type: 'loadMore';
  readonly list: AnyPagedList;
  readonly parent: ViewId | UserId;
}

/** What went wrong beside the rows that stay, with Retry. */
interface FailureNode {
  readonly type: 'failure';
  readonly description: ErrorDescription;
  readonly list: AnyPagedList;
  readonly parent: ViewId | UserId;
}

/** Says what is missing in a list, and why. */
interface IncompleteNode {
  readonly type: 'incomplete';
  readonly gap: ListGap;
  readonly parent: ViewId | UserId;
}

/** A user without tokens says so. */
interface EmptyNode {
  readonly type: 'empty';
  readonly parent: UserId;
}

/** There are tokens, and the filter hides all of them: clicking clears it. */
interface NoMatchNode {
  readonly type: 'noMatch';
  readonly kind: TokenKind;
  readonly parent: ViewId | UserId;
}

/** A row of either view. */
export type Node =
  TokenNode | UserNode | UndeliveredNode | LoadMoreNode | FailureNode | EmptyNode | IncompleteNode | NoMatchNode;

/** A row as VS Code shows it. The tooltip comes later, when the mouse asks for it: see `tooltipOf`. */
export function toTreeItem(node: Node, now: Date, soonDays: number, rotation?: Rotation): vscode.TreeItem {
  switch (node.type) {
    case 'token': {
      const item = presented(
        withRotation(presentToken(node.token, now, soonDays), rotation, now),
        vscode.TreeItemCollapsibleState.None,
      );
      // As short as it can be, with no other row's id the same: there may be very many of them.
      if (node.token.id !== undefined) item.id = `:${node.user ?? ''}:${node.token.id}`;
      item.contextValue = !isRevocable(node.token, now)
        ? contextValues.goneToken
        : rotation !== undefined
          ? contextValues.rotatedToken
          : contextValues.token;
      return item;
    }
    case 'user': {
      const { tokens } = node;
      const count = tokens.isLoaded ? { loaded: tokens.items.length, isPartial: tokens.hasMore } : undefined;
      const item = presented(presentUser(node.user, count, node.isPinned), vscode.TreeItemCollapsibleState.Collapsed);
      item.id = `user:${node.user.id}`;
      item.contextValue = node.isPinned ? contextValues.pinnedUser : contextValues.user;
      return item;
    }
    case 'undelivered': {
      const item = presented(presentPending(node.pending, now), vscode.TreeItemCollapsibleState.None);
      item.id = `undelivered:${node.pending.issuance.id}`;
      item.contextValue = contextValues.undelivered;
      item.command = { command: commandIds.resolveUndelivered, title: 'Resolve', arguments: [node, 'firstAction'] };
      return item;
    }
    case 'loadMore': {
      const count = node.list.items.length;
      const item = new vscode.TreeItem('Load More');
      item.id = `loadMore:${node.parent}`;
      item.description = `${count} loaded`;
      item.iconPath = new vscode.ThemeIcon('arrow-down');
      item.accessibilityInformation = { label: `Load more, ${count} loaded` };
      item.command = { command: commandIds.loadMore, title: 'Load More', arguments: [node] };
      return item;
    }
    case 'failure': {
      const item = new vscode.TreeItem('Retry');
      item.id = `failure:${node.parent}`;
      item.description = node.description.message;
      item.iconPath = new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground'));
      item.tooltip = node.description.message;
      item.accessibilityInformation = { label: `Retry. ${node.description.message}` };
      item.command = { command: commandIds.loadMore, title: 'Retry', arguments: [node] };
      return item;
    }
    case 'empty': {
      const item = new vscode.TreeItem('No tokens');
      item.id = `empty:${node.parent}`;
      return item;
    }
    case 'incomplete': {
      const label = 'Not everything is shown';
      const item = new vscode.TreeItem(label);
      item.id = `incomplete:${node.parent}`;
      item.description = listGapText(node.gap);
      item.tooltip = `${label}: ${item.description}`;
      item.iconPath = new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'));
      item.accessibilityInformation = { label: `${label}: ${item.description}` };
      return item;
    }
    case 'noMatch': {
      const item = new vscode.TreeItem('No token matches the filter');
      item.id = `noMatch:${node.parent}`;
      item.description = 'Clear Filter';
      item.iconPath = new vscode.ThemeIcon('filter');
      item.accessibilityInformation = { label: 'No token matches the filter. Clear filter' };
      item.command = {
        command: node.kind === 'project' ? commandIds.filterProjectTokens : commandIds.filterUserTokens,
        title: 'Clear Filter',
        arguments: [node],
      };
      return item;
    }
  }
}

/** The plain text that a row shows under the mouse. */
export function tooltipOf(node: Node, now: Date): vscode.MarkdownString | undefined {
  switch (node.type) {
    case 'token':
      return plain(presentToken(node.token, now, 0).tooltip);
    case 'user':
      return plain(presentUser(node.user, undefined).tooltip);
    case 'undelivered':
      return plain(presentPending(node.pending, now).tooltip);
    case 'loadMore':
    case 'failure':
    case 'empty':
    case 'incomplete':
    case 'noMatch':
      return undefined;
  }
}

/** Lines of text that no markdown can hide in; `appendText` would still turn addresses into links. */
function plain(lines: readonly string[]): vscode.MarkdownString {
  return new vscode.MarkdownString(lines.map((line) => displayText(line, 'markdown')).join('  \n'));
}

// While the first page is on its way, so that the first row does not wait for it.
prepareTexts();

const icons = new Map<string, vscode.ThemeIcon>();

function iconOf({ icon, color }: Presentation): vscode.ThemeIcon {
  const key = `${icon} ${color ?? ''}`;
  let themeIcon = icons.get(key);
  if (themeIcon === undefined) {
    themeIcon = new vscode.ThemeIcon(icon, color === undefined ? undefined : new vscode.ThemeColor(color));
    icons.set(key, themeIcon);
  }
  return themeIcon;
}

function presented(presentation: Presentation, state: vscode.TreeItemCollapsibleState): vscode.TreeItem {
  const item = new vscode.TreeItem(presentation.label, state);
  item.description = presentation.description;
  item.iconPath = iconOf(presentation);
  item.accessibilityInformation = { label: presentation.accessibleLabel };
  return item;
}
