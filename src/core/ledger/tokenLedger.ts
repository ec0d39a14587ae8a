import type { Clock } from '../base/clock.ts';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { Emitter } from '../base/event.ts';
import type { Logger } from '../base/logger.ts';
import type { Records } from '../base/records.ts';
import type { Secret } from '../base/secret.ts';
import type { SharedFolder } from '../base/sharedFolder.ts';
import type { Issuance } from '../issuance/issuance.ts';
import type { Fingerprints } from './fingerprints.ts';
import { type LedgerEntry, isWorthKeeping } from './ledgerEntry.ts';

export interface LedgerDependencies {
  readonly records: Records<LedgerEntry>;
  /** The folder of the records. */
  readonly files: Pick<SharedFolder, 'watch'>;
  readonly fingerprints: Fingerprints;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A token that was just issued or signed. */
export type MadeToken = Pick<Issuance, 'id' | 'connectionId' | 'request' | 'tokenId' | 'createdAt' | 'expiresAt'>;

/** A change of a folder causes several events. */
const readDelayMs = 300;

/**
 * The issued and locally signed tokens of all connections, without their values. Identifies pasted tokens by their
 * fingerprints, and is the only list of signed tokens. All windows share the files.
 */
export class TokenLedger implements Disposable {
  private readonly deps: LedgerDependencies;
  private readonly disposables = new DisposableStore();
  private readonly changeEmitter = this.disposables.add(new Emitter<void>());
  private readonly soon = this.disposables.add(new DisposableStore());
  private known: readonly LedgerEntry[] = [];
  private starting: Promise<void> | undefined;
  /** Operations run one at a time, so that neither reads nor changes of a record overlap. */
  private working: Promise<unknown> = Promise.resolve();

  /** Entries were added, changed or removed, by any window. */
  readonly onDidChange = this.changeEmitter.event;

  constructor(deps: LedgerDependencies) {
    this.deps = deps;
  }

  /** The entries of a connection or of all, by expiry, those without one last. Empty before `start`. */
  entries(connectionId?: string): readonly LedgerEntry[] {
    return connectionId === undefined ? this.known : this.known.filter((entry) => entry.connectionId === connectionId);
  }

  /** Reads the files, and from then on follows the changes of other windows. */
  start(): Promise<void> {
    this.starting ??= this.firstRead().catch((error: unknown) => {
      this.starting = undefined;
      throw error;
    });
    return this.starting;
  }

  /**
   * Adds an issued or signed token. Idempotent. The entry has no fingerprint when SecretStorage fails.
   *
   * @throws when it cannot be written
   */
  made(token: MadeToken, value: Secret): Promise<void> {
    return this.inTurn(async () => {
      const { records, clock } = this.deps;
      const existing = await records.read(token.id);
      if (existing?.fingerprint !== undefined) return;
      const { kind, name, recipient, isSigned } = token.request;
      await this.put({
        id: token.id,
        connectionId: token.connectionId,
        kind,
        isSigned: isSigned === true,
        tokenId: token.tokenId,
        name,
        recipient,
        madeAt: token.createdAt ?? clock.now(),
        expiresAt: token.expiresAt,
        fingerprint: await this.fingerprintOf(value),
        deliveredTo: existing?.deliveredTo ?? [],
      });
    });
  }

  /** Records the places of a value, such as "to .env as TOKEN". Ignores tokens that are not in the ledger. */
  delivered(id: string, places: readonly string[]): Promise<void> {
    return this.inTurn(async () => {
      const entry = await this.deps.records.read(id);
      if (entry === undefined) return;
      const deliveredTo = [...new Set([...entry.deliveredTo, ...places])];
      if (deliveredTo.length > entry.deliveredTo.length) await this.put({ ...entry, deliveredTo });
    });
  }

  /** Removes a token that nobody received, or that the user has removed from the list. */
  remove(id: string): Promise<void> {
    return this.inTurn(async () => {
      await this.deps.records.remove(id);
      this.publish(this.known.filter((entry) => entry.id !== id));
    });
  }

  /** The entry of a token's value, in any connection. Undefined when it was not made here, or expired long ago. */
  find(value: Secret): Promise<LedgerEntry | undefined> {
    return this.inTurn(async () => {
      const fingerprint = await this.deps.fingerprints.ofKnown(value);
      if (fingerprint === undefined) return undefined;
      return (await this.deps.records.readAll()).find((entry) => entry.fingerprint === fingerprint);
    });
  }

  /** Removes the tokens of a connection whose key is forgotten, and the fingerprints' key when no token is left. */
  forget(connectionId: string): Promise<void> {
    return this.inTurn(async () => {
      const { records, fingerprints } = this.deps;
      const all = await records.readAll();
      const left = all.filter((entry) => entry.connectionId !== connectionId);
      await Promise.all(all.filter((entry) => !left.includes(entry)).map(({ id }) => records.remove(id)));
      this.publish(this.known.filter((entry) => entry.connectionId !== connectionId));
      if (left.length === 0) await fingerprints.forget();
    });
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private async fingerprintOf(value: Secret): Promise<string | undefined> {
    try {
      return await this.deps.fingerprints.of(value);
    } catch (error) {
      this.deps.logger.warn(`ledger: no fingerprint (${(error as Error).message})`);
      return undefined;
    }
  }

  private async firstRead(): Promise<void> {
    await this.inTurn(() => this.read());
    const readSoon = (): void => {
      this.soon.clear();
      this.soon.add(this.deps.clock.after(readDelayMs, () => void this.follow()));
    };
    this.disposables.add(this.deps.files.watch(readSoon));
  }

  private async put(entry: LedgerEntry): Promise<void> {
    await this.deps.records.write(entry);
    // Before `start`, the entries are not in memory: the first read includes this one.
    if (this.starting !== undefined) this.publish([...this.known.filter(({ id }) => id !== entry.id), entry]);
  }

  private async follow(): Promise<void> {
    try {
      await this.inTurn(() => this.read());
    } catch (error) {
      this.deps.logger.warn(`ledger: cannot be read (${(error as NodeJS.ErrnoException).code ?? 'failed'})`);
    }
  }

  private async read(): Promise<void> {
    const { records, clock } = this.deps;
    const now = clock.now();
    const all = await records.readAll();
    const kept = all.filter((entry) => isWorthKeeping(entry, now));
    await Promise.all(all.filter((entry) => !kept.includes(entry)).map(({ id }) => records.remove(id)));
    this.publish(kept);
  }

  private publish(entries: readonly LedgerEntry[]): void {
    const before = JSON.stringify(this.known);
    this.known = [...entries].sort(
      (a, b) => (a.expiresAt?.getTime() ?? Infinity) - (b.expiresAt?.getTime() ?? Infinity) || a.id.localeCompare(b.id),
    );
    if (JSON.stringify(this.known) !== before) this.changeEmitter.fire();
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.working.then(work);
    this.working = result.catch(() => undefined);
    return result;
  }
}
