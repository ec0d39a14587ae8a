import type { CheckedSecretStore } from '../base/secretStore.ts';
import { Secret } from '../base/secret.ts';

const slotPrefix = 'magicbellTokens.undelivered.';

/** The undelivered values, one slot of SecretStorage each. */
export class ValueVault {
  private readonly secrets: CheckedSecretStore;

  constructor(secrets: CheckedSecretStore) {
    this.secrets = secrets;
  }

  /** Proves with a dummy value that a value can be stored, before one exists. @throws SecretStorageError */
  async preflight(id: string): Promise<void> {
    const key = `${slotPrefix}preflight.${id}`;
    await this.secrets.set(key, id);
    await this.secrets.delete(key);
  }

  /** @throws SecretStorageError */
  keep(id: string, value: Secret): Promise<void> {
    return this.secrets.set(slotPrefix + id, value.reveal());
  }

  /** @throws SecretStorageError */
  async read(id: string): Promise<Secret | undefined> {
    const value = await this.secrets.get(slotPrefix + id);
    return value === undefined || value === '' ? undefined : new Secret(value);
  }

  /** @throws SecretStorageError */
  forget(id: string): Promise<void> {
    return this.secrets.delete(slotPrefix + id);
  }
}
