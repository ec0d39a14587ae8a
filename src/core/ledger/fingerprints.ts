import { createHmac, randomBytes } from 'node:crypto';
import type { Secret } from '../base/secret.ts';
import type { CheckedSecretStore } from '../base/secretStore.ts';

const slot = 'magicbellTokens.fingerprintKey';

/**
 * Recognises issued and signed values without storing them: by an HMAC whose key, one for each installation, is in
 * SecretStorage. Without the key, a fingerprint cannot even be matched with a known token.
 */
export class Fingerprints {
  private readonly secrets: CheckedSecretStore;
  /** Calls run one at a time, so that two of them cannot create two keys. */
  private working: Promise<unknown> = Promise.resolve();

  constructor(secrets: CheckedSecretStore) {
    this.secrets = secrets;
  }

  /** The fingerprint of a new value. Creates the key when there is none. @throws SecretStorageError */
  of(value: Secret): Promise<string> {
    return this.inTurn(async () => fingerprint(value, (await this.readKey()) ?? (await this.makeKey())));
  }

  /** The fingerprint of a value to look up. Undefined when there is no key yet. @throws SecretStorageError */
  ofKnown(value: Secret): Promise<string | undefined> {
    return this.inTurn(async () => {
      const key = await this.readKey();
      return key === undefined ? undefined : fingerprint(value, key);
    });
  }

  /** Removes the key; earlier fingerprints become useless. @throws SecretStorageError */
  forget(): Promise<void> {
    return this.inTurn(async () => {
      if ((await this.readKey()) !== undefined) await this.secrets.delete(slot);
    });
  }

  /** Not cached: another window may have created or removed the key. */
  private async readKey(): Promise<string | undefined> {
    const known = await this.secrets.get(slot);
    return known === '' ? undefined : known;
  }

  private async makeKey(): Promise<string> {
    const made = randomBytes(32).toString('base64url');
    await this.secrets.set(slot, made);
    return made;
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.working.then(work);
    this.working = result.catch(() => undefined);
    return result;
  }
}

const fingerprint = (value: Secret, key: string): string =>
  createHmac('sha256', key).update(value.reveal()).digest('base64url');
