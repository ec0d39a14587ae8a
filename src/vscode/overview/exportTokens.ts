import * as vscode from 'vscode';
import { expiryCalendar, expiryOfRow } from '../../core/overview/calendar.ts';
import { tokensCsv, tokensJson } from '../../core/overview/exportTokens.ts';
import { type OverviewRow, overviewOf } from '../../core/overview/overviewOf.ts';
import type { Services } from '../services.ts';
import { showPickStep } from '../ui/quickInput.ts';
import { saveExport } from '../ui/saveExport.ts';
import { exportExpiries } from './exportExpiries.ts';
import { isPartlyLoaded, knownConnections } from './knownConnections.ts';

const title = 'Export Tokens';

interface Format extends vscode.QuickPickItem {
  readonly extension: string;
  /** Undefined: exports all stored expiries instead of the rows. */
  readonly write: ((rows: readonly OverviewRow[], now: Date) => string) | undefined;
}

const tables: readonly Format[] = [
  { label: 'CSV', description: 'for spreadsheets', extension: 'csv', write: tokensCsv },
  { label: 'JSON', description: 'for programs', extension: 'json', write: tokensJson },
];

/** "Export Tokens…": writes all loaded tokens to a file, or all stored expiries to a calendar. */
export async function exportTokens(services: Services): Promise<void> {
  const known = await knownConnections(services, () => undefined);
  const { rows } = overviewOf(known, services.clock.now(), { soonDays: services.settings.soonDays });
  const description = 'all expiries that were seen here, for calendars; a second import replaces the first';
  const isPartial = (await services.connections.start()).some(isPartlyLoaded);
  const formats = [...tables, { label: 'iCalendar', description, extension: 'ics', write: undefined }];
  await exportAs(services, rows, formats, isPartial);
}

/** Asks for a format and a file, and writes the given rows. */
export async function exportRows(services: Services, rows: readonly OverviewRow[]): Promise<void> {
  const description = 'the expiries of these tokens, for calendars; a second import replaces the first';
  await exportAs(services, rows, [
    ...tables,
    {
      label: 'iCalendar',
      description,
      extension: 'ics',
      write: (all, now) => expiryCalendar(all.map(expiryOfRow), now),
    },
  ]);
}

/** @param isPartial whether there are more than these, which is said */
async function exportAs(
  services: Services,
  rows: readonly OverviewRow[],
  formats: readonly Format[],
  isPartial = false,
): Promise<void> {
  if (rows.length === 0) {
    void vscode.window.showInformationMessage('No tokens are loaded that could be exported.');
    return;
  }
  const placeholder = isPartial ? 'As what? Not everything is loaded: only what is loaded is exported.' : 'As what?';
  const picked = await showPickStep({ title, items: formats, placeholder });
  if (picked.type !== 'done') return;
  const { label, extension, write } = picked.value;
  if (write === undefined) {
    await exportExpiries(services);
    return;
  }
  const count = rows.length === 1 ? '1 token' : `${rows.length} tokens`;
  await saveExport({
    title,
    label,
    extension,
    name: 'magicbell-tokens',
    write: () => write(rows, services.clock.now()),
    done: (file) => `Exported ${count} to “${file}”.${isPartial ? ' Not everything is loaded: there are more.' : ''}`,
  });
}
