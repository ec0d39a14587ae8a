import { Records } from '../base/records.ts';
import type { CheckedSecretStore } from '../base/secretStore.ts';
import type { SharedFolder } from '../base/sharedFolder.ts';
import { Fingerprints } from './fingerprints.ts';
import { reviveLedgerEntry } from './ledgerEntry.ts';
import { type LedgerDependencies, TokenLedger } from './tokenLedger.ts';

/** Builds the ledger of a folder, with the key of its fingerprints in SecretStorage. */
export function openLedger({
  secrets,
  files,
  clock,
  logger,
}: Pick<LedgerDependencies, 'clock' | 'logger'> & {
  readonly secrets: CheckedSecretStore;
  readonly files: SharedFolder;
}): TokenLedger {
  const records = new Records(files, reviveLedgerEntry, logger);
  return new TokenLedger({ records, files, fingerprints: new Fingerprints(secrets), clock, logger });
}
