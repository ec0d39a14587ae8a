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
  private key: Promise<string> | undefined;

  constructor(secrets: CheckedSecretStore) {
    this.secrets = secrets;
  }

  /** @throws SecretStorageError */
  async of(value: Secret): Promise<string> {
    const key = (this.key ??= this.readOrMakeKey());
    try {
      return createHmac('sha256', await key)
        .update(value.reveal())
        .digest('base64url');
    } catch (error) {
      this.key = undefined;
      throw error;
    }
  }

  private async readOrMakeKey(): Promise<string> {
    const known = await this.secrets.get(slot);
    if (known !== undefined && known !== '') return known;
    const made = randomBytes(32).toString('base64url');
    await this.secrets.set(slot, made);
    return made;
  }
}
