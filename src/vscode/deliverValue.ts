import * as vscode from 'vscode';
import { type CopyFormat, describeFormat, formatValue } from '../core/issuance/copyFormat.ts';
import { type DeliveryOutcome, copyToClipboard } from '../core/issuance/delivery.ts';
import type { PendingIssuance } from '../core/issuance/issuanceService.ts';
import { issuanceName } from '../core/issuance/pendingPresentation.ts';
import type { Services } from './services.ts';

const asItIs: CopyFormat = { type: 'value' };

/** Copies a pending value, without a word to the user. @throws IssuanceError `valueGone` */
export function copyValue(services: Services, id: string, format = asItIs): Promise<DeliveryOutcome> {
  const { issuances, clipboard, clock, clipboardToken } = services;
  return issuances.deliver(id, async (value) => {
    const text = formatValue(value, format);
    const outcome = await copyToClipboard(clipboard, text, clock);
    if (outcome === 'confirmed') clipboardToken.show(text);
    return outcome;
  });
}

/** Copies a pending value and says what happened; the value stays pending until it has surely arrived. */
export async function deliverValue(services: Services, id: string, format = asItIs): Promise<void> {
  const pending = services.issuances.find(id);
  if (pending === undefined) return;
  const outcome = await copyValue(services, id, format);
  if (outcome === 'confirmed') {
    const how = format.type === 'value' ? '' : ` as ${describeFormat(format)}`;
    const message = `The value of “${issuanceName(pending.issuance)}” is copied${how}.`;
    void vscode.window.showInformationMessage(`${message} ${afterDelivery(pending)}`);
    return;
  }
  const { message, buttons } = report(outcome, issuanceName(pending.issuance));
  await offerOtherWays(services, pending, message, buttons, format);
}

/** What there is to know once a value has arrived. */
export function afterDelivery({ issuance }: PendingIssuance): string {
  if (issuance.request.isSigned !== true) return 'It cannot be shown again.';
  return 'Signed here, it is not listed, cannot be revoked here, and cannot be shown again. If the Secret Key was wrong, MagicBell refuses it.';
}

type Way = 'Copy' | 'Copy Again' | 'To .env…' | 'I Have It' | 'Revoke…';

/** Says that a value has not surely arrived, and what can be done with it. */
export async function offerOtherWays(
  services: Services,
  pending: PendingIssuance,
  message: string,
  ways: readonly Way[],
  format = asItIs,
): Promise<void> {
  const { id, tokenId } = pending.issuance;
  const offered = ways.filter((way) => way !== 'Revoke…' || tokenId !== undefined);
  switch (await vscode.window.showWarningMessage(message, ...offered)) {
    case 'Copy':
    case 'Copy Again':
      return deliverValue(services, id, format);
    case 'I Have It':
      return services.issuances.confirmDelivered(id);
    case 'To .env…': {
      const { deliverToDotenv } = await import('./deliverToDotenv.ts');
      return deliverToDotenv(services, id);
    }
    case 'Revoke…': {
      const { revokeIssued } = await import('./commands/revokeTokens.ts');
      await revokeIssued(services, pending);
      return;
    }
    case undefined:
      return;
  }
}

function report(
  outcome: Exclude<DeliveryOutcome, 'confirmed'>,
  name: string,
): { readonly message: string; readonly buttons: readonly Way[] } {
  switch (outcome) {
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
        buttons: ['Copy Again', 'To .env…', 'Revoke…'],
      };
  }
}
