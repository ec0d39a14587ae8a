import type { CheckedSecretStore } from '../base/secretStore.ts';
import { type BaseUrl, parseBaseUrl } from '../magicbell/baseUrl.ts';
import { Secret } from '../base/secret.ts';

/** A project of MagicBell with its key, as it is stored. The key is only ever sent to this base URL. */
export interface ConnectionRecord {
  /** Random; stays the same for the lifetime of the connection. */
  readonly id: string;
  readonly baseUrl: BaseUrl;
  readonly key: Secret;
  /** The name of the project: typed, or from the claims of the key. */
  readonly name?: string | undefined;
  /** Destructive actions ask for more than a click. */
  readonly isProduction?: boolean | undefined;
}

const slot = 'magicbellTokens.connections';

/**
 * All connections in one slot of SecretStorage, key and base URL together, so that neither can be replaced without the
 * other, and no name remains when its key is gone.
 */
export class ConnectionVault {
  private readonly secrets: CheckedSecretStore;

  constructor(secrets: CheckedSecretStore) {
    this.secrets = secrets;
  }

  /** The slot's name, to recognise SecretStorage's change events. */
  static readonly slot = slot;

  /** All readable records, in the order in which they were added. @throws SecretStorageError */
  async readAll(): Promise<readonly ConnectionRecord[]> {
    const text = await this.secrets.get(slot);
    if (text === undefined) return [];
    try {
      const json: unknown = JSON.parse(text);
      return Array.isArray(json) ? json.flatMap((entry) => revive(entry) ?? []) : [];
    } catch {
      return [];
    }
  }

  /**
   * Stores a connection: replaces the one with its id, or appends it. Resolves to what is stored now. @throws
   * SecretStorageError
   */
  async save(record: ConnectionRecord): Promise<readonly ConnectionRecord[]> {
    const records = await this.readAll();
    const isKnown = records.some(({ id }) => id === record.id);
    return this.write(isKnown ? records.map((each) => (each.id === record.id ? record : each)) : [...records, record]);
  }

  /** Removes a connection. Resolves to what is stored now. @throws SecretStorageError */
  async remove(id: string): Promise<readonly ConnectionRecord[]> {
    return this.write((await this.readAll()).filter((record) => record.id !== id));
  }

  private async write(records: readonly ConnectionRecord[]): Promise<readonly ConnectionRecord[]> {
    if (records.length === 0) await this.secrets.delete(slot);
    else await this.secrets.set(slot, JSON.stringify(records.map((entry) => ({ ...entry, key: entry.key.reveal() }))));
    return records;
  }
}

function revive(json: unknown): ConnectionRecord | undefined {
  const { id, baseUrl, key, name, isProduction } = (json ?? {}) as Record<string, unknown>;
  if (typeof id !== 'string' || typeof baseUrl !== 'string' || typeof key !== 'string') return undefined;
  const parsed = parseBaseUrl(baseUrl);
  if (!parsed.ok) return undefined;
  return {
    id,
    baseUrl: parsed.baseUrl,
    key: new Secret(key),
    name: typeof name === 'string' && name.trim() !== '' ? name : undefined,
    isProduction: isProduction === true ? true : undefined,
  };
}

/** Whether two records are equal. */
export const isSameRecord = (a: ConnectionRecord, b: ConnectionRecord): boolean =>
  a.id === b.id &&
  a.baseUrl === b.baseUrl &&
  a.key.equals(b.key) &&
  a.name === b.name &&
  (a.isProduction === true) === (b.isProduction === true);
