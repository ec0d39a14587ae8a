import type { Clock } from '../base/clock.ts';
import { Secret } from '../base/secret.ts';
import { unwrapSecret } from '../checking/pastedSecret.ts';
import type { Connections } from '../connections/connections.ts';
import type { RecognisedValue } from '../delivery/clipboardToken.ts';
import type { IssuanceService } from '../issuance/issuanceService.ts';
import { issuanceName } from '../issuance/pendingPresentation.ts';
import type { LedgerAccess } from './ledgerAccess.ts';

export interface ValueRecords {
  readonly ledger: Pick<LedgerAccess, 'tryFind'>;
  readonly issuances: Pick<IssuanceService, 'find'>;
  readonly connections: Pick<Connections, 'find'>;
  readonly clock: Clock;
}

/**
 * The token that was issued or signed here and whose value a text is, in any form in which values are copied. Undefined
 * for other texts, and when the value is of no use any more: expired, or known to be revoked. Never rejects.
 */
export async function recogniseValue(
  text: string,
  { ledger, issuances, connections, clock }: ValueRecords,
): Promise<RecognisedValue | undefined> {
  const value = unwrapSecret(text, 'token');
  // All values are JWTs. Most texts are not, and need no look into the records.
  if (!value.startsWith('eyJ')) return undefined;
  const entry = await ledger.tryFind(new Secret(value));
  if (entry === undefined) return undefined;
  const { id, connectionId, kind, name, recipient, tokenId, expiresAt } = entry;
  const connection = connections.find(connectionId);
  if (expiresAt !== undefined && expiresAt <= (connection?.now() ?? clock.now())) return undefined;
  const listed = tokenId === undefined ? undefined : connection?.store.find({ kind, id: tokenId });
  if (tokenId !== undefined && listed?.list.find(tokenId)?.revokedAt !== undefined) return undefined;
  return {
    token: {
      name: issuanceName({ request: { kind, name, recipient, expirySeconds: undefined } }),
      connectionId,
      tokenId,
    },
    isKept: issuances.find(id)?.status === 'undelivered',
  };
}
