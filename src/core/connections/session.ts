import { randomUUID } from 'node:crypto';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { Emitter } from '../base/event.ts';
import type { Logger } from '../base/logger.ts';
import type { BaseUrl } from '../magicbell/baseUrl.ts';
import { MagicBellError } from '../magicbell/errors.ts';
import type { MagicBellApi } from '../magicbell/magicBellApi.ts';
import { verifyKey, type VerifiedKey } from '../magicbell/verifyKey.ts';
import type { Secret, SecretMemory } from '../base/secret.ts';
import type { Connection, ConnectionVault } from './vault.ts';

/**
 * Whether there is a connection to work with.
 *
 * - `unknown`: SecretStorage has not been read yet
 * - `signedOut` with `urlChanged`: a key is kept, but for another base URL than the configured one
 * - `signedOut` with `storageFailed`: SecretStorage cannot be read
 * - `signedIn` with `isForThisSession`: the key is in memory only
 */
export type SessionState =
  | { readonly status: 'unknown' }
  | { readonly status: 'signedOut'; readonly because?: 'urlChanged' | 'storageFailed' | undefined }
  | { readonly status: 'signedIn'; readonly connection: Connection; readonly isForThisSession: boolean };

export interface SessionDependencies {
  readonly vault: ConnectionVault;
  /** The configured base URL, normalised; undefined when what is configured is none. */
  readonly configuredBaseUrl: () => BaseUrl | undefined;
  /** Builds a client. Loads the HTTP code on first use. */
  readonly createApi: (connection: Pick<Connection, 'baseUrl' | 'key'>) => Promise<MagicBellApi>;
  readonly redactor: SecretMemory;
  readonly logger: Logger;
}

/** The connection in use. The stored record is the truth: the key goes to the base URL it was entered for, or nowhere. */
export class Session implements Disposable {
  private readonly deps: SessionDependencies;
  private readonly disposables = new DisposableStore();
  private readonly changeEmitter = this.disposables.add(new Emitter<SessionState>());
  private current: SessionState = { status: 'unknown' };
  private client: Promise<MagicBellApi> | undefined;
  /** A key that SecretStorage would not keep. */
  private sessionOnly: Connection | undefined;
  /** What SecretStorage held when it was last read or written. */
  private stored: Connection | undefined;
  /** The stored connection that the one of this session stands in for: SecretStorage would not replace it. */
  private passedOver: Connection | undefined;
  private reading: Promise<void> | undefined;
  /** Whether SecretStorage could not be read the last time: that is logged once. */
  private isStorageFailing = false;
  /** Goes up with whatever decides on the state: a reading that began before is stale. */
  private turn = 0;

  /** Fires only when what it says has changed. */
  readonly onDidChange = this.changeEmitter.event;

  constructor(deps: SessionDependencies) {
    this.deps = deps;
  }

  get state(): SessionState {
    return this.current;
  }

  /** Reads SecretStorage unless that was done. Never rejects. */
  async start(): Promise<SessionState> {
    // One reading may be overtaken by the next, which then has the answer.
    while (this.current.status === 'unknown') await (this.reading ?? this.reload());
    return this.current;
  }

  /** Reads SecretStorage and the configured URL again: another window, or a setting, may have changed them. Idempotent. */
  reload(): Promise<void> {
    this.reading = this.read();
    return this.reading;
  }

  /**
   * Checks a key with real calls through the client that is used later: see `verifyKey()`.
   *
   * @throws MagicBellError
   */
  async verify(baseUrl: BaseUrl, key: Secret, signal: AbortSignal): Promise<VerifiedKey> {
    this.deps.redactor.remember(key);
    try {
      const api = await this.deps.createApi({ baseUrl, key });
      return await verifyKey(api, { signal });
    } finally {
      const isInUse = this.current.status === 'signedIn' && this.current.connection.key.equals(key);
      if (!isInUse) this.deps.redactor.forget(key);
    }
  }

  /** Uses the key from now on. False when SecretStorage would not keep it, so that it is for this session only. */
  async signIn(baseUrl: BaseUrl, key: Secret): Promise<boolean> {
    const { current } = this;
    const isSameProject = current.status === 'signedIn' && current.connection.baseUrl === baseUrl;
    return this.keep(
      isSameProject ? { ...current.connection, key } : { id: randomUUID(), baseUrl, key },
      this.stored?.id,
    );
  }

  /** Adds a connection beside the others, and uses it. False when it is for this session only. */
  addConnection(connection: Omit<Connection, 'id'>): Promise<boolean> {
    return this.keep({ ...connection, id: randomUUID() });
  }

  /** Changes what the connection in use is called and how careful it is. False when that is for this session only. */
  async editConnection(change: Pick<Connection, 'name' | 'isProduction'>): Promise<boolean> {
    if (this.current.status !== 'signedIn') throw new MagicBellError('unauthorized', 'signed out');
    return this.keep({ ...this.current.connection, ...change });
  }

  /** Uses another of the kept connections. @throws SecretStorageError */
  async switchTo(id: string): Promise<void> {
    await this.deps.vault.choose(id);
    this.sessionOnly = undefined;
    await this.reload();
  }

  /** The kept connections. @throws SecretStorageError */
  connections(): Promise<readonly Connection[]> {
    return this.deps.vault.readAll();
  }

  private async keep(connection: Connection, replacedId?: string): Promise<boolean> {
    this.deps.redactor.remember(connection.key);
    let isKept = true;
    try {
      await this.deps.vault.save(connection, replacedId);
      this.stored = connection;
    } catch (error) {
      this.deps.logger.error(`session: the key is not kept (${(error as Error).message})`);
      isKept = false;
      this.passedOver = this.stored;
    }
    // Its own change event may have been read in the meantime, or another window's.
    this.turn += 1;
    this.sessionOnly = isKept ? undefined : connection;
    this.change({ status: 'signedIn', connection, isForThisSession: !isKept });
    return isKept;
  }

  /** Another key for the same connection. False when it is for this session only. @throws Error when signed out */
  async replaceKey(key: Secret): Promise<boolean> {
    if (this.current.status !== 'signedIn') throw new MagicBellError('unauthorized', 'signed out');
    return this.keep({ ...this.current.connection, key });
  }

  /**
   * Forgets the connection in use, or the one that a changed base URL has signed out; another that is kept is used from
   * then on. Resolves to the id of what was forgotten.
   *
   * @throws SecretStorageError when it cannot be removed from SecretStorage; here it is forgotten all the same
   */
  async signOut(): Promise<string | undefined> {
    const forgotten = this.current.status === 'signedIn' ? this.current.connection : this.stored;
    this.sessionOnly = undefined;
    let because: 'storageFailed' | undefined = 'storageFailed';
    try {
      await this.deps.vault.clear();
      this.stored = undefined;
      because = undefined;
    } finally {
      this.turn += 1;
      this.change({ status: 'signedOut', because });
    }
    if ((await this.connections()).length > 0) await this.reload();
    return forgotten?.id;
  }

  /** The client of the connection that something was made with, also when another one is in use. @throws MagicBellError */
  async apiOf(connectionId: string): Promise<MagicBellApi> {
    const state = await this.start();
    if (state.status === 'signedIn' && state.connection.id === connectionId) return this.api();
    const connection = (await this.connections()).find(({ id }) => id === connectionId);
    // Its key was replaced by one for another connection: that is the best there is to try.
    return connection === undefined ? this.api() : this.deps.createApi(connection);
  }

  /** The connection's client. @throws MagicBellError `unauthorized` when signed out */
  async api(): Promise<MagicBellApi> {
    const state = await this.start();
    if (state.status !== 'signedIn') throw new MagicBellError('unauthorized', 'signed out');
    const client = (this.client ??= this.deps.createApi(state.connection));
    try {
      return await client;
    } catch (error) {
      // What failed to load is loaded anew the next time.
      if (this.client === client) this.client = undefined;
      throw error;
    }
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private async read(): Promise<void> {
    const turn = (this.turn += 1);
    let stored: Connection | undefined;
    try {
      stored = await this.deps.vault.read();
      if (turn !== this.turn) return;
      this.stored = stored;
      this.isStorageFailing = false;
    } catch (error) {
      if (turn !== this.turn) return;
      if (!this.isStorageFailing)
        this.deps.logger.warn(`session: secret storage cannot be read (${(error as Error).message})`);
      this.isStorageFailing = true;
      if (this.sessionOnly === undefined) {
        this.change({ status: 'signedOut', because: 'storageFailed' });
        return;
      }
    }
    // The key of this session goes before the one it replaced, and after one that another window has stored since.
    if (this.sessionOnly !== undefined && isSameRecord(stored, this.passedOver)) stored = undefined;
    const connection = stored ?? this.sessionOnly;
    if (connection === undefined) this.change({ status: 'signedOut' });
    else if (connection.hasOwnUrl !== true && connection.baseUrl !== this.deps.configuredBaseUrl())
      this.change({ status: 'signedOut', because: 'urlChanged' });
    else this.change({ status: 'signedIn', connection, isForThisSession: stored === undefined });
  }

  private change(next: SessionState): void {
    const previous = this.current;
    if (isSame(previous, next)) return;
    if (previous.status === 'signedIn') this.deps.redactor.forget(previous.connection.key);
    if (next.status === 'signedIn') this.deps.redactor.remember(next.connection.key);
    this.client = undefined;
    this.current = next;
    this.changeEmitter.fire(next);
  }
}

const isSameRecord = (a: Connection | undefined, b: Connection | undefined): boolean =>
  b !== undefined && a?.id === b.id && a.key.equals(b.key);

function isSame(a: SessionState, b: SessionState): boolean {
  if (a.status === 'signedIn' && b.status === 'signedIn') {
    return (
      a.connection.id === b.connection.id &&
      a.connection.baseUrl === b.connection.baseUrl &&
      a.connection.key.equals(b.connection.key) &&
      a.connection.name === b.connection.name &&
      a.connection.isProduction === b.connection.isProduction &&
      a.isForThisSession === b.isForThisSession
    );
  }
  if (a.status === 'signedOut' && b.status === 'signedOut') return a.because === b.because;
  return a.status === b.status;
}
