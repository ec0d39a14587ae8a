import * as vscode from 'vscode';
import { type Place, describePlace, describePlaces, isSamePlace } from '../../core/delivery/place.ts';
import { afterDelivery } from '../../core/issuance/deliveryMessage.ts';
import { issuanceName } from '../../core/issuance/pendingPresentation.ts';
import { openPlaces } from '../../core/issuance/places.ts';
import { projectLine, saidOf } from '../../core/connections/projectName.ts';
import { withLongProgress } from '../ui/progress.ts';
import type { Services } from '../services.ts';
import { type Attempt, attemptCopy, offerOtherWays } from './deliverValue.ts';
import { writeToDotenv } from './deliverToDotenv.ts';
import { deliverTo } from './deliveryTarget.ts';

/** The outcome of the delivery to one place. */
interface PlaceResult extends Attempt {
  readonly place: Place;
}

/** Delivers a pending value to the requested places that do not have it yet, and reports the outcome. */
export async function deliverToPlaces(services: Services, id: string): Promise<void> {
  const pending = services.issuances.find(id);
  if (pending === undefined) return;
  const { places = [] } = pending.issuance.request;
  const [first, second] = places;
  if (first === undefined || second === undefined) {
    if (await isTakenOver(services, id, first)) return;
    await deliverTo(services, id, first);
    return;
  }
  const results = await deliverEach(services, id);
  const name = issuanceName(pending.issuance);
  const failed = results.filter(({ outcome }) => outcome !== 'confirmed');
  if (failed.length === 0) {
    const message = `The value of “${name}” was delivered ${describePlaces(places)}. ${afterDelivery(pending.issuance)}`;
    void vscode.window.showInformationMessage(saidOf(services, pending.issuance, message));
    return;
  }
  const done = services.issuances.find(id)?.issuance.placesDone ?? [];
  const arrived = done.length === 0 ? '' : ` It was delivered ${describePlaces(done)}.`;
  const missing = failed
    .map(({ place, problem }) => `${describePlace(place)}${problem === '' ? '.' : `: ${problem}`}`)
    .join(' ');
  const message = `The value of “${name}” has not arrived everywhere. Not ${missing}${arrived} It is kept until you deliver it.`;
  await offerOtherWays(services, pending, message, ['Try Again', 'Copy', 'Revoke…']);
}

/** Delivers to each of the remaining places. A failure does not stop the other deliveries. */
export async function deliverEach(services: Services, id: string): Promise<readonly PlaceResult[]> {
  const issuance = services.issuances.find(id)?.issuance;
  if (issuance === undefined) return [];
  const places = openPlaces(issuance);
  const results: PlaceResult[] = [];
  const title = saidOf(services, issuance, `Delivering “${issuanceName(issuance)}”`);
  await withLongProgress(services, { title, cancellable: false }, async (_signal, report) => {
    for (const place of places) {
      report(`${results.length + 1} of ${places.length}: ${describePlace(place)}`, 100 / places.length);
      if (await isTakenOver(services, id, place)) results.push({ place, outcome: 'confirmed', problem: '' });
      else results.push({ place, ...(await attempt(services, id, place)) });
    }
  });
  return results;
}

async function attempt(services: Services, id: string, place: Place): Promise<Attempt> {
  switch (place.type) {
    case 'dotenv':
    case 'remoteDotenv':
      return writeToDotenv(services, id, place);
    case 'command':
      return (await import('./deliverToCommand.ts')).giveToCommand(services, id, place);
    case 'terminal':
      return (await import('./deliverToTerminal.ts')).openTerminal(services, id, place);
    case 'clipboard':
      return attemptCopy(services, id, place.format);
  }
}

/** Asks whether a command that was running when VS Code ended has taken the value. */
async function isTakenOver(services: Services, id: string, place: Place | undefined): Promise<boolean> {
  const { issuances, connections } = services;
  const issuance = issuances.find(id)?.issuance;
  if (issuance?.placeInHand === undefined || place?.type !== 'command') return false;
  if (!isSamePlace(issuance.placeInHand, place)) return false;
  const project = projectLine(services, connections.find(issuance.connectionId));
  const choice = await vscode.window.showWarningMessage(
    'This command may have taken the value already.',
    { modal: true, detail: `${project}It was running when VS Code ended: ${describePlace(place).slice('to '.length)}` },
    'Run It Again',
    'It Has the Value',
  );
  if (choice !== 'It Has the Value') return false;
  return (await issuances.deliver(id, () => Promise.resolve('confirmed'), place)) === 'confirmed';
}
