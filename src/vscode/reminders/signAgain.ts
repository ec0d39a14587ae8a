import * as vscode from 'vscode';
import type { SignedRow } from '../../core/browse/rows.ts';
import type { Connection } from '../../core/connections/connection.ts';
import type { ExpiryWarning } from '../../core/reminders/expiryWatch.ts';
import type { Services } from '../services.ts';
import { commandIds } from '../ui/ids.ts';

/** Signs a watched token again, as its row does; nothing when it is not in the ledger any more. */
export async function signWatchedAgain(
  { ledger }: Services,
  connection: Connection,
  { token }: ExpiryWarning,
): Promise<void> {
  const entry = ledger.signedOf(connection.id).find(({ id }) => id === String(token.id));
  if (entry === undefined) return;
  const row: SignedRow = { type: 'signed', connection, user: undefined, entry };
  await vscode.commands.executeCommand(commandIds.signAgain, row);
}
