import type { DeliveryOutcome } from '../delivery/clipboard.ts';
import { type Place, isSamePlace } from '../delivery/place.ts';
import type { Issuance } from './issuance.ts';

/** The requested places that have not received the value yet. */
export function openPlaces({ request, placesDone = [] }: Pick<Issuance, 'request' | 'placesDone'>): readonly Place[] {
  return (request.places ?? []).filter((place) => !placesDone.some((done) => isSamePlace(done, place)));
}

/** The open places without the clipboard: a click on a pending row copies in any case. */
export const openBesideClipboard = (issuance: Pick<Issuance, 'request' | 'placesDone'>): readonly Place[] =>
  openPlaces(issuance).filter(({ type }) => type !== 'clipboard');

/** What the journal records when a place has received the value. Without a place, no place was requested. */
export function progressAt(
  { placesDone = [] }: Pick<Issuance, 'placesDone'>,
  place: Place | undefined,
  outcome: DeliveryOutcome,
): Partial<Issuance> {
  if (place === undefined) return {};
  const isNew = outcome === 'confirmed' && !placesDone.some((done) => isSamePlace(done, place));
  return { placeInHand: undefined, ...(isNew ? { placesDone: [...placesDone, place] } : {}) };
}

/** Whether a confirmed delivery is the last one. A place that was not requested replaces the places that are left. */
export function isLastDelivery(issuance: Pick<Issuance, 'request' | 'placesDone'>, place: Place | undefined): boolean {
  const isPlanned =
    place !== undefined && issuance.request.places?.some((planned) => isSamePlace(planned, place)) === true;
  return !isPlanned || openPlaces(issuance).length === 0;
}
