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
  /** Resolves while this extension host has a window; fails or never settles after it lost it. */
  readonly pingWindow: () => PromiseLike<unknown>;
  /** When this window read SecretStorage: it does not see what another window stored later. */
  readonly startedAt: Date;
}
