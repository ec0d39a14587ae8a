import type { Clock } from '../base/clock.ts';
import type { Leases } from '../base/lease.ts';
import type { Logger } from '../base/logger.ts';
import type { SecretMemory } from '../base/secret.ts';
import type { Journal } from './journal.ts';
import type { ValueVault } from './valueVault.ts';

export interface IssuanceDependencies {
  readonly journal: Journal;
  readonly leases: Leases;
  readonly vault: ValueVault;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly redactor: SecretMemory;
  /** Resolves when this extension host still has a window; never, or with an error, when it lost it. */
  readonly pingWindow: () => PromiseLike<unknown>;
  /** When this window read SecretStorage: what another window stored later is not seen here. */
  readonly startedAt: Date;
}
