import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { displayText } from '../../core/base/displayText.ts';
import { expiryCalendar } from '../../core/overview/calendar.ts';
import { tokensCsv, tokensJson } from '../../core/overview/exportTokens.ts';
import { type OverviewRow, overviewOf } from '../../core/overview/overviewOf.ts';
import type { Services } from '../services.ts';
import { showPickStep } from '../ui/quickInput.ts';
import { knownConnections } from './knownConnections.ts';

const formats = [
  { label: 'CSV', description: 'for spreadsheets', extension: 'csv', write: tokensCsv },
  { label: 'JSON', description: 'for programs', extension: 'json', write: tokensJson },
  {
    label: 'iCalendar',
    description: 'the expiries, for calendars; a second import replaces the first',
    extension: 'ics',
    write: expiryCalendar,
  },
] as const;

/** "Export Tokens…": writes what is known of all loaded tokens to a file. */
export async function exportTokens(services: Services): Promise<void> {
  const known = await knownConnections(services, () => undefined);
  const overview = overviewOf(known, services.clock.now(), { soonDays: services.settings.soonDays });
  await exportRows(services, overview.rows);
}

/** Asks for a format and a file, and writes the rows. */
export async function exportRows({ clock }: Services, rows: readonly OverviewRow[]): Promise<void> {
  if (rows.length === 0) {
    void vscode.window.showInformationMessage('No tokens are loaded that could be exported.');
    return;
  }
  const picked = await showPickStep({ title: 'Export Tokens', items: formats, placeholder: 'As what?' });
  if (picked.type !== 'done') return;
  const { label, extension, write } = picked.value;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(homedir());
  const name = `magicbell-tokens.${extension}`;
  const target = await vscode.window.showSaveDialog({
    title: 'Export Tokens',
    filters: { [label]: [extension] },
    defaultUri: vscode.Uri.joinPath(folder, name),
  });
  if (target === undefined) return;
  await vscode.workspace.fs.writeFile(target, Buffer.from(write(rows, clock.now())));
  const file = displayText(target.path.split('/').at(-1) ?? name);
  const count = rows.length === 1 ? '1 token' : `${rows.length} tokens`;
  const choice = await vscode.window.showInformationMessage(`Exported ${count} to “${file}”.`, 'Open');
  if (choice !== undefined) await vscode.window.showTextDocument(target);
}
