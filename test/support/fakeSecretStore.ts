import type { SecretStore } from '../../src/core/base/secretStore.ts';
import { Lifeline, never } from './lifeline.ts';

/**
 * How a SecretStorage behaves.
 *
 * - `ok`
 * - `throws`: every call fails, with an error that quotes what it was given
 * - `hangs`: no call ever ends
 * - `lies`: storing and deleting seem to succeed, and change nothing
 * - `throwsOnRead`, `throwsOnDelete`: only those calls fail
 * - `storesLate`: storing never ends, and is done all the same
 */
export type SecretStoreMode =
  'ok' | 'throws' | 'hangs' | 'lies' | 'throwsOnRead' | 'throwsOnDelete' | 'storesLate' | 'throwsOnStore';

/** What lies on disk behind all windows' SecretStorage. */
export class SecretDisk {
  slots = new Map<string, string>();

  /** As in desktop VS Code: every window reads and writes the one storage. */
  shared(life?: Lifeline): FakeSecretStore {
    return new FakeSecretStore(this, false, life);
  }

  /** As in the web workbench: each window has read all of it at its start, and writes all of it: the last one wins. */
  perWindow(life?: Lifeline): FakeSecretStore {
    return new FakeSecretStore(this, true, life);
  }
}

/** One window's SecretStorage. */
export class FakeSecretStore implements SecretStore {
  mode: SecretStoreMode = 'ok';
  private readonly disk: SecretDisk;
  private readonly own: Map<string, string> | undefined;
  private readonly life: Lifeline;

  constructor(disk: SecretDisk, hasOwnMap: boolean, life = new Lifeline()) {
    this.disk = disk;
    this.own = hasOwnMap ? new Map(disk.slots) : undefined;
    this.life = life;
  }

  /** What this window would read. */
  get slots(): Map<string, string> {
    return this.own ?? this.disk.slots;
  }

  get(key: string): Promise<string | undefined> {
    return this.call(`secret get`, key, ['throwsOnRead'], () => this.slots.get(key));
  }

  store(key: string, value: string): Promise<void> {
    return this.call(`secret store`, value, ['throwsOnStore'], () => {
      if (this.mode === 'lies') return undefined;
      this.slots.set(key, value);
      this.flush();
      return this.mode === 'storesLate' ? never : undefined;
    });
  }

  delete(key: string): Promise<void> {
    return this.call(`secret delete`, key, ['throwsOnDelete'], () => {
      if (this.mode === 'lies') return;
      this.slots.delete(key);
      this.flush();
    });
  }

  private call<T>(
    name: string,
    quoted: string,
    throwingModes: readonly SecretStoreMode[],
    work: () => T | PromiseLike<T>,
  ): Promise<T> {
    return this.life.step(name, () => {
      if (this.mode === 'hangs') return never;
      if (this.mode === 'throws' || throwingModes.includes(this.mode))
        throw new Error(`An OS keyring could not be identified for ${quoted}`);
      return work();
    });
  }

  private flush(): void {
    if (this.own !== undefined) this.disk.slots = new Map(this.own);
  }
}
