import { type Clock, withTimeout } from './clock.ts';

/** The part of VS Code's SecretStorage that is used. */
export interface SecretStore {
  get(key: string): PromiseLike<string | undefined>;
  store(key: string, value: string): PromiseLike<void>;
  delete(key: string): PromiseLike<void>;
}

/** A call of SecretStorage failed, did not answer in time, or had no effect. */
class SecretStorageError extends Error {
  override readonly name = 'SecretStorageError';
  readonly reason: 'failed' | 'hangs' | 'lies';

  constructor(reason: SecretStorageError['reason'], what: string) {
    super(`secret storage ${reason}: ${what}`);
    this.reason = reason;
  }
}

/** Long enough for a keyring that asks the user for a password. */
const storageTimeoutMs = 20_000;

/**
 * SecretStorage with checks: every call ends within a timeout, and every write is read back. Errors hold neither the
 * value nor the storage's own message, which may quote it.
 */
export class CheckedSecretStore {
  private readonly store: SecretStore;
  private readonly clock: Clock;
  private hungAt: number | undefined;

  constructor(store: SecretStore, clock: Clock) {
    this.store = store;
    this.clock = clock;
  }

  /** @throws SecretStorageError */
  get(key: string): Promise<string | undefined> {
    return this.call('get', () => this.store.get(key));
  }

  /** Stores and reads back. @throws SecretStorageError, also when something else is read. */
  async set(key: string, value: string): Promise<void> {
    await this.call('store', () => this.store.store(key, value));
    if ((await this.get(key)) !== value) throw new SecretStorageError('lies', 'what was stored cannot be read');
  }

  /** Deletes and reads back. @throws SecretStorageError, also when it is still there. */
  async delete(key: string): Promise<void> {
    await this.call('delete', () => this.store.delete(key));
    if ((await this.get(key)) !== undefined) throw new SecretStorageError('lies', 'what was deleted is still there');
  }

  private async call<T>(what: string, operation: () => PromiseLike<T>): Promise<T> {
    // After one call that hung, the next ones fail at once rather than each waiting for the timeout.
    const sinceHungMs = this.clock.now().getTime() - (this.hungAt ?? -Infinity);
    if (sinceHungMs >= 0 && sinceHungMs < storageTimeoutMs) throw new SecretStorageError('hangs', what);
    try {
      return await withTimeout(this.clock, storageTimeoutMs, operation(), () => {
        this.hungAt = this.clock.now().getTime();
        throw new SecretStorageError('hangs', what);
      });
    } catch (error) {
      if (error instanceof SecretStorageError) throw error;
      throw new SecretStorageError('failed', what);
    }
  }
}
