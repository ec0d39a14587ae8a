import * as vscode from 'vscode';
import { DotenvWriter } from '../../core/delivery/dotenvFile.ts';
import { afterDelivery } from '../../core/issuance/deliveryMessage.ts';
import { issuanceName } from '../../core/issuance/pendingPresentation.ts';
import { offerOtherWays } from './deliverValue.ts';
import { type DotenvTarget, clearTheWay, pickDotenvTarget } from './dotenvTarget.ts';
import type { Services } from '../services.ts';

/** Writes a pending value to a `.env` file and says what happened; without a target, asks for one first. */
export async function deliverToDotenv(services: Services, id: string, given?: DotenvTarget): Promise<void> {
  const { issuances, files } = services;
  const pending = issuances.find(id);
  if (pending === undefined) return;
  const target = given ?? (await pickDotenvTarget(services, pending.issuance.request.kind));
  if (target === undefined) return;
  const { shown, variable } = target;
  const writer = new DotenvWriter(files);
  await writer.sweep();
  // Asked again, since it was chosen before the token was created.
  const file = await clearTheWay(services, target);
  let problem = '';
  if (file !== undefined) {
    const outcome = await issuances.deliver(id, async (value) => {
      const written = await writer.write(file, variable, value);
      if (!written.ok) problem = `${written.problem} `;
      return written.ok ? 'confirmed' : 'failed';
    });
    if (outcome === 'confirmed') {
      const message = `The value of “${issuanceName(pending.issuance)}” is in ${shown} as ${variable}.`;
      void vscode.window.showInformationMessage(`${message} ${afterDelivery(pending.issuance)}`);
      return;
    }
  }
  const message = `The value of “${issuanceName(pending.issuance)}” was not written to ${shown}. ${problem}It is kept until you copy it.`;
  await offerOtherWays(services, pending, message, ['Copy', 'To .env…', 'Revoke…']);
}
