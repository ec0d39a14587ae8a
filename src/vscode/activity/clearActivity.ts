import * as vscode from 'vscode';
import type { Connection } from '../../core/connections/connection.ts';
import type { Services } from '../services.ts';
import { projectLine, saidIn } from '../../core/connections/projectName.ts';

/** "Clear Activity…": deletes the record of a connection. */
export async function clearActivity(services: Services, connection: Connection): Promise<void> {
  const choice = await vscode.window.showWarningMessage(
    'Clear the activity?',
    {
      modal: true,
      detail: `${projectLine(services, connection)}What was issued, copied and revoked from here with this connection is forgotten. It cannot be brought back. Tokens stay as they are.`,
    },
    'Clear Activity',
  );
  if (choice === undefined) return;
  await services.activity.clear(connection.id);
  void vscode.window.showInformationMessage(saidIn(services, connection, 'The activity is cleared.'));
}
