import { randomUUID } from 'node:crypto';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { Emitter } from '../base/event.ts';
import type { Logger } from '../base/logger.ts';
import type { SecretMemory } from '../base/secret.ts';
import type { MagicBellApi } from '../magicbell/magicBellApi.ts';
import { RememberedUsers, type StateStore } from '../tokens/rememberedUsers.ts';
import type { StoreChange } from '../tokens/tokenStore.ts';
import { Connection } from './connection.ts';
import { type ConnectionRecord, type ConnectionVault, isSameRecord } from './vault.ts';

/**
 * Whether the connections are known: `unknown` before SecretStorage was read, `storageFailed` when it could not be
 * read. With `storageFailed` there may still be connections that were added in this window.
 */
export type ConnectionsState = 'unknown' | 'known' | 'storageFailed';

export interface ConnectionsDependencies {
  readonly vault: ConnectionVault;
  readonly createApi: (record: Pick<ConnectionRecord, 'baseUrl' | 'key'>) => Promise<MagicBellApi>;
  /** Keeps pinned and recent users, and what the APIs offer. */
  readonly state: StateStore;
  readonly now: () => Date;
  readonly pageSize: () => number;
  readonly redactor: SecretMemory;
  readonly logger: Logger;
}

/** What has changed in the lists of a connection. */
export interface ConnectionStoreChange {
  readonly connection: Connection;
  readonly change: StoreChange;
}

/**
 * All connections of this window, in the order in which they were added. There is no current one. SecretStorage is the
 * source of truth; a connection that it failed to store lasts as long as the window.
 */
export class Connections implements Disposable {
  private readonly deps: ConnectionsDependencies;
  private readonly disposables = new DisposableStore();
  private readonly changeEmitter = this.disposables.add(new Emitter<void>());
  private readonly storeEmitter = this.disposables.add(new Emitter<ConnectionStoreChange>());
  private known: readonly Connection[] = [];
  private current: ConnectionsState = 'unknown';
  /** Records that SecretStorage failed to store, by id, with the stored record that each replaces. */
  private readonly unsaved = new Map<string, { record: ConnectionRecord; replaces: ConnectionRecord | undefined }>();
  /** What SecretStorage held when it was last read or written. */
  private stored: readonly ConnectionRecord[] = [];
  private reading: Promise<void> | undefined;
  /** Increases with every change of the connections: a read that began before is out of date. */
  private readGeneration = 0;

  /** A connection was added, changed or removed, or the state has changed. */
  readonly onDidChange = this.changeEmitter.event;
  /** The lists of one of them have changed. */
  readonly onDidChangeStore = this.storeEmitter.event;

  constructor(deps: ConnectionsDependencies) {
    this.deps = deps;
  }

  get state(): ConnectionsState {
    return this.current;
  }

  get all(): readonly Connection[] {
    return this.known;
  }

  /** Undefined when it was removed or never existed. */
  find(id: string): Connection | undefined {
    return this.known.find((connection) => connection.id === id);
  }

  /** Whether a connection is gone: nothing could clear what is recorded for it. False before they were read. */
  hasForgotten(id: string): boolean {
    return this.current !== 'unknown' && this.find(id) === undefined;
  }

  /** Now, by the clock of a connection's server; by this machine's when there is no such connection. */
  nowOf(id: string): Date {
    return this.find(id)?.now() ?? this.deps.now();
  }

  /** Reads SecretStorage unless it was read already. Never rejects. */
  async start(): Promise<readonly Connection[]> {
    // A newer read may supersede this one; then its result counts.
    while (this.current === 'unknown') await (this.reading ?? this.reload());
    return this.known;
  }

  /** Reads SecretStorage again: another window may have changed it. Never rejects. */
  reload(): Promise<void> {
    this.reading = this.read();
    return this.reading;
  }

  /** Builds a client for a key that is not stored yet, to check it. The redactor knows the key meanwhile. */
  async tryKey<T>(
    record: Pick<ConnectionRecord, 'baseUrl' | 'key'>,
    use: (api: MagicBellApi) => Promise<T>,
  ): Promise<T> {
    const holder = {};
    this.deps.redactor.remember(record.key, holder);
    try {
      return await use(await this.deps.createApi(record));
    } finally {
      this.deps.redactor.forget(record.key, holder);
    }
  }

  /** Adds a connection as the last one. `isUnsaved` when SecretStorage would not store it. */
  async add(record: Omit<ConnectionRecord, 'id'>): Promise<Connection> {
    const id = randomUUID();
    await this.save({ ...record, id });
    const added = this.find(id);
    if (added === undefined) throw new Error('the connection that was added is not there');
    return added;
  }

  /**
   * Changes a connection without moving it: its name, its mark, or its key together with the address that the key was
   * entered for.
   *
   * @throws MagicBellError `connectionRemoved`, also when another window has removed it
   */
  async change(
    connection: Connection,
    change: Partial<Pick<ConnectionRecord, 'name' | 'isProduction'>> | Pick<ConnectionRecord, 'baseUrl' | 'key'>,
  ): Promise<void> {
    // What another window has changed stays, and a key that it has forgotten is not stored again.
    await this.reload();
    connection.refuseWhenRemoved();
    const { id, baseUrl, key, name, isProduction } = connection;
    await this.save({ id, baseUrl, key, name, isProduction: isProduction ? true : undefined, ...change });
  }

  /**
   * Removes a connection and its key.
   *
   * @throws SecretStorageError when it cannot be removed from SecretStorage; in this window it is gone all the same
   */
  async remove(connection: Connection): Promise<void> {
    this.readGeneration += 1;
    this.unsaved.delete(connection.id);
    this.publish(this.known.filter((each) => each !== connection));
    // An unsaved connection has nothing in storage to remove.
    if (this.stored.some(({ id }) => id === connection.id)) this.stored = await this.deps.vault.remove(connection.id);
  }

  dispose(): void {
    for (const connection of this.known) connection.dispose();
    this.disposables.dispose();
  }

  private async save(record: ConnectionRecord): Promise<void> {
    let isUnsaved = false;
    try {
      this.stored = await this.deps.vault.save(record);
      this.unsaved.delete(record.id);
    } catch (error) {
      this.deps.logger.error(`connections: the key is not stored (${(error as Error).message})`);
      const replaces = this.stored.find(({ id }) => id === record.id);
      this.unsaved.set(record.id, { record, replaces });
      isUnsaved = true;
    }
    // A read may have started on this change's own event, or on another window's.
    this.readGeneration += 1;
    const existing = this.find(record.id);
    if (existing === undefined) {
      this.publish([...this.known, this.connect(record, isUnsaved)]);
      return;
    }
    this.follow(existing, record, isUnsaved);
    if (this.current === 'unknown') this.current = 'known';
  }

  private async read(): Promise<void> {
    const generation = (this.readGeneration += 1);
    let stored: readonly ConnectionRecord[];
    try {
      stored = await this.deps.vault.readAll();
    } catch (error) {
      if (generation !== this.readGeneration) return;
      if (this.current !== 'storageFailed')
        this.deps.logger.warn(`connections: secret storage cannot be read (${(error as Error).message})`);
      // Known connections stay: a failing storage says nothing about the keys it returned before.
      const isNew = this.current !== 'storageFailed';
      this.current = 'storageFailed';
      if (isNew) this.changeEmitter.fire();
      return;
    }
    if (generation !== this.readGeneration) return;
    this.stored = stored;
    const records = this.withUnsaved(stored);
    const previous = this.current;
    this.current = 'known';
    const next = records.map((record) => {
      const existing = this.find(record.id);
      const isUnsaved = this.unsaved.has(record.id);
      if (existing === undefined) return this.connect(record, isUnsaved);
      this.follow(existing, record, isUnsaved);
      return existing;
    });
    this.publish(next, previous !== 'known');
  }

  /** An unsaved change replaces its stored record, unless that record has changed since. */
  private withUnsaved(stored: readonly ConnectionRecord[]): readonly ConnectionRecord[] {
    for (const [id, { replaces }] of this.unsaved) {
      const now = stored.find((record) => record.id === id);
      if (now !== undefined && (replaces === undefined || !isSameRecord(now, replaces))) this.unsaved.delete(id);
    }
    return [
      ...stored.map((record) => this.unsaved.get(record.id)?.record ?? record),
      ...[...this.unsaved.values()]
        .map(({ record }) => record)
        .filter(({ id }) => !stored.some((record) => record.id === id)),
    ];
  }

  private follow(connection: Connection, record: ConnectionRecord, isUnsaved: boolean): void {
    const { redactor } = this.deps;
    if (!connection.key.equals(record.key)) {
      redactor.remember(record.key, connection);
      redactor.forget(connection.key, connection);
    }
    connection.follow(record, isUnsaved);
  }

  private connect(record: ConnectionRecord, isUnsaved: boolean): Connection {
    const { createApi, state, pageSize, redactor, now } = this.deps;
    const users = new RememberedUsers(state, record.id);
    const connection = new Connection(record, isUnsaved, { createApi, users, pageSize, state, now });
    redactor.remember(record.key, connection);
    connection.store.onDidChange((change) => this.storeEmitter.fire({ connection, change }));
    connection.onDidChange(() => {
      if (!connection.isRemoved) this.changeEmitter.fire();
    });
    return connection;
  }

  private publish(next: readonly Connection[], isNewState = false): void {
    const removed = this.known.filter((connection) => !next.includes(connection));
    const isSame = !isNewState && removed.length === 0 && next.length === this.known.length;
    const isReordered = next.some((connection, index) => this.known[index] !== connection);
    this.known = next;
    if (this.current === 'unknown') this.current = 'known';
    for (const connection of removed) {
      connection.remove();
      this.deps.redactor.forget(connection.key, connection);
    }
    if (!isSame || isReordered) this.changeEmitter.fire();
  }
}
