import * as vscode from 'vscode';
import type { Services } from '../services.ts';
import { activeConnection } from './showActivity.ts';

/** "Clear Activity…": forgets what was done from here with the connection in use. */
export async function clearActivity(services: Services): Promise<void> {
  const connectionId = await activeConnection(services);
  if (connectionId === undefined) return;
  const choice = await vscode.window.showWarningMessage(
    'Clear the activity?',
    {
      modal: true,
      detail:
        'What was issued, copied and revoked from here with this connection is forgotten. It cannot be brought back. Tokens stay as they are.',
    },
    'Clear Activity',
  );
  if (choice === undefined) return;
  await services.activity.clear(connectionId);
  void vscode.window.showInformationMessage('The activity is cleared.');
}
