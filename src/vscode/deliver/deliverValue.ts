import * as vscode from 'vscode';
import { type CopyFormat, formatValue } from '../../core/delivery/copyFormat.ts';
import { type DeliveryOutcome, copyToClipboard } from '../../core/delivery/clipboard.ts';
import type { CopiedToken } from '../../core/delivery/clipboardToken.ts';
import { type WayOut, afterDelivery, describeDelivery } from '../../core/issuance/deliveryMessage.ts';
import type { Issuance } from '../../core/issuance/issuance.ts';
import type { PendingIssuance } from '../../core/issuance/pendingIssuance.ts';
import { issuanceName } from '../../core/issuance/pendingPresentation.ts';
import { saidIn, saidOf } from '../../core/connections/projectName.ts';
import type { Services } from '../services.ts';
import { mayOverwriteClipboard } from './writeClipboard.ts';

const asItIs: CopyFormat = { type: 'value' };

/**
 * Copies a pending value without a notification. Asks only if the copy would overwrite another value; undefined if the
 * user declines.
 *
 * @throws IssuanceError `valueGone`
 */
export async function copyValue(
  services: Services,
  { issuance }: Pick<PendingIssuance, 'issuance'>,
  format = asItIs,
): Promise<DeliveryOutcome | undefined> {
  const { issuances, clipboard, clock, clipboardToken } = services;
  if (!(await mayOverwriteClipboard(services))) return undefined;
  return issuances.deliver(
    issuance.id,
    async (value) => {
      const text = formatValue(value, format);
      const outcome = await copyToClipboard(clipboard, text, clock);
      if (outcome === 'confirmed') clipboardToken.show(text, copiedToken(issuance));
      return outcome;
    },
    { type: 'clipboard', format },
  );
}

/** The outcome of a delivery to one place, not reported to the user yet. */
export interface Attempt {
  readonly outcome: DeliveryOutcome;
  /** A sentence for the user; empty if the value was delivered. */
  readonly problem: string;
}

/** Reports the outcome of a delivery to one place. Offers other ways if the value was not delivered. */
export async function notifyAttempt(
  services: Services,
  pending: PendingIssuance,
  { outcome, problem }: Attempt,
  { arrived, missed }: { readonly arrived: string; readonly missed: string },
): Promise<void> {
  const subject = `The value of “${issuanceName(pending.issuance)}”`;
  if (outcome === 'confirmed') {
    const message = `${subject} ${arrived}. ${afterDelivery(pending.issuance)}`;
    void vscode.window.showInformationMessage(saidOf(services, pending.issuance, message));
    return;
  }
  const message = `${subject} ${missed}. ${problem === '' ? '' : `${problem} `}It is kept until you copy it.`;
  await offerOtherWays(services, pending, message, ['Copy', 'To .env…', 'Revoke…']);
}

/** Copies a pending value as one of several deliveries. */
export async function attemptCopy(services: Services, id: string, format: CopyFormat): Promise<Attempt> {
  const pending = services.issuances.find(id);
  const outcome = pending === undefined ? undefined : await copyValue(services, pending, format);
  return outcome === undefined
    ? { outcome: 'failed', problem: 'It was not copied.' }
    : { outcome, problem: copyProblems[outcome] };
}

const copyProblems: Readonly<Record<DeliveryOutcome, string>> = {
  confirmed: '',
  replaced: 'Something else was copied in the same moment.',
  unreadable: 'The clipboard cannot be read to be sure.',
  failed: 'It could not be copied.',
};

/** Copies a pending value and reports the outcome. The value stays pending until the copy is confirmed. */
export async function deliverValue(services: Services, id: string, format = asItIs): Promise<void> {
  const pending = services.issuances.find(id);
  if (pending === undefined) return;
  const outcome = await copyValue(services, pending, format);
  if (outcome === undefined) {
    const message = `The value of “${issuanceName(pending.issuance)}” was not copied. It is kept until you copy it.`;
    await offerOtherWays(services, pending, message, ['Copy', 'To .env…', 'Revoke…'], format);
    return;
  }
  const { message, ways } = describeDelivery(outcome, pending.issuance, format);
  if (outcome === 'confirmed') void vscode.window.showInformationMessage(saidOf(services, pending.issuance, message));
  else await offerOtherWays(services, pending, message, ways, format);
}

/** The token whose value is copied, as `clipboardToken` remembers it. */
export function copiedToken(issuance: Issuance): CopiedToken {
  return { name: issuanceName(issuance), connectionId: issuance.connectionId, tokenId: issuance.tokenId };
}

/** Reports that a delivery is not confirmed, and offers other ways. */
export async function offerOtherWays(
  services: Services,
  pending: PendingIssuance,
  message: string,
  ways: readonly WayOut[],
  format = asItIs,
): Promise<void> {
  const { id, tokenId, connectionId } = pending.issuance;
  const connection = services.connections.find(connectionId);
  const canRevoke = tokenId !== undefined && connection !== undefined;
  const offered = ways.filter((way) => way !== 'Revoke…' || canRevoke);
  switch (await vscode.window.showWarningMessage(saidIn(services, connection, message), ...offered)) {
    case 'Copy':
    case 'Copy Again':
      return deliverValue(services, id, format);
    case 'Try Again': {
      const { deliverToPlaces } = await import('./deliverToPlaces.ts');
      return deliverToPlaces(services, id);
    }
    case 'I Have It':
      return services.issuances.confirmDelivered(id);
    case 'To .env…': {
      const { deliverToDotenv } = await import('./deliverToDotenv.ts');
      return deliverToDotenv(services, id);
    }
    case 'Revoke…': {
      const { revokeIssued } = await import('../revoke/revokeTokens.ts');
      if (connection !== undefined) await revokeIssued(services, connection, pending);
      return;
    }
    case undefined:
      return;
  }
}
