import type { Issuance } from '../issuance/issuance.ts';
import type { TokenId, TokenKind } from '../model/token.ts';

/**
 * What was done from here.
 *
 * - `issued`: MagicBell answered with a value · `delivered`: the value reached the user
 * - `discarded`: it was given up, or expired, without having reached anybody
 * - `revoked` · `rotated` · `signed`: made locally, MagicBell does not know it
 * - `failed`: nothing was done, see `result` · `outcomeUnknown`: it is not known whether it was
 */
export type ActivityKind =
  'issued' | 'delivered' | 'discarded' | 'revoked' | 'rotated' | 'signed' | 'failed' | 'outcomeUnknown';

/** One thing that was done: metadata, written to disk as it is. Texts are as the server or the user has them. */
export interface Activity {
  readonly at: Date;
  readonly what: ActivityKind;
  readonly tokenKind: TokenKind | undefined;
  readonly name?: string | undefined;
  readonly tokenId?: TokenId | undefined;
  /** Whom a user token is for: email, external id, or MagicBell's id. */
  readonly recipient?: string | undefined;
  /** In a few words of ours: "revoke: offline". */
  readonly result?: string | undefined;
}

/** What an issuance's progress is in the log; undefined when it is nothing to remember, or is said elsewhere. */
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
    result: what === 'discarded' ? issuance.resolution : undefined,
  };
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
      // A revocation and a refusal are noted where they happen, with what the server said.
      return resolution === 'discarded' || resolution === 'expired' ? 'discarded' : undefined;
  }
}
