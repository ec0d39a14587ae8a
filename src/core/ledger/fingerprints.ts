import { createHmac, randomBytes } from 'node:crypto';
import type { Secret } from '../base/secret.ts';
import type { CheckedSecretStore } from '../base/secretStore.ts';

const slot = 'magicbellTokens.fingerprintKey';

/**
 * Recognises values that were issued or signed here without keeping them: an HMAC whose key is in SecretStorage, one
 * for each installation. Without that key a fingerprint says nothing, not even to somebody who has the token.
 */
export class Fingerprints {
  private readonly secrets: CheckedSecretStore;
  /** One after the other, so that two calls do not make two keys. */
  private working: Promise<unknown> = Promise.resolve();

  constructor(secrets: CheckedSecretStore) {
    this.secrets = secrets;
  }

  /** The fingerprint of a new value; makes the key when there is none. @throws SecretStorageError */
  of(value: Secret): Promise<string> {
    return this.inTurn(async () => fingerprint(value, (await this.readKey()) ?? (await this.makeKey())));
  }

  /** Undefined when there is no key, and so nothing to compare with. @throws SecretStorageError */
  ofKnown(value: Secret): Promise<string | undefined> {
    return this.inTurn(async () => {
      const key = await this.readKey();
      return key === undefined ? undefined : fingerprint(value, key);
    });
  }

  /** Removes the key: no value is recognised any more. @throws SecretStorageError */
  forget(): Promise<void> {
    return this.inTurn(async () => {
      if ((await this.readKey()) !== undefined) await this.secrets.delete(slot);
    });
  }

  /** Read each time: another window may have made or removed it. */
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
