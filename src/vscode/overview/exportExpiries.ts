import * as vscode from 'vscode';
import { type CalendarExpiry, expiryCalendar } from '../../core/overview/calendar.ts';
import type { Connection } from '../../core/connections/connection.ts';
import { projectName } from '../../core/connections/projectName.ts';
import type { Services } from '../services.ts';
import { showPickStep } from '../ui/quickInput.ts';
import { saveExport } from '../ui/saveExport.ts';

const title = 'Export Expiries';

interface Choice extends vscode.QuickPickItem {
  readonly expiries: readonly CalendarExpiry[];
}

/** "Export Expiries as Calendar…": exports all stored expiries, loaded or not. Asks which project if there are several. */
export async function exportExpiries(services: Services): Promise<void> {
  const { watch } = await services.reminders();
  const connections = await services.connections.start();
  // Store the expiries of all loaded tokens first.
  await watch.check();
  const known = await Promise.all(
    connections.map(async (connection) => ({
      connection,
      expiries: (await watch.allOf(connection.id)).map((expiry): CalendarExpiry => ({
        ...expiry,
        project: connection.label,
      })),
    })),
  );
  const all = known.flatMap(({ expiries }) => expiries);
  if (all.length === 0) {
    void vscode.window.showInformationMessage('No token that was seen here has an expiry.');
    return;
  }
  const expiries = known.length < 2 ? all : await choose(all, known);
  if (expiries === undefined) return;
  const count = live(expiries).length;
  await saveExport({
    title,
    label: 'iCalendar',
    extension: 'ics',
    name: 'magicbell-expiries',
    write: () => expiryCalendar(expiries, services.clock.now()),
    done: (file) => `Exported ${count === 1 ? '1 expiry' : `${count} expiries`} to “${file}”.`,
  });
}

const live = (expiries: readonly CalendarExpiry[]): readonly CalendarExpiry[] =>
  expiries.filter(({ isRevoked }) => isRevoked !== true);

/** Asks whether to export all projects or one of them. */
async function choose(
  all: readonly CalendarExpiry[],
  known: readonly { readonly connection: Connection; readonly expiries: readonly CalendarExpiry[] }[],
): Promise<readonly CalendarExpiry[] | undefined> {
  const choice = (label: string, expiries: readonly CalendarExpiry[]): Choice => {
    const { length } = live(expiries);
    return { label, description: length === 1 ? '1 expiry' : `${length} expiries`, expiries };
  };
  const picked = await showPickStep<Choice>({
    title,
    placeholder: 'Of which project?',
    items: [
      choice('All Projects', all),
      ...known
        .filter(({ expiries }) => expiries.length > 0)
        .map(({ connection, expiries }) => choice(projectName(connection), expiries)),
    ],
  });
  return picked.type === 'done' ? picked.value.expiries : undefined;
}
