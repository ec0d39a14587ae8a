import { describePlaces } from '../delivery/place.ts';
import type { Issuance } from '../issuance/issuance.ts';
import type { TokenId, TokenKind } from '../model/token.ts';

/**
 * What was done from this extension.
 *
 * - `issued`: MagicBell answered with a value · `delivered`: the value reached the user
 * - `discarded`: the value was discarded, or its token expired, before it was delivered
 * - `revoked` · `rotated` · `signed`: signed locally, unknown to MagicBell
 * - `failed`: nothing was done, see `result` · `outcomeUnknown`: the server may have done it
 */
export type ActivityKind =
  'issued' | 'delivered' | 'discarded' | 'revoked' | 'rotated' | 'signed' | 'failed' | 'outcomeUnknown';

/** One entry of the activity log: metadata, written to disk. Texts are unchanged, as the server or the user wrote them. */
export interface Activity {
  readonly at: Date;
  readonly what: ActivityKind;
  readonly tokenKind: TokenKind | undefined;
  readonly name?: string | undefined;
  readonly tokenId?: TokenId | undefined;
  /** The user that a user token is for: email, external id, or MagicBell's id. */
  readonly recipient?: string | undefined;
  /** Our own words: "revoke: offline". */
  readonly result?: string | undefined;
}

/** The entry for an issuance's new phase; undefined when it needs none, or another place writes it. */
export function activityOf(issuance: Issuance, at: Date): Activity | undefined {
  const what = kindOf(issuance);
  if (what === undefined) return undefined;
  const { kind, name, recipient, isSigned } = issuance.request;
  return {
    at,
    what: what === 'issued' && isSigned === true ? 'signed' : what,
    tokenKind: kind,
    name,
    tokenId: issuance.tokenId,
    recipient: recipient?.email ?? recipient?.externalId ?? recipient?.userId,
    result: resultOf(issuance, what),
  };
}

/** How it ended, and which places have the value. */
function resultOf({ resolution, placesDone = [] }: Issuance, what: ActivityKind): string | undefined {
  const places = placesDone.length === 0 ? [] : [describePlaces(placesDone)];
  if (what === 'discarded') return [...(resolution === undefined ? [] : [resolution]), ...places].join(', ');
  return what === 'delivered' ? places[0] : undefined;
}

function kindOf({ phase, resolution, outcomeUnknownSince }: Issuance): ActivityKind | undefined {
  switch (phase) {
    case 'intended':
      return outcomeUnknownSince === undefined ? undefined : 'outcomeUnknown';
    case 'answered':
      return outcomeUnknownSince === undefined ? 'issued' : 'outcomeUnknown';
    case 'stored':
      return undefined;
    case 'delivered':
      return 'delivered';
    case 'resolved':
      // Revocations and refusals are recorded by the code that sends the request, with the server's answer.
      return resolution === 'discarded' || resolution === 'expired' ? 'discarded' : undefined;
  }
}
