import * as vscode from 'vscode';
import type { ExpiryWarning } from '../../core/reminders/expiryWatch.ts';
import { warningSubject } from '../../core/reminders/expiryWords.ts';
import { saidOf } from '../../core/connections/projectName.ts';
import type { Services } from '../services.ts';

/** Mutes some tokens, says so, and offers to undo it. */
export async function mute(services: Services, warnings: readonly ExpiryWarning[]): Promise<void> {
  await (await services.reminders()).watch.mute(warnings);
  const said = `${subjectOf(services, warnings)} no longer counted or announced.`;
  void vscode.window.showInformationMessage(said, 'Undo').then(async (choice) => {
    if (choice !== undefined) await unmute(services, warnings);
  });
}

/** Watches some tokens again, and says so. */
export async function unmute(services: Services, warnings: readonly ExpiryWarning[]): Promise<void> {
  await (await services.reminders()).watch.unmute(warnings);
  vscode.window.setStatusBarMessage(`${subjectOf(services, warnings)} watched again.`, 5000);
}

/** "“CI deploy” is", "3 tokens are" */
function subjectOf(services: Services, warnings: readonly ExpiryWarning[]): string {
  const [only, second] = warnings;
  if (only === undefined || second !== undefined) return `${warnings.length} tokens are`;
  return saidOf(services, only, `${warningSubject(only)} is`);
}
