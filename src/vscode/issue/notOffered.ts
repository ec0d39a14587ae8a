import * as vscode from 'vscode';
import type { Connection } from '../../core/connections/connection.ts';
import { saidIn } from '../../core/connections/projectName.ts';
import type { Services } from '../services.ts';
import { openDashboard } from '../ui/openDashboard.ts';

/** Says that this API does not create or revoke project tokens, and offers the dashboard. */
export async function offerDashboard(services: Services, connection: Connection, what: string): Promise<void> {
  const message = saidIn(services, connection, `This MagicBell API does not ${what}: the dashboard does.`);
  const choice = await vscode.window.showInformationMessage(message, 'Open Project Auth');
  if (choice !== undefined) await openDashboard('projectAuth');
}
