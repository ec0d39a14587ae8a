import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { displayText } from '../base/displayText.ts';
import { Emitter } from '../base/event.ts';
import { clockAhead, serverNow } from '../base/serverClock.ts';
import type { Secret } from '../base/secret.ts';
import type { BaseUrl } from '../magicbell/baseUrl.ts';
import { MagicBellError } from '../magicbell/errors.ts';
import type { MagicBellApi } from '../magicbell/magicBellApi.ts';
import type { RememberedUsers, StateStore } from '../tokens/rememberedUsers.ts';
import { TokenStore } from '../tokens/tokenStore.ts';
import type { Operation } from './capabilities.ts';
import { KnownCapabilities } from './knownCapabilities.ts';
import { type ConnectionRecord, isSameRecord } from './vault.ts';

export interface ConnectionDependencies {
  /** Builds a client. Loads the HTTP code on first use. */
  readonly createApi: (record: Pick<ConnectionRecord, 'baseUrl' | 'key'>) => Promise<MagicBellApi>;
  readonly users: RememberedUsers;
  readonly pageSize: () => number;
  /** Keeps what the API offers, over sessions. */
  readonly state: StateStore;
  readonly now: () => Date;
}

/**
 * One project with its key. Owns its client and its lists. Whatever belongs to a project holds this object and acts
 * through it. Once removed, it refuses to act: nothing falls back to another connection.
 */
export class Connection implements Disposable {
  readonly id: string;
  readonly store: TokenStore;
  readonly users: RememberedUsers;
  private readonly deps: ConnectionDependencies;
  private readonly disposables = new DisposableStore();
  private readonly changeEmitter = this.disposables.add(new Emitter<void>());
  private record: ConnectionRecord;
  private client: Promise<MagicBellApi> | undefined;
  private removed = false;
  private readonly capabilities: KnownCapabilities;
  /** Whether SecretStorage failed to store it: it then lasts as long as this window. */
  isUnsaved: boolean;

  /** Its name, mark, key or address has changed, or it was removed. */
  readonly onDidChange = this.changeEmitter.event;

  constructor(record: ConnectionRecord, isUnsaved: boolean, deps: ConnectionDependencies) {
    this.id = record.id;
    this.record = record;
    this.isUnsaved = isUnsaved;
    this.deps = deps;
    this.users = deps.users;
    this.capabilities = new KnownCapabilities(this.id, deps.state, deps.now, () => {
      if (!this.removed) this.changeEmitter.fire();
    });
    this.store = this.disposables.add(
      new TokenStore(
        () => this.api(),
        deps.pageSize,
        () => this.users.pinned,
      ),
    );
  }

  /** As typed, or from the claims of the key; undefined when it has no name. */
  get name(): string | undefined {
    return this.record.name;
  }

  /** What a person reads: the name, else the host. Safe on every surface. */
  get label(): string {
    return displayText(this.record.name ?? this.host);
  }

  get baseUrl(): BaseUrl {
    return this.record.baseUrl;
  }

  /** The base URL's host, for messages. */
  get host(): string {
    return new URL(this.record.baseUrl).host;
  }

  get key(): Secret {
    return this.record.key;
  }

  get isProduction(): boolean {
    return this.record.isProduction === true;
  }

  /** Whether its key was forgotten: nothing can be done with it any more. */
  get isRemoved(): boolean {
    return this.removed;
  }

  /** Whether the API has said that it does not have this operation. */
  isMissing(operation: Operation): boolean {
    return this.capabilities.isMissing(operation);
  }

  /** For Refresh: operations that were missing are tried again. */
  askAgain(): void {
    this.capabilities.askAgain();
  }

  /** Now, by its server's clock where that is known to differ from this machine's by minutes. */
  now(): Date {
    return serverNow(this.deps.now(), this.capabilities.clockOffsetMs);
  }

  /** By how much its server's clock is ahead of this machine's: see `now`. */
  get aheadMs(): number {
    return clockAhead(this.capabilities.clockOffsetMs);
  }

  /** Its client. @throws MagicBellError `connectionRemoved` */
  async api(): Promise<MagicBellApi> {
    this.refuseWhenRemoved();
    const client = (this.client ??= this.createClient());
    try {
      const api = await client;
      this.refuseWhenRemoved();
      return api;
    } catch (error) {
      // The next call loads it again.
      if (this.client === client) this.client = undefined;
      throw error;
    }
  }

  /** For `Connections`: adopts what is stored now. With another key or address the lists start empty. */
  follow(record: ConnectionRecord, isUnsaved: boolean): void {
    const previous = this.record;
    if (isSameRecord(previous, record) && this.isUnsaved === isUnsaved) return;
    this.record = record;
    this.isUnsaved = isUnsaved;
    if (previous.baseUrl !== record.baseUrl || !previous.key.equals(record.key)) {
      this.client = undefined;
      if (previous.baseUrl !== record.baseUrl) this.capabilities.forget();
      this.store.reset();
    }
    this.changeEmitter.fire();
  }

  /** For `Connections`: its key was forgotten. */
  remove(): void {
    this.removed = true;
    this.capabilities.forget();
    this.client = undefined;
    this.store.reset();
    this.changeEmitter.fire();
    this.dispose();
  }

  /** @throws MagicBellError `connectionRemoved` */
  refuseWhenRemoved(): void {
    if (this.removed)
      throw new MagicBellError('connectionRemoved', 'the connection was removed', {
        notSent: true,
        connectionLabel: this.label,
      });
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private async createClient(): Promise<MagicBellApi> {
    // Whoever holds the client for longer than one call, as a mass revocation does, stops when the key is forgotten.
    return this.capabilities.learningFrom(await this.deps.createApi(this.record), () => this.refuseWhenRemoved());
  }
}
