import type { CheckedSecretStore } from '../checkedSecretStore.ts';
import { type BaseUrl, parseBaseUrl } from '../magicbell/baseUrl.ts';
import { Secret } from '../secret.ts';

/** A project of MagicBell with the key that opens it. The key is only ever sent to this base URL. */
export interface Connection {
  readonly id: string;
  readonly baseUrl: BaseUrl;
  readonly key: Secret;
}

const slot = 'magicbellTokens.connection';

/**
 * The connection, in one slot of SecretStorage: key and base URL together, so that neither can be exchanged without
 * the other.
 */
export class ConnectionVault {
  private readonly secrets: CheckedSecretStore;

  constructor(secrets: CheckedSecretStore) {
    this.secrets = secrets;
  }

  /** The slot's name, to recognise SecretStorage's change events. */
  static readonly slot = slot;

  /** Undefined when there is none, or what is there cannot be understood. @throws SecretStorageError */
  async read(): Promise<Connection | undefined> {
    const text = await this.secrets.get(slot);
    if (text === undefined) return undefined;
    try {
      const { id, baseUrl, key } = JSON.parse(text) as Record<string, unknown>;
      if (typeof id !== 'string' || typeof baseUrl !== 'string' || typeof key !== 'string') return undefined;
      const parsed = parseBaseUrl(baseUrl);
      return parsed.ok ? { id, baseUrl: parsed.baseUrl, key: new Secret(key) } : undefined;
    } catch {
      return undefined;
    }
  }

  /** @throws SecretStorageError */
  save(connection: Connection): Promise<void> {
    const { id, baseUrl, key } = connection;
    return this.secrets.set(slot, JSON.stringify({ id, baseUrl, key: key.reveal() }));
  }

  /** @throws SecretStorageError */
  clear(): Promise<void> {
    return this.secrets.delete(slot);
  }
}
