import type { DeliveryOutcome } from '../delivery/clipboard.ts';
import { type Place, isSamePlace } from '../delivery/place.ts';
import type { Issuance } from './issuance.ts';

/** The places that were asked for and do not have the value yet. */
export function openPlaces({ request, placesDone = [] }: Pick<Issuance, 'request' | 'placesDone'>): readonly Place[] {
  return (request.places ?? []).filter((place) => !placesDone.some((done) => isSamePlace(done, place)));
}

/** Those of them that are not the clipboard, which is where a click on a pending row copies to in any case. */
export const openBesideClipboard = (issuance: Pick<Issuance, 'request' | 'placesDone'>): readonly Place[] =>
  openPlaces(issuance).filter(({ type }) => type !== 'clipboard');

/** What the journal is told when the value was handed to a place. Without a place, it went where nothing was asked for. */
export function progressAt(
  { placesDone = [] }: Pick<Issuance, 'placesDone'>,
  place: Place | undefined,
  outcome: DeliveryOutcome,
): Partial<Issuance> {
  if (place === undefined) return {};
  const isNew = outcome === 'confirmed' && !placesDone.some((done) => isSamePlace(done, place));
  return { placeInHand: undefined, ...(isNew ? { placesDone: [...placesDone, place] } : {}) };
}

/**
 * Whether a confirmed delivery is the last one. A place that was not among those asked for is instead of those that are
 * left.
 */
export function isLastDelivery(issuance: Pick<Issuance, 'request' | 'placesDone'>, place: Place | undefined): boolean {
  const isPlanned =
    place !== undefined && issuance.request.places?.some((planned) => isSamePlace(planned, place)) === true;
  return !isPlanned || openPlaces(issuance).length === 0;
}
