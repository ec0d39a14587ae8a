import type { CheckedSecretStore } from '../base/secretStore.ts';
import { type BaseUrl, parseBaseUrl } from '../magicbell/baseUrl.ts';
import { Secret } from '../base/secret.ts';

/** A project of MagicBell with the key that opens it. The key is only ever sent to this base URL. */
export interface Connection {
  readonly id: string;
  readonly baseUrl: BaseUrl;
  readonly key: Secret;
  /** What people call it, when there are several. */
  readonly name?: string | undefined;
  /** Destructive actions ask for the token's name to be typed. */
  readonly isProduction?: boolean | undefined;
  /** The base URL was given for this connection; else it is the configured one, and follows no change of it. */
  readonly hasOwnUrl?: boolean | undefined;
}

/** Which connection a window uses; undefined: it has not chosen. */
export interface ConnectionChoice {
  get(): string | undefined;
  set(id: string | undefined): PromiseLike<void>;
}

const slot = 'magicbellTokens.connections';

/** A choice that lasts as long as this object. */
function inMemory(): ConnectionChoice {
  let chosen: string | undefined;
  return {
    get: () => chosen,
    set: (id) => {
      chosen = id;
      return Promise.resolve();
    },
  };
}

/**
 * The connections, all in one slot of SecretStorage: key and base URL together, so that neither can be exchanged
 * without the other, and no name is left behind when its key is gone.
 */
export class ConnectionVault {
  private readonly secrets: CheckedSecretStore;
  private readonly choice: ConnectionChoice;

  constructor(secrets: CheckedSecretStore, choice: ConnectionChoice = inMemory()) {
    this.secrets = secrets;
    this.choice = choice;
  }

  /** The slot's name, to recognise SecretStorage's change events. */
  static readonly slot = slot;

  /** All that can be understood, in the order they were added. @throws SecretStorageError */
  async readAll(): Promise<readonly Connection[]> {
    const text = await this.secrets.get(slot);
    if (text === undefined) return [];
    try {
      const json: unknown = JSON.parse(text);
      return Array.isArray(json) ? json.flatMap((entry) => revive(entry) ?? []) : [];
    } catch {
      return [];
    }
  }

  /** The chosen connection, else the first. Undefined when there is none. @throws SecretStorageError */
  async read(): Promise<Connection | undefined> {
    const connections = await this.readAll();
    const chosen = this.choice.get();
    return connections.find(({ id }) => id === chosen) ?? connections[0];
  }

  /**
   * Keeps a connection, in the place of the one with its id or of `replacedId`, and chooses it.
   *
   * @throws SecretStorageError
   */
  async save(connection: Connection, replacedId: string = connection.id): Promise<void> {
    const connections = await this.readAll();
    const others = connections.filter(({ id }) => id !== connection.id && id !== replacedId);
    await this.write([...others, connection]);
    await this.choice.set(connection.id);
  }

  /** From now on this window uses another connection. */
  async choose(id: string): Promise<void> {
    await this.choice.set(id);
  }

  /** Removes a connection, by default the one in use. @throws SecretStorageError */
  async clear(id?: string): Promise<void> {
    const removed = id ?? (await this.read())?.id;
    await this.write((await this.readAll()).filter((connection) => connection.id !== removed));
    await this.choice.set(undefined);
  }

  private write(connections: readonly Connection[]): Promise<void> {
    if (connections.length === 0) return this.secrets.delete(slot);
    return this.secrets.set(slot, JSON.stringify(connections.map((entry) => ({ ...entry, key: entry.key.reveal() }))));
  }
}

function revive(json: unknown): Connection | undefined {
  const { id, baseUrl, key, name, isProduction, hasOwnUrl } = (json ?? {}) as Record<string, unknown>;
  if (typeof id !== 'string' || typeof baseUrl !== 'string' || typeof key !== 'string') return undefined;
  const parsed = parseBaseUrl(baseUrl);
  if (!parsed.ok) return undefined;
  return {
    id,
    baseUrl: parsed.baseUrl,
    key: new Secret(key),
    name: typeof name === 'string' ? name : undefined,
    isProduction: isProduction === true ? true : undefined,
    hasOwnUrl: hasOwnUrl === true ? true : undefined,
  };
}
