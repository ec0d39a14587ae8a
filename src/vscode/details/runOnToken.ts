import * as vscode from 'vscode';
import type { TokenRow } from '../../core/browse/rows.ts';
import type { Connection } from '../../core/connections/connection.ts';
import type { SheetAction } from '../../core/pages/sheet.ts';
import type { FoundToken } from '../../core/tokens/findTokens.ts';
import type { Services } from '../services.ts';
import { commandIds } from '../ui/ids.ts';
import { showInList } from './showInList.ts';

const commands: Partial<Record<SheetAction, string>> = {
  details: commandIds.showTokenDetails,
  rotate: commandIds.rotateToken,
  revoke: commandIds.revokeToken,
  copyId: commandIds.copyTokenId,
};

/** Runs a page's action on a token, with the same command as its row in the views. */
export async function runOnToken(
  services: Services,
  action: SheetAction,
  connection: Connection,
  found: FoundToken,
): Promise<void> {
  const { token, user } = found;
  const command = commands[action];
  if (action === 'showInList') await showInList(services, connection, found);
  if (command === undefined) return;
  // A page's token was listed, in this window or an earlier one. Revoking relies on it to tell gone from unknown.
  if (token.id !== undefined) connection.store.noteListed({ id: token.id });
  const row: TokenRow = { type: 'token', connection, token, user: user?.id };
  await vscode.commands.executeCommand(command, row, [row]);
}
