import * as vscode from 'vscode';
import { type DeliveryOutcome, copyToClipboard } from '../core/issuance/delivery.ts';
import { issuanceName } from '../core/issuance/pendingPresentation.ts';
import type { Services } from './services.ts';

/** Copies a pending value, without a word to the user. @throws IssuanceError `valueGone` */
export function copyValue(services: Services, id: string): Promise<DeliveryOutcome> {
  const { issuances, clipboard, clock, clipboardToken } = services;
  return issuances.deliver(id, async (value) => {
    const outcome = await copyToClipboard(clipboard, value, clock);
    if (outcome === 'confirmed') clipboardToken.show(value);
    return outcome;
  });
}

/** Copies a pending value and says what happened; the value stays pending until it has surely arrived. */
export async function deliverValue(services: Services, id: string): Promise<void> {
  const pending = services.issuances.find(id);
  if (pending === undefined) return;
  const name = issuanceName(pending.issuance);
  const outcome = await copyValue(services, id);
  const { message, buttons } = report(outcome, name);
  if (outcome === 'confirmed') {
    void vscode.window.showInformationMessage(message);
    return;
  }
  const choice = await vscode.window.showWarningMessage(message, ...buttons);
  if (choice === 'Copy Again') await deliverValue(services, id);
  else if (choice === 'I Have It') await services.issuances.confirmDelivered(id);
  else if (choice === 'Revoke…') {
    const { revokeIssued } = await import('./commands/revokeTokens.ts');
    await revokeIssued(services, pending);
  }
}

function report(
  outcome: DeliveryOutcome,
  name: string,
): { readonly message: string; readonly buttons: readonly string[] } {
  switch (outcome) {
    case 'confirmed':
      return { message: `The value of “${name}” is copied. It cannot be shown again.`, buttons: [] };
    case 'replaced':
      return {
        message: `Something else was copied in the same moment, so the value of “${name}” may not be on the clipboard. It is kept until you copy it.`,
        buttons: ['Copy Again', 'Revoke…'],
      };
    case 'unreadable':
      return {
        message: `The value of “${name}” was copied, but the clipboard cannot be read to be sure. Paste it where you need it. It is kept until you say that you have it.`,
        buttons: ['Copy Again', 'I Have It'],
      };
    case 'failed':
      return {
        message: `The value of “${name}” could not be copied. It is kept until you copy it.`,
        buttons: ['Copy Again', 'Revoke…'],
      };
  }
}
