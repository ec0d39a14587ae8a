import * as vscode from 'vscode';
import { activityCsv, activityJson } from '../../core/activity/activityText.ts';
import type { Connection } from '../../core/connections/connection.ts';
import { showPickStep } from '../ui/quickInput.ts';
import { saveExport } from '../ui/saveExport.ts';
import type { Services } from '../services.ts';
import { titleIn } from '../../core/connections/projectName.ts';

const formats = [
  { label: 'CSV', description: 'for spreadsheets', extension: 'csv', write: activityCsv },
  { label: 'JSON', description: 'for programs', extension: 'json', write: activityJson },
] as const;

/** "Export Activity…": writes the record to a file that the user chooses. */
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
  await saveExport({
    title: 'Export Activity',
    label,
    extension,
    name: 'magicbell-activity',
    write: () => write(activities),
    done: (file) => `The activity is exported to “${file}”.`,
  });
}
