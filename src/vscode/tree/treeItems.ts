import * as vscode from 'vscode';
import { displayText } from '../../core/base/displayText.ts';
import type { ConnectionRow, Row } from '../../core/browse/rows.ts';
import { ownKeyMatch, withOwnKey } from '../../core/connections/ownKey.ts';
import { waitRow } from '../../core/describeWait.ts';
import { presentPending } from '../../core/issuance/pendingPresentation.ts';
import { isRevocable } from '../../core/model/token.ts';
import { type Rotation, withRotation } from '../../core/reminders/rotation.ts';
import { presentSigned } from '../../core/signing/signedHere.ts';
import { listGapText } from '../../core/tokens/listGap.ts';
import { type Presentation, prepareTexts, presentToken, presentUser } from '../../core/tokens/tokenPresentation.ts';
import { commandIds, contextValues } from '../ui/ids.ts';

/** What the look of a row depends on besides the row. */
export interface RowLooks {
  /** The time by the server's clock, for what the server judges. */
  readonly now: Date;
  /** The time by this computer's clock, for what was recorded here. */
  readonly localNow: Date;
  readonly soonDays: number;
  /** Whether there is only one connection. Row ids are then short, since there may be very many rows. */
  readonly isAlone: boolean;
  readonly rotation?: Rotation | undefined;
}

/** A row as a tree item. The tooltip is made when the mouse needs it: see `tooltipOf`. */
export function toTreeItem(row: Row, looks: RowLooks): vscode.TreeItem {
  const { now, localNow, soonDays, rotation } = looks;
  const prefix = looks.isAlone || row.connection === undefined ? '' : `${row.connection.id}:`;
  switch (row.type) {
    case 'connection':
      return connectionItem(row);
    case 'token': {
      const text = withRotation(presentToken(row.token, now, soonDays), rotation, localNow);
      const item = presented(
        withOwnKey(text, ownKeyMatch(row.connection.key, row.token)),
        vscode.TreeItemCollapsibleState.None,
      );
      // As short as a unique id can be: there may be very many rows.
      if (row.token.id !== undefined) item.id = `${prefix}:${row.user ?? ''}:${row.token.id}`;
      item.contextValue = !isRevocable(row.token, now)
        ? contextValues.goneToken
        : rotation !== undefined
          ? contextValues.rotatedToken
          : contextValues.token;
      return item;
    }
    case 'user': {
      const tokens = row.connection.store.openedTokens(row.user.id);
      const count = tokens?.isLoaded === true ? { loaded: tokens.items.length, isPartial: tokens.hasMore } : undefined;
      const item = presented(presentUser(row.user, count, row.isPinned), vscode.TreeItemCollapsibleState.Collapsed);
      item.id = `${prefix}user:${row.user.id}`;
      item.contextValue = row.isPinned ? contextValues.pinnedUser : contextValues.user;
      return item;
    }
    case 'signed': {
      const item = presented(presentSigned(row.entry, now, soonDays), vscode.TreeItemCollapsibleState.None);
      item.id = `${prefix}signed:${row.user ?? ''}:${row.entry.id}`;
      item.contextValue = contextValues.signedToken;
      return item;
    }
    case 'undelivered': {
      const item = presented(presentPending(row.pending, localNow), vscode.TreeItemCollapsibleState.None);
      item.id = `${prefix}undelivered:${row.pending.issuance.id}`;
      item.contextValue = contextValues.undelivered;
      item.command = { command: commandIds.resolveUndelivered, title: 'Resolve', arguments: [row, 'firstAction'] };
      return item;
    }
    case 'loadMore': {
      const count = row.list.items.length;
      const item = new vscode.TreeItem('Load More');
      item.id = `${prefix}loadMore:${row.user ?? ''}`;
      item.description = `${count} loaded`;
      item.iconPath = new vscode.ThemeIcon('arrow-down');
      item.accessibilityInformation = { label: `Load more, ${count} loaded` };
      item.command = { command: commandIds.loadMore, title: 'Load More', arguments: [row] };
      return item;
    }
    case 'failure': {
      const item = new vscode.TreeItem('Retry');
      item.id = `${prefix}failure:${row.user ?? ''}`;
      item.description = row.description.message;
      item.iconPath = new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground'));
      item.tooltip = row.description.message;
      item.accessibilityInformation = { label: `Retry. ${row.description.message}` };
      item.command = { command: commandIds.loadMore, title: 'Retry', arguments: [row] };
      return item;
    }
    case 'waiting': {
      const { what, why } =
        row.wait === undefined
          ? { what: 'Waiting', why: 'no answer from MagicBell yet' }
          : waitRow(row.wait.until, row.wait.reason);
      const item = new vscode.TreeItem(what);
      item.id = `${prefix}waiting:${row.user ?? ''}`;
      item.description = `Stop · ${why}`;
      item.tooltip = `${what}: ${why}`;
      item.iconPath = new vscode.ThemeIcon('watch');
      item.accessibilityInformation = { label: `${what}: ${why}. Stop waiting` };
      item.command = { command: commandIds.loadMore, title: 'Stop Waiting', arguments: [row] };
      return item;
    }
    case 'empty': {
      const item = new vscode.TreeItem(row.kind === 'user' && row.user === undefined ? 'No users' : 'No tokens');
      item.id = `${prefix}empty:${row.user ?? ''}`;
      return item;
    }
    case 'incomplete': {
      const label = 'Not everything is shown';
      const item = new vscode.TreeItem(label);
      item.id = `${prefix}incomplete:${row.user ?? ''}`;
      item.description = listGapText(row.gap);
      item.tooltip = `${label}: ${item.description}`;
      item.iconPath = new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'));
      item.accessibilityInformation = { label: `${label}: ${item.description}` };
      return item;
    }
    case 'notOffered': {
      const isProject = row.kind === 'project';
      const item = new vscode.TreeItem(isProject ? 'Not listed by this API' : 'Tokens are not listed by this API');
      const next = isProject ? 'Open Project Auth' : 'Sign for a User…';
      item.id = `${prefix}notOffered:${row.user ?? ''}`;
      item.description = next;
      item.iconPath = new vscode.ThemeIcon('info');
      item.accessibilityInformation = { label: `${labelOf(item)}. ${next}` };
      const user = row.user === undefined ? undefined : row.connection.store.user(row.user);
      item.command = isProject
        ? { command: commandIds.openProjectAuth, title: next }
        : {
            command: commandIds.signUserToken,
            title: next,
            arguments: user === undefined ? [] : [{ type: 'user', connection: row.connection, user, isPinned: false }],
          };
      return item;
    }
    case 'noMatch': {
      const item = new vscode.TreeItem('No token matches the filter');
      item.id = `${prefix}noMatch:${row.user ?? ''}`;
      item.description = 'Clear Filter';
      item.iconPath = new vscode.ThemeIcon('filter');
      item.accessibilityInformation = { label: 'No token matches the filter. Clear filter' };
      item.command = {
        command: row.kind === 'project' ? commandIds.filterProjectTokens : commandIds.filterUserTokens,
        title: 'Clear Filter',
        arguments: [row],
      };
      return item;
    }
  }
}

/** The tooltip of a row, as plain text. */
export function tooltipOf(row: Row, now: Date): vscode.MarkdownString | undefined {
  switch (row.type) {
    case 'token':
      return plain(withOwnKey(presentToken(row.token, now, 0), ownKeyMatch(row.connection.key, row.token)).tooltip);
    case 'user':
      return plain(presentUser(row.user, undefined).tooltip);
    case 'signed':
      return plain(presentSigned(row.entry, now, 0).tooltip);
    case 'undelivered':
      return plain(presentPending(row.pending, now).tooltip);
    case 'connection':
      return plain([row.connection.label, row.connection.baseUrl]);
    case 'loadMore':
    case 'failure':
    case 'waiting':
    case 'empty':
    case 'incomplete':
    case 'noMatch':
    case 'notOffered':
      return undefined;
  }
}

const labelOf = ({ label }: vscode.TreeItem): string => (typeof label === 'string' ? label : (label?.label ?? ''));

/** "Acme" · production */
function connectionItem({ connection, kind }: ConnectionRow): vscode.TreeItem {
  const item = new vscode.TreeItem(connection.label, vscode.TreeItemCollapsibleState.Expanded);
  const facts = [
    ...(connection.isProduction ? ['production'] : []),
    ...(connection.name === undefined ? [] : [connection.host]),
    ...(connection.isUnsaved ? ['for this window only'] : []),
  ];
  item.id = `${connection.id}:`;
  item.description = facts.join(' · ');
  item.iconPath = new vscode.ThemeIcon(connection.isProduction ? 'lock' : 'project');
  item.contextValue = contextValues.connection;
  item.accessibilityInformation = {
    label: [connection.label, kind === 'project' ? 'project tokens' : 'user tokens', ...facts].join(', '),
  };
  return item;
}

/** Plain lines without markdown; `appendText` would still turn addresses into links. */
function plain(lines: readonly string[]): vscode.MarkdownString {
  return new vscode.MarkdownString(lines.map((line) => displayText(line, 'markdown')).join('  \n'));
}

// During the first request, so that the first row does not wait for it.
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
