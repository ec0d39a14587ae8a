import { displayText } from '../base/displayText.ts';
import { localTime, relativeTime } from '../base/timeText.ts';
import type { Presentation } from '../tokens/tokenPresentation.ts';
import type { Issuance } from './issuance.ts';
import { openBesideClipboard } from './places.ts';
import type { PendingIssuance } from './pendingIssuance.ts';

/** The name of an issuance: the token's name, else its recipient. */
export function issuanceName({ request }: Pick<Issuance, 'request'>): string {
  const { name, recipient } = request;
  const candidates = [name, recipient?.email, recipient?.externalId, recipient?.userId];
  return candidates.map((candidate) => displayText(candidate ?? '')).find((shown) => shown !== '') ?? 'Unnamed token';
}

function statusText({ issuance, status, candidates }: PendingIssuance): string {
  switch (status) {
    case 'inProgress':
      return 'being created';
    case 'undelivered':
      if (openBesideClipboard(issuance).length > 0) return undeliveredText(issuance);
      return 'value not copied yet · Copy';
    case 'orphaned':
      return 'created, its value is lost · Revoke';
    case 'unreadable':
      return 'value not readable in this window · Reload';
    case 'unknown':
      if (candidates === undefined) return 'not known whether it was created · Check';
      return candidates.length === 0 ? 'not found so far · Check Again' : 'created, its value never arrived · Revoke';
  }
}

/** "delivered to 1 of 3 places · Deliver" */
function undeliveredText({ request: { places = [] }, placesDone = [] }: Issuance): string {
  if (placesDone.length === 0) return 'value not delivered yet · Deliver';
  return `delivered to ${placesDone.length} of ${places.length} places · Deliver`;
}

/** The pinned row of a pending issuance. */
export function presentPending(pending: PendingIssuance, now: Date): Presentation {
  const { issuance, status, isStored } = pending;
  const label = issuanceName(issuance);
  const description = statusText(pending);
  const isSigned = issuance.request.isSigned === true;
  const kind = isSigned ? 'signed user token' : issuance.request.kind === 'project' ? 'project token' : 'user token';
  return {
    label,
    description,
    icon: status === 'inProgress' ? 'loading~spin' : 'warning',
    color: status === 'inProgress' ? undefined : 'list.warningForeground',
    accessibleLabel: `${label}, ${kind}, ${description}`,
    tooltip: [
      label,
      `Requested ${relativeTime(issuance.intendedAt, now)}: ${localTime(issuance.intendedAt)}`,
      ...(isSigned ? ['Signed here: it is not listed and cannot be revoked here.'] : []),
      ...(issuance.tokenId === undefined ? [] : [`ID: ${displayText(issuance.tokenId)}`]),
      ...(status === 'undelivered' && !isStored
        ? ['Its value is only in this window’s memory: copy it before you close the window.']
        : []),
    ],
  };
}
