import { randomUUID } from 'node:crypto';
import { type Clock, withTimeout } from '../base/clock.ts';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { Emitter } from '../base/event.ts';
import type { Logger } from '../base/logger.ts';
import { asMagicBellError, mayHaveBeenCarriedOut } from '../magicbell/errors.ts';
import type { MagicBellApi } from '../magicbell/magicBellApi.ts';
import type { Secret, SecretMemory } from '../base/secret.ts';
import type { IssuedToken, RevocableToken, TokenId } from '../model/token.ts';
import { type Leases, leaseMs } from '../base/lease.ts';
import type { DeliveryOutcome } from '../delivery/clipboard.ts';
import { type Issuance, type IssuanceRequest, type Resolution, isFinal } from './issuance.ts';
import type { Journal } from './journal.ts';
import { searchOrphan } from './orphanSearch.ts';
import type { ValueVault } from './valueVault.ts';

/**
 * Where an issuance that is not over stands, for people.
 *
 * - `inProgress`: the request is on its way
 * - `undelivered`: its value is here and has not reached the user
 * - `orphaned`: the token exists, its value is lost: all one can do is revoke it
 * - `unknown`: whether a token was created is not known
 * - `unreadable`: its value may be in SecretStorage, but this window cannot read it (or reads a copy older than the
 *   value): reloading the window will tell
 */
type PendingStatus = 'inProgress' | 'undelivered' | 'orphaned' | 'unknown' | 'unreadable';

export interface PendingIssuance {
  readonly issuance: Issuance;
  readonly status: PendingStatus;
  /** For `unknown`, after a search: what it may have made. Undefined: not searched yet. */
  readonly candidates?: readonly RevocableToken[] | undefined;
  /** For `undelivered`: false when only this window's memory holds the value. */
  readonly isStored: boolean;
}

/** What a request to issue came to, when it did not fail outright. */
export type IssueResult =
  | { readonly outcome: 'issued'; readonly issuance: Issuance; readonly isStored: boolean }
  | { readonly outcome: 'unknown'; readonly issuance: Issuance; readonly error: unknown };

/** Why the extension could not do its part of an issuance. */
class IssuanceError extends Error {
  override readonly name = 'IssuanceError';
  /**
   * - `journalUnavailable`: the journal cannot be written, so nothing was sent
   * - `valueGone`: the value is no longer here (delivered, resolved, or taken over by another window)
   */
  readonly reason: 'journalUnavailable' | 'valueGone';

  constructor(reason: IssuanceError['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

/** The connection that an issuance is made with. */
export interface IssuingConnection {
  readonly id: string;
  readonly baseUrl: string;
  readonly api: MagicBellApi;
}

export interface IssuanceDependencies {
  readonly journal: Journal;
  readonly leases: Leases;
  readonly vault: ValueVault;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly redactor: SecretMemory;
  /** Resolves when this extension host still has a window; never, or with an error, when it lost it. */
  readonly pingWindow: () => PromiseLike<unknown>;
  /** When this window read SecretStorage: what another window stored later is not seen here. */
  readonly startedAt: Date;
}

/** A tombstone outlives the moment in which a stale copy of SecretStorage could bring its value back. */
const keepFinishedMs = 7 * 24 * 60 * 60_000;
/** The limit of setTimeout. */
const maxDelayMs = 2 ** 31 - 1;
const renewalMs = leaseMs / 3;
const expiryRetryMs = 1_000;
const pingTimeoutMs = 5_000;

/**
 * Issues tokens so that no value is lost, none is delivered twice, and no token is orphaned silently
 * (docs/ARCHITECTURE.md, "The issuance journal"). The one owner of undelivered values.
 */
export class IssuanceService implements Disposable {
  private readonly deps: IssuanceDependencies;
  private readonly pendingById = new Map<string, PendingIssuance>();
  private readonly values = new Map<string, Secret>();
  private readonly accountedIds = new Set<TokenId>();
  private readonly inDelivery = new Set<string>();
  /** What has ended here, whatever the journal still says: never taken up again. */
  private readonly endedIds = new Set<string>();
  /** The ends that could not be written to the journal yet. Their leases are kept, so that no other window offers them. */
  private readonly unwrittenEnds = new Map<string, Partial<Issuance>>();
  private readonly disposables = new DisposableStore();
  private readonly timers = new DisposableStore();
  private readonly changeEmitter = this.disposables.add(new Emitter<void>());
  private isDisposed = false;
  private othersPending = false;
  private scanning: Promise<void> | undefined;
  private nextScan: Promise<void> | undefined;
  /** When the next ones are due. Kept over changes, each of which would put them off otherwise. */
  private renewalDueAt: number | undefined;
  private scanDueAt: number | undefined;

  /** The pending issuances have changed. */
  readonly onDidChange = this.changeEmitter.event;

  constructor(deps: IssuanceDependencies) {
    this.deps = deps;
    this.disposables.add(this.timers);
  }

  /** What is not over, of this window: oldest first. */
  get pending(): readonly PendingIssuance[] {
    return [...this.pendingById.values()].sort(
      (a, b) => a.issuance.intendedAt.getTime() - b.issuance.intendedAt.getTime(),
    );
  }

  find(id: string): PendingIssuance | undefined {
    return this.pendingById.get(id);
  }

  /**
   * Proves that a value could be kept. To be called before `issue`; a failure is told before a token exists.
   *
   * @throws SecretStorageError
   */
  preflight(): Promise<void> {
    return this.deps.vault.preflight(randomUUID());
  }

  /**
   * Reads the journal and adopts what no living window owns. Local files and SecretStorage only, no network.
   * Called at the start, and whenever another window may have gone.
   */
  scan(): Promise<void> {
    if (this.scanning === undefined) {
      this.scanning = this.scanOnce().finally(() => {
        this.scanning = undefined;
      });
      return this.scanning;
    }
    // The one that runs may have passed by what has just changed.
    this.nextScan ??= this.scanning
      .catch(() => undefined)
      .then(() => {
        this.nextScan = undefined;
        return this.scan();
      });
    return this.nextScan;
  }

  /**
   * Sends one creation, once. The value is in memory and in SecretStorage when this returns `issued`.
   *
   * @param send makes the one POST
   * @param prepare writes what must not be forgotten of it, before anything is sent; when it fails, nothing is
   * @throws MagicBellError when MagicBell surely created nothing
   * @throws IssuanceError `journalUnavailable`: nothing was sent; `valueGone`: it was settled before the answer came
   */
  async issue(
    connection: Omit<IssuingConnection, 'api'>,
    request: IssuanceRequest,
    knownIds: readonly TokenId[],
    send: (idempotencyKey: string) => Promise<IssuedToken>,
    prepare?: (id: string) => Promise<void>,
  ): Promise<IssueResult> {
    const { journal, leases, clock, logger } = this.deps;
    const id = randomUUID();
    const intended: Issuance = {
      id,
      connectionId: connection.id,
      baseUrl: connection.baseUrl,
      request,
      intendedAt: clock.now(),
      knownIds,
      phase: 'intended',
    };
    try {
      if (!(await leases.take(id))) throw new Error('the claim of a new issuance was refused');
      // Known here before it is in the journal, so that a scan does not take it for one that was left behind.
      this.update({ issuance: intended, status: 'inProgress', isStored: false });
      await journal.create(intended);
      await prepare?.(id);
    } catch (error) {
      logger.error(`issuance: the journal cannot be written (${codeOf(error)})`);
      // The file may be there all the same, when what failed came after its writing.
      await this.finish(intended, 'notCreated');
      throw new IssuanceError('journalUnavailable', 'the issuance journal cannot be written');
    }

    let issued: IssuedToken;
    try {
      issued = await send(id);
    } catch (error) {
      if (!mayHaveBeenCarriedOut(error)) {
        await this.finish(intended, 'notCreated');
        throw error;
      }
      const issuance = await this.record(intended, this.outcomeOf(error));
      if (!this.isOver(issuance)) {
        this.update({ issuance, status: issuance.phase === 'intended' ? 'unknown' : 'orphaned', isStored: false });
      }
      return { outcome: 'unknown', issuance, error };
    }
    return this.keep(intended, issued);
  }

  /**
   * Hands the value to `deliver` and records a confirmed delivery, after which nothing can offer it again.
   *
   * @throws IssuanceError `valueGone`
   */
  async deliver(id: string, deliver: (value: Secret) => Promise<DeliveryOutcome>): Promise<DeliveryOutcome> {
    return this.exclusively(id, async (pending) => {
      if (pending.status !== 'undelivered') throw new IssuanceError('valueGone', `issuance ${id} has no value`);
      const outcome = await deliver(await this.claimedValue(pending));
      if (outcome === 'confirmed') await this.markDelivered(pending.issuance);
      return outcome;
    });
  }

  /** The user says that the value has arrived, where the clipboard could not be read. */
  async confirmDelivered(id: string): Promise<void> {
    await this.exclusively(id, ({ issuance }) => this.markDelivered(issuance));
  }

  /** Ends a pending issuance without a delivery, and forgets its value. */
  async resolve(id: string, resolution: Resolution): Promise<void> {
    await this.exclusively(id, ({ issuance }) => this.finish(issuance, resolution));
  }

  /** For a token that was revoked by another way than its pending row, also where that is another window's. */
  async resolveRevoked(tokenId: TokenId, connectionId: string): Promise<void> {
    let inJournal: readonly Issuance[] = [];
    try {
      inJournal = await this.deps.journal.readAll();
    } catch (error) {
      this.deps.logger.warn(`issuance: the journal cannot be read (${codeOf(error)})`);
    }
    const here = this.pending.map(({ issuance }) => issuance);
    // It is no candidate any more for what another creation may have made.
    this.accountedIds.add(tokenId);
    for (const pending of this.pending) {
      const { candidates } = pending;
      if (candidates?.some(({ id }) => id === tokenId) !== true) continue;
      this.update({ ...pending, candidates: candidates.filter(({ id }) => id !== tokenId) });
    }
    const found = new Map([...inJournal, ...here].map((issuance) => [issuance.id, issuance]));
    for (const issuance of found.values()) {
      const isMeant = issuance.tokenId === tokenId && issuance.connectionId === connectionId;
      if (isMeant && !isFinal(issuance)) await this.finish(issuance, 'revoked');
    }
  }

  /**
   * Looks for what a creation of unknown outcome made. Undefined when the issuance is no longer pending.
   *
   * @throws MagicBellError
   */
  async search(id: string, api: MagicBellApi, signal?: AbortSignal): Promise<readonly RevocableToken[] | undefined> {
    const pending = this.pendingById.get(id);
    if (pending?.status !== 'unknown') return undefined;
    const candidates = await searchOrphan(api, pending.issuance, this.accountedIds, signal);
    const current = this.pendingById.get(id);
    if (current?.status === 'unknown') this.update({ ...current, candidates });
    return candidates;
  }

  /** Lets other windows take over at once. Called when the window closes in good order. */
  async abandonAll(): Promise<void> {
    this.isDisposed = true;
    this.timers.dispose();
    // What is under way ends here; if it does not, this process is gone, and others see that.
    const idle = this.pending.filter(
      ({ issuance, status }) => status !== 'inProgress' && !this.inDelivery.has(issuance.id),
    );
    await Promise.all(idle.map(({ issuance }) => this.abandon(issuance.id)));
  }

  dispose(): void {
    this.isDisposed = true;
    this.disposables.dispose();
    for (const value of this.values.values()) this.deps.redactor.forget(value);
    this.values.clear();
  }

  private async abandon(id: string): Promise<void> {
    await this.deps.leases.abandon(id).catch(() => undefined);
  }

  /** What the journal is told of a creation that failed and may have been carried out. */
  private outcomeOf(error: unknown): Partial<Issuance> {
    const outcomeUnknownSince = this.deps.clock.now();
    const tokenId = asMagicBellError(error)?.details.createdTokenId;
    if (tokenId === undefined) return { outcomeUnknownSince };
    this.accountedIds.add(tokenId);
    return { outcomeUnknownSince, phase: 'answered', tokenId };
  }

  private isOver(issuance: Issuance): boolean {
    return isFinal(issuance) || this.endedIds.has(issuance.id);
  }

  private async keep(intended: Issuance, issued: IssuedToken): Promise<IssueResult> {
    const { vault, clock, redactor, logger } = this.deps;
    const id = intended.id;
    redactor.remember(issued.value);
    this.values.set(id, issued.value);
    if (issued.id !== undefined) this.accountedIds.add(issued.id);
    const answer = { tokenId: issued.id, createdAt: issued.createdAt, expiresAt: issued.expiresAt };
    let issuance = await this.record(intended, { ...answer, phase: 'answered' });
    let isStored = false;
    if (!this.isOver(issuance)) {
      try {
        await vault.keep(id, issued.value);
        isStored = true;
        issuance = await this.record(issuance, { phase: 'stored', storedAt: clock.now() });
      } catch (error) {
        logger.error(`issuance: ${id} is in memory only (${wordsOf(error)})`);
      }
    }
    if (this.isOver(issuance)) {
      // Settled by the user while it was being created, here or in a window that took over.
      this.drop(id);
      await this.clean(id);
      throw new IssuanceError('valueGone', `issuance ${id} was settled before its answer came`);
    }
    // Only now may it be delivered: a slot that is cleared while it is being stored would come back.
    this.update({ issuance, status: 'undelivered', isStored });
    if (this.isDisposed) await this.abandon(id);
    return { outcome: 'issued', issuance, isStored };
  }

  /** Progress that must not stop the flow when the disk fails: the value is safe elsewhere by then, or soon will be. */
  private async record(issuance: Issuance, progress: Partial<Issuance>): Promise<Issuance> {
    try {
      return (await this.deps.journal.advance(issuance.id, progress)) ?? { ...issuance, ...progress };
    } catch (error) {
      this.deps.logger.error(`issuance: the journal of ${issuance.id} cannot be written (${codeOf(error)})`);
      return { ...issuance, ...progress };
    }
  }

  private async claimedValue({ issuance: { id }, isStored }: PendingIssuance): Promise<Secret> {
    const { leases, journal, vault } = this.deps;
    const onDisk = await journal.read(id);
    const known = this.values.get(id);
    const isOpen = onDisk !== undefined && !this.isOver(onDisk);
    if (!isOpen || !((await leases.holds(id)) || (!isStored && (await this.isOnlyHere(id))))) {
      this.drop(id);
      throw new IssuanceError('valueGone', `issuance ${id} is over, or another window has it`);
    }
    const value = known ?? (await vault.read(id));
    if (value === undefined) {
      await this.adopt(onDisk);
      throw new IssuanceError('valueGone', `the value of issuance ${id} is not in secret storage`);
    }
    // Kept from now on, so that the end of the issuance finds what the redactor has to forget.
    this.values.set(id, value);
    this.deps.redactor.remember(value);
    return value;
  }

  /** Whether a value that SecretStorage did not keep can be nowhere but in this window. */
  private async isOnlyHere(id: string): Promise<boolean> {
    try {
      return (await this.deps.vault.read(id)) === undefined;
    } catch {
      // Storage that fails gives it to no other window either.
      return true;
    }
  }

  private markDelivered(issuance: Issuance): Promise<void> {
    return this.end(issuance, { phase: 'delivered' });
  }

  private finish(issuance: Issuance, resolution: Resolution): Promise<void> {
    return this.end(issuance, { phase: 'resolved', resolution });
  }

  /** The journal first: from then on nothing offers the value, whatever happens to the rest. */
  private async end(issuance: Issuance, progress: Partial<Issuance>): Promise<void> {
    const { id } = issuance;
    this.endedIds.add(id);
    this.unwrittenEnds.set(id, { ...progress, finishedAt: this.deps.clock.now() });
    await this.writeEnd(id);
    this.drop(id);
    // Where nothing was created nothing was stored: whoever waits for the refusal does not wait for a hanging storage.
    await this.clean(id, progress.resolution !== 'notCreated');
  }

  /** False when the journal does not say yet that it has ended: tried again with the leases and by each scan. */
  private async writeEnd(id: string): Promise<boolean> {
    const progress = this.unwrittenEnds.get(id);
    if (progress === undefined) return true;
    try {
      await this.deps.journal.advance(id, progress);
      this.unwrittenEnds.delete(id);
      return true;
    } catch (error) {
      this.deps.logger.error(`issuance: the end of ${id} cannot be written to the journal (${codeOf(error)})`);
      return false;
    }
  }

  /** Removes the value's slot, and the leases. What fails here is done again at the next start, from the journal. */
  private async clean(id: string, mayHaveSlot = true): Promise<boolean> {
    try {
      // Not written to without need: where SecretStorage is a map of each window, a write undoes other windows' writes.
      if (mayHaveSlot && (await this.deps.vault.read(id)) !== undefined) await this.deps.vault.forget(id);
      // As long as the journal does not say that it has ended, only the claim keeps other windows from it.
      if (!this.unwrittenEnds.has(id)) await this.deps.leases.remove(id);
      return true;
    } catch (error) {
      this.deps.logger.warn(`issuance: ${id} is over, its slot is cleared at the next start (${wordsOf(error)})`);
      return false;
    }
  }

  private async scanOnce(): Promise<void> {
    if (this.isDisposed) return;
    const { journal, logger } = this.deps;
    this.scanDueAt = undefined;
    const issuances = await journal.readAll();
    this.othersPending = false;
    for (const issuance of issuances) {
      try {
        await this.follow(issuance);
      } catch (error) {
        // One that cannot be read does not hide the others.
        this.othersPending = true;
        logger.warn(`issuance: ${issuance.id} is left for the next scan (${codeOf(error)})`);
      }
    }
    logger.debug(`issuance: ${issuances.length} in the journal, ${this.pendingById.size} pending here`);
    this.schedule();
  }

  /** Brings what this window knows of an issuance to what the journal says. */
  private async follow(issuance: Issuance): Promise<void> {
    const { leases, journal } = this.deps;
    const { id } = issuance;
    if (issuance.tokenId !== undefined) this.accountedIds.add(issuance.tokenId);
    if (isFinal(issuance)) {
      this.drop(id);
      await this.sweep(issuance);
    } else if (this.endedIds.has(id)) {
      if (await this.writeEnd(id)) await this.clean(id);
    } else if (!this.isInHand(id)) {
      // A host that lost its window takes nothing: nobody could see it there.
      const isTaken = (await leases.holds(id)) || ((await this.hasWindow()) && (await leases.take(id)));
      // Read again: it may have ended, and its leases been removed, since the journal was read.
      const current = await journal.read(id);
      if (isTaken && current !== undefined && !this.isOver(current)) await this.adopt(current);
      else {
        this.drop(id);
        if (isTaken) await leases.remove(id);
        else this.othersPending = true;
      }
    }
  }

  /** Whether this window knows better than the journal: it is at work on it, or has the only copy of the value. */
  private isInHand(id: string): boolean {
    const pending = this.pendingById.get(id);
    if (pending === undefined) return false;
    return pending.status === 'inProgress' || this.inDelivery.has(id) || this.hasOnlyCopy(pending);
  }

  private hasOnlyCopy({ issuance, isStored }: PendingIssuance): boolean {
    return this.values.has(issuance.id) && !isStored;
  }

  /** Takes a pending issuance as it was left behind, and finds out where it stands. */
  private async adopt(issuance: Issuance): Promise<void> {
    const { vault, clock, startedAt, logger } = this.deps;
    const { id } = issuance;
    if (issuance.expiresAt !== undefined && issuance.expiresAt <= clock.now()) {
      await this.finish(issuance, 'expired');
      return;
    }
    const known = this.pendingById.get(id);
    let status: PendingStatus;
    try {
      // Looked for in every phase: the value may have been stored in the instant before the journal could say so.
      const hasValue = this.values.has(id) || (await vault.read(id)) !== undefined;
      status = hasValue ? 'undelivered' : statusWithoutValue(issuance, startedAt);
    } catch (error) {
      logger.warn(`issuance: secret storage cannot be read (${wordsOf(error)})`);
      status = statusWithoutStorage(issuance);
    }
    // Looking may have taken a while, in which it was handled.
    if (this.endedIds.has(id) || (known !== undefined && this.pendingById.get(id) !== known)) return;
    if (issuance.request.isSigned === true && (status === 'unknown' || status === 'orphaned')) {
      // Without its value it is nowhere.
      await this.finish(issuance, 'notCreated');
      return;
    }
    if (known?.status === status && known.issuance.phase === issuance.phase) return;
    this.update({ issuance, status, isStored: status === 'undelivered' });
  }

  /** Removes the records of what was issued with a connection whose key is forgotten, as far as it is settled. */
  async forget(connectionId: string): Promise<void> {
    for (const issuance of await this.deps.journal.readAll()) {
      if (issuance.connectionId !== connectionId || !isFinal(issuance)) continue;
      if (await this.clean(issuance.id)) await this.deps.journal.remove(issuance.id);
    }
  }

  /** Clears what a finished issuance left behind, and in the end its file. */
  private async sweep(issuance: Issuance): Promise<void> {
    const finishedAt = issuance.finishedAt?.getTime() ?? 0;
    const isClean = await this.clean(issuance.id);
    if (isClean && this.deps.clock.now().getTime() - finishedAt > keepFinishedMs)
      await this.deps.journal.remove(issuance.id);
  }

  private update(pending: PendingIssuance): void {
    this.pendingById.set(pending.issuance.id, pending);
    this.schedule();
    this.changeEmitter.fire();
  }

  private drop(id: string): void {
    const value = this.values.get(id);
    if (value !== undefined) this.deps.redactor.forget(value);
    this.values.delete(id);
    if (this.pendingById.delete(id)) this.changeEmitter.fire();
    this.schedule();
  }

  /** Runs one thing at a time for an issuance; a second attempt finds that the first has ended it. */
  private async exclusively<T>(id: string, work: (pending: PendingIssuance) => Promise<T>): Promise<T> {
    const pending = this.pendingById.get(id);
    if (pending === undefined || this.inDelivery.has(id)) {
      throw new IssuanceError('valueGone', `issuance ${id} is over, or being handled`);
    }
    this.inDelivery.add(id);
    try {
      return await work(pending);
    } finally {
      this.inDelivery.delete(id);
    }
  }

  /** One timer for the next thing to do; none when nothing is pending. */
  private schedule(): void {
    this.timers.clear();
    const { clock } = this.deps;
    const now = clock.now().getTime();
    const later = (delayMs: number, work: () => Promise<void>): void => {
      this.timers.add(clock.after(delayMs, () => void this.quietly(work())));
    };
    if (this.pendingById.size + this.unwrittenEnds.size === 0) this.renewalDueAt = undefined;
    else {
      // Never later than its period, should the clock have been set back.
      this.renewalDueAt = Math.min(this.renewalDueAt ?? Infinity, now + renewalMs);
      later(Math.max(0, this.renewalDueAt - now), () => this.renewLeases());
      const nextExpiryMs = Math.min(...this.pending.map(({ issuance }) => this.expiresInMs(issuance, now)));
      if (nextExpiryMs <= maxDelayMs) later(nextExpiryMs, () => this.dropExpired());
    }
    if (!this.othersPending) this.scanDueAt = undefined;
    else {
      this.scanDueAt = Math.min(this.scanDueAt ?? Infinity, now + leaseMs / 2);
      later(Math.max(0, this.scanDueAt - now), () => this.scan());
    }
  }

  private expiresInMs({ id, expiresAt }: Issuance, now: number): number {
    if (expiresAt === undefined) return Infinity;
    // What is being handled when it expires is looked at again a little later.
    return Math.max(this.inDelivery.has(id) ? expiryRetryMs : 0, expiresAt.getTime() - now);
  }

  /** For work that nobody waits for. */
  private async quietly(work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      this.deps.logger.warn(`issuance: left for the next time (${codeOf(error)})`);
      this.schedule();
    }
  }

  /** Only a host that still has its window renews: one that lost it must not keep a value from the next window. */
  private async renewLeases(): Promise<void> {
    this.renewalDueAt = undefined;
    if (!(await this.hasWindow())) {
      this.deps.logger.warn('issuance: leases are not renewed while the window does not answer');
      this.schedule();
      return;
    }
    for (const id of [...this.pendingById.keys(), ...this.unwrittenEnds.keys()]) {
      await this.quietly(this.renewLease(id));
    }
    this.schedule();
  }

  private async hasWindow(): Promise<boolean> {
    const { clock, pingWindow } = this.deps;
    try {
      const answer = Promise.resolve(pingWindow()).then(() => true);
      return await withTimeout(clock, pingTimeoutMs, answer, () => false);
    } catch {
      return false;
    }
  }

  private async renewLease(id: string): Promise<void> {
    const { leases } = this.deps;
    if (this.unwrittenEnds.has(id) && (await this.writeEnd(id))) await this.clean(id);
    if (this.endedIds.has(id) && !this.unwrittenEnds.has(id)) return;
    if ((await leases.renew(id)) || (await leases.take(id)) || this.isInHand(id) || this.endedIds.has(id)) return;
    this.drop(id);
    this.othersPending = true;
  }

  private async dropExpired(): Promise<void> {
    const now = this.deps.clock.now();
    for (const { issuance } of this.pending) {
      const isExpired = issuance.expiresAt !== undefined && issuance.expiresAt <= now;
      if (isExpired && !this.inDelivery.has(issuance.id)) await this.finish(issuance, 'expired');
    }
    this.schedule();
  }
}

/** What can be said of a pending issuance where SecretStorage cannot be read. */
function statusWithoutStorage({ phase, outcomeUnknownSince }: Issuance): PendingStatus {
  if (phase === 'intended') return 'unknown';
  // MagicBell named the token and its value never came: no other window can have it.
  return outcomeUnknownSince === undefined ? 'unreadable' : 'orphaned';
}

/** What can be said of a pending issuance whose value is not in SecretStorage as this window reads it. */
function statusWithoutValue(issuance: Issuance, windowStartedAt: Date): PendingStatus {
  const status = statusWithoutStorage(issuance);
  if (status !== 'unreadable') return status;
  return (issuance.storedAt ?? issuance.intendedAt) > windowStartedAt ? 'unreadable' : 'orphaned';
}

/** An error's code, which is safe to log; messages of the file system hold paths. */
const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? (error as Error).name;
/** Our own words where they are; they hold no secret. */
const wordsOf = (error: unknown): string =>
  (error as Error).name === 'SecretStorageError' ? (error as Error).message : codeOf(error);
