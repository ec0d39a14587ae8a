import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { type Disposable, DisposableStore } from '../disposable.ts';
import { Emitter } from '../event.ts';
import type { Logger } from '../logger.ts';
import { mayHaveBeenCarriedOut } from '../magicbell/errors.ts';
import type { MagicBellApi } from '../magicbell/magicBellApi.ts';
import type { Secret, SecretMemory } from '../secret.ts';
import type { IssuedToken, RevocableToken, TokenId } from '../tokens/token.ts';
import { type Claims, leaseMs } from './claims.ts';
import type { DeliveryOutcome } from './delivery.ts';
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
export type PendingStatus = 'inProgress' | 'undelivered' | 'orphaned' | 'unknown' | 'unreadable';

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
export class IssuanceError extends Error {
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
  readonly claims: Claims;
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

/**
 * Issues tokens so that no value is lost, none is delivered twice, and no token is orphaned silently
 * (docs/ARCHITECTURE.md, "The issuance journal"). The one owner of undelivered values.
 */
export class IssuanceService implements Disposable {
  private readonly deps: IssuanceDependencies;
  private readonly pendingById = new Map<string, PendingIssuance>();
  private readonly values = new Map<string, Secret>();
  private readonly otherIds = new Set<TokenId>();
  private readonly busy = new Set<string>();
  private readonly disposables = new DisposableStore();
  private readonly timers = new DisposableStore();
  private readonly changeEmitter = this.disposables.add(new Emitter<void>());
  private isDisposed = false;
  private othersPending = false;
  private scanning: Promise<void> | undefined;

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
    this.scanning ??= this.scanOnce().finally(() => {
      this.scanning = undefined;
    });
    return this.scanning;
  }

  /**
   * Sends one creation, once. The value is in memory and in SecretStorage when this returns `issued`.
   *
   * @param send makes the one POST
   * @throws MagicBellError when MagicBell surely created nothing
   * @throws IssuanceError `journalUnavailable`: nothing was sent
   */
  async issue(
    connection: Omit<IssuingConnection, 'api'>,
    request: IssuanceRequest,
    knownIds: readonly TokenId[],
    send: (idempotencyKey: string) => Promise<IssuedToken>,
  ): Promise<IssueResult> {
    const { journal, claims, clock, logger } = this.deps;
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
    // Known here before it is in the journal, so that a scan does not take it for one that was left behind.
    this.update({ issuance: intended, status: 'inProgress', isStored: false });
    try {
      if (!(await claims.take(id))) throw new Error('the claim of a new issuance was refused');
      await journal.create(intended);
    } catch (error) {
      this.drop(id);
      logger.error(`issuance: the journal cannot be written (${codeOf(error)})`);
      throw new IssuanceError('journalUnavailable', 'the issuance journal cannot be written');
    }

    let issued: IssuedToken;
    try {
      issued = await send(id);
    } catch (error) {
      if (!mayHaveBeenCarriedOut(error)) {
        await this.finish(id, 'notCreated');
        throw error;
      }
      const outcomeUnknownSince = clock.now();
      const issuance = await this.record(intended, { outcomeUnknownSince });
      this.update({ issuance, status: 'unknown', isStored: false });
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
    return this.exclusively(id, async () => {
      if (this.pendingById.get(id)?.status !== 'undelivered')
        throw new IssuanceError('valueGone', `issuance ${id} has no value`);
      const value = await this.claimedValue(id);
      const outcome = await deliver(value);
      if (outcome === 'confirmed') await this.markDelivered(id, value);
      return outcome;
    });
  }

  /** The user says that the value has arrived, where the clipboard could not be read. */
  async confirmDelivered(id: string): Promise<void> {
    await this.exclusively(id, () => this.markDelivered(id, this.values.get(id)));
  }

  /** Ends a pending issuance without a delivery, and forgets its value. */
  async resolve(id: string, resolution: Resolution): Promise<void> {
    await this.exclusively(id, () => this.finish(id, resolution));
  }

  /** For a token that was revoked by another way than its pending row. */
  async resolveRevoked(tokenId: TokenId): Promise<void> {
    const found = this.pending.find(({ issuance }) => issuance.tokenId === tokenId);
    if (found !== undefined) await this.resolve(found.issuance.id, 'revoked');
  }

  /**
   * Looks for what a creation of unknown outcome made. Undefined when the issuance is no longer pending.
   *
   * @throws MagicBellError
   */
  async search(id: string, api: MagicBellApi, signal?: AbortSignal): Promise<readonly RevocableToken[] | undefined> {
    const pending = this.pendingById.get(id);
    if (pending?.status !== 'unknown') return undefined;
    const candidates = await searchOrphan(api, pending.issuance, this.otherIds, signal);
    const current = this.pendingById.get(id);
    if (current?.status === 'unknown') this.update({ ...current, candidates });
    return candidates;
  }

  /** Lets other windows take over at once. Called when the window closes in good order. */
  async abandonAll(): Promise<void> {
    this.isDisposed = true;
    this.timers.dispose();
    await Promise.all([...this.pendingById.keys()].map((id) => this.deps.claims.abandon(id).catch(() => undefined)));
  }

  dispose(): void {
    this.isDisposed = true;
    this.disposables.dispose();
    this.values.clear();
  }

  private async keep(intended: Issuance, issued: IssuedToken): Promise<IssueResult> {
    const { vault, clock, redactor, logger } = this.deps;
    const id = intended.id;
    redactor.remember(issued.value);
    this.values.set(id, issued.value);
    if (issued.id !== undefined) this.otherIds.add(issued.id);
    const answer = { tokenId: issued.id, createdAt: issued.createdAt, expiresAt: issued.expiresAt };
    const answered = await this.record(intended, { ...answer, phase: 'answered' });
    let issuance = answered;
    let isStored = false;
    try {
      await vault.keep(id, issued.value);
      isStored = true;
      issuance = await this.record(answered, { phase: 'stored', storedAt: clock.now() });
    } catch (error) {
      logger.error(`issuance: ${id} is in memory only (${messageOf(error)})`);
    }
    // Only now may it be delivered: a slot that is cleared while it is being stored would come back.
    this.update({ issuance, status: 'undelivered', isStored });
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

  private async claimedValue(id: string): Promise<Secret> {
    const { claims, journal, vault } = this.deps;
    const onDisk = await journal.read(id);
    const isOurs = onDisk !== undefined && !isFinal(onDisk) && (await claims.holds(id));
    if (!isOurs) {
      this.drop(id);
      throw new IssuanceError('valueGone', `issuance ${id} is over, or another window has it`);
    }
    const value = this.values.get(id) ?? (await vault.read(id));
    if (value === undefined) {
      await this.adopt(onDisk);
      throw new IssuanceError('valueGone', `the value of issuance ${id} is not in secret storage`);
    }
    this.deps.redactor.remember(value);
    return value;
  }

  private async markDelivered(id: string, value: Secret | undefined): Promise<void> {
    await this.end(id, { phase: 'delivered' });
    if (value !== undefined) this.deps.redactor.forget(value);
  }

  private finish(id: string, resolution: Resolution): Promise<void> {
    return this.end(id, { phase: 'resolved', resolution });
  }

  /** The journal first: from then on nothing offers the value, whatever happens to the rest. */
  private async end(id: string, progress: Partial<Issuance>): Promise<void> {
    const pending = this.pendingById.get(id);
    if (pending !== undefined) await this.record(pending.issuance, { ...progress, finishedAt: this.deps.clock.now() });
    this.drop(id);
    await this.clean(id);
  }

  /** Removes the value's slot, and the claims. What fails here is done again at the next start, from the journal. */
  private async clean(id: string): Promise<boolean> {
    try {
      // Not written to without need: where SecretStorage is a map of each window, a write undoes other windows' writes.
      if ((await this.deps.vault.read(id)) !== undefined) await this.deps.vault.forget(id);
      await this.deps.claims.remove(id);
      return true;
    } catch (error) {
      this.deps.logger.warn(`issuance: ${id} is over, its slot is cleared at the next start (${messageOf(error)})`);
      return false;
    }
  }

  private async scanOnce(): Promise<void> {
    const { journal, claims, logger } = this.deps;
    const issuances = await journal.readAll();
    this.othersPending = false;
    for (const issuance of issuances) {
      if (issuance.tokenId !== undefined) this.otherIds.add(issuance.tokenId);
      if (isFinal(issuance)) {
        this.drop(issuance.id);
        await this.sweep(issuance);
      } else if (!this.pendingById.has(issuance.id)) {
        if (await claims.take(issuance.id)) await this.adopt(issuance);
        else this.othersPending = true;
      }
    }
    logger.debug(`issuance: ${issuances.length} in the journal, ${this.pendingById.size} pending here`);
    this.schedule();
  }

  /** Takes a pending issuance as it was left behind, and finds out where it stands. */
  private async adopt(issuance: Issuance): Promise<void> {
    const { vault, clock, startedAt, logger } = this.deps;
    if (issuance.expiresAt !== undefined && issuance.expiresAt <= clock.now()) {
      this.update({ issuance, status: 'orphaned', isStored: false });
      await this.finish(issuance.id, 'expired');
      return;
    }
    let hasValue = false;
    try {
      // Looked for in every phase: the value may have been stored in the instant before the journal could say so.
      hasValue = (await vault.read(issuance.id)) !== undefined;
    } catch (error) {
      logger.warn(`issuance: secret storage cannot be read (${messageOf(error)})`);
    }
    this.update({
      issuance,
      status: hasValue ? 'undelivered' : statusWithoutValue(issuance, startedAt),
      isStored: hasValue,
    });
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
  private async exclusively<T>(id: string, work: () => Promise<T>): Promise<T> {
    if (this.busy.has(id) || !this.pendingById.has(id)) {
      throw new IssuanceError('valueGone', `issuance ${id} is over, or being handled`);
    }
    this.busy.add(id);
    try {
      return await work();
    } finally {
      this.busy.delete(id);
    }
  }

  /** One timer for the next thing to do; none when nothing is pending. */
  private schedule(): void {
    this.timers.clear();
    if (this.isDisposed) return;
    if (this.pendingById.size > 0) {
      this.timers.add(this.deps.clock.after(leaseMs / 3, () => void this.renewLeases()));
      const expiries = this.pending.flatMap(({ issuance }) => issuance.expiresAt?.getTime() ?? []);
      const nextExpiryMs = Math.min(...expiries) - this.deps.clock.now().getTime();
      if (nextExpiryMs <= maxDelayMs) {
        this.timers.add(this.deps.clock.after(Math.max(0, nextExpiryMs), () => void this.dropExpired()));
      }
    }
    if (this.othersPending) this.timers.add(this.deps.clock.after(leaseMs, () => void this.scan()));
  }

  /** Only a host that still has its window renews: one that lost it must not keep a value from the next window. */
  private async renewLeases(): Promise<void> {
    try {
      await this.deps.pingWindow();
      for (const { issuance } of this.pending) {
        if (!(await this.deps.claims.renew(issuance.id))) this.drop(issuance.id);
      }
    } catch (error) {
      this.deps.logger.warn(`issuance: leases were not renewed (${codeOf(error)})`);
    }
    this.schedule();
  }

  private async dropExpired(): Promise<void> {
    const now = this.deps.clock.now();
    for (const { issuance } of this.pending) {
      const isExpired = issuance.expiresAt !== undefined && issuance.expiresAt <= now;
      if (isExpired && !this.busy.has(issuance.id)) await this.resolve(issuance.id, 'expired');
    }
    this.schedule();
  }
}

/** What can be said of a pending issuance whose value is not in SecretStorage as this window reads it. */
function statusWithoutValue(issuance: Issuance, windowStartedAt: Date): PendingStatus {
  if (issuance.phase === 'intended') return 'unknown';
  return (issuance.storedAt ?? issuance.intendedAt) > windowStartedAt ? 'unreadable' : 'orphaned';
}

/** An error's code, which is safe to log; messages of the file system hold paths. */
const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? (error as Error).name;
const messageOf = (error: unknown): string => (error as Error).message;
