import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { activityCsv, activityJson } from '../../core/activity/activityText.ts';
import type { Connection } from '../../core/connections/connection.ts';
import { displayText } from '../../core/base/displayText.ts';
import { showPickStep } from '../ui/quickInput.ts';
import type { Services } from '../services.ts';
import { titleIn } from '../../core/connections/projectName.ts';

const formats = [
  { label: 'CSV', description: 'for spreadsheets', extension: 'csv', write: activityCsv },
  { label: 'JSON', description: 'for programs', extension: 'json', write: activityJson },
] as const;

/** "Export Activity…": writes what was done to a file of the user's choice. */
export async function exportActivity(services: Services, connection: Connection): Promise<void> {
  const activities = await (await services.activity.log()).read(connection.id);
  if (activities.length === 0) {
    void vscode.window.showInformationMessage('Nothing was issued or revoked from here yet.');
    return;
  }
  const picked = await showPickStep({
    title: titleIn(services, connection, 'Export Activity'),
    items: formats,
    placeholder: 'As what?',
  });
  if (picked.type !== 'done') return;
  const { label, extension, write } = picked.value;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(homedir());
  const name = `magicbell-activity.${extension}`;
  const target = await vscode.window.showSaveDialog({
    title: 'Export Activity',
    filters: { [label]: [extension] },
    defaultUri: vscode.Uri.joinPath(folder, name),
  });
  if (target === undefined) return;
  await vscode.workspace.fs.writeFile(target, Buffer.from(write(activities)));
  const file = displayText(target.path.split('/').at(-1) ?? name);
  const choice = await vscode.window.showInformationMessage(`The activity is exported to “${file}”.`, 'Open');
  if (choice !== undefined) await vscode.window.showTextDocument(target);
}
