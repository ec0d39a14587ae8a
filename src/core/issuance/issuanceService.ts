import { randomUUID } from 'node:crypto';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import type { Event } from '../base/event.ts';
import type { Secret } from '../base/secret.ts';
import type { DeliveryOutcome } from '../delivery/clipboard.ts';
import type { Place } from '../delivery/place.ts';
import type { MagicBellApi } from '../magicbell/magicBellApi.ts';
import type { RevocableToken, TokenId } from '../model/token.ts';
import { Creations, type IssueResult } from './creations.ts';
import { Endings } from './endings.ts';
import { type Issuance, type Resolution, isFinal } from './issuance.ts';
import type { IssuanceDependencies } from './issuanceDependencies.ts';
import { IssuanceError, codeOf } from './issuanceError.ts';
import { LeaseKeeper } from './leaseKeeper.ts';
import { searchOrphan } from './orphanSearch.ts';
import type { PendingIssuance } from './pendingIssuance.ts';
import { PendingIssuances } from './pendingIssuances.ts';
import { isLastDelivery, progressAt } from './places.ts';
import { Takeover } from './takeover.ts';

/**
 * Issues tokens so that no value is lost, none is delivered twice, and no token is orphaned silently
 * (docs/ARCHITECTURE.md, "The issuance journal"). The one owner of undelivered values.
 */
export class IssuanceService implements Disposable {
  private readonly deps: IssuanceDependencies;
  private readonly disposables = new DisposableStore();
  private readonly pendings: PendingIssuances;
  private readonly endings: Endings;
  private readonly creations: Creations;
  private readonly takeover: Takeover;
  private readonly leaseKeeper: LeaseKeeper;
  private isClosing = false;

  /** The pending issuances have changed. */
  readonly onDidChange: Event<void>;

  constructor(deps: IssuanceDependencies) {
    this.deps = deps;
    this.pendings = this.disposables.add(new PendingIssuances(deps.redactor));
    this.endings = this.disposables.add(new Endings(deps, this.pendings));
    this.creations = new Creations(deps, this.pendings, this.endings);
    this.takeover = this.disposables.add(new Takeover(deps, this.pendings, this.endings));
    this.leaseKeeper = this.disposables.add(new LeaseKeeper(deps, this.pendings, this.endings, this.takeover));
    this.onDidChange = this.pendings.onDidChange;
  }

  /** The pending issuances of this window, oldest first. */
  get pending(): readonly PendingIssuance[] {
    return this.pendings.all;
  }

  find(id: string): PendingIssuance | undefined {
    return this.pendings.find(id);
  }

  /**
   * Proves that a value can be stored. Call before `issue`, so that a failure is reported before a token exists.
   *
   * @throws SecretStorageError
   */
  preflight(): Promise<void> {
    return this.deps.vault.preflight(randomUUID());
  }

  /**
   * Reads the journal and adopts what no living window owns. Local files and SecretStorage only, no network. Called at
   * the start, and whenever another window may have closed.
   */
  scan(): Promise<void> {
    return this.takeover.scan();
  }

  /** Sends one creation, once: see `Creations.issue`. */
  async issue(...creation: Parameters<Creations['issue']>): Promise<IssueResult> {
    const result = await this.creations.issue(...creation);
    if (this.isClosing && result.outcome === 'issued') await this.abandon(result.issuance.id);
    return result;
  }

  /**
   * Passes the value to `deliver` and records a confirmed delivery. After the last requested place, or after any other
   * place, nothing can offer the value again.
   *
   * @param place where `deliver` puts it: the journal records which places have it
   * @throws IssuanceError `valueGone`
   */
  async deliver(
    id: string,
    deliver: (value: Secret) => Promise<DeliveryOutcome>,
    place?: Place,
  ): Promise<DeliveryOutcome> {
    const { journal } = this.deps;
    return this.pendings.exclusively(id, async (pending) => {
      if (pending.status !== 'undelivered') throw new IssuanceError('valueGone', `issuance ${id} has no value`);
      const value = await this.claimedValue(pending);
      // Repeating a copy is harmless; repeating a command may not be.
      const isTraced = place !== undefined && place.type !== 'clipboard';
      const begun = isTraced ? await journal.record(pending.issuance, { placeInHand: place }) : pending.issuance;
      const outcome = await deliver(value);
      const progress = progressAt(begun, place, outcome);
      if (outcome === 'confirmed' && isLastDelivery({ ...begun, ...progress }, place)) {
        await this.endings.markDelivered(begun, progress);
      } else if (place !== undefined) {
        const issuance = await journal.record(begun, progress);
        if (!this.endings.isOver(issuance)) this.pendings.update({ ...pending, issuance });
      }
      return outcome;
    });
  }

  /** The user confirms that the value has arrived, when the clipboard could not be read. */
  async confirmDelivered(id: string): Promise<void> {
    await this.pendings.exclusively(id, ({ issuance }) => this.endings.markDelivered(issuance));
  }

  /** Ends a pending issuance without a delivery and forgets its value. */
  async resolve(id: string, resolution: Resolution): Promise<void> {
    await this.pendings.exclusively(id, ({ issuance }) => this.endings.finish(issuance, resolution));
  }

  /** For a token that was not revoked from its pending row, or whose row belongs to another window. */
  async resolveRevoked(tokenId: TokenId, connectionId: string): Promise<void> {
    let inJournal: readonly Issuance[] = [];
    try {
      inJournal = await this.deps.journal.readAll();
    } catch (error) {
      this.deps.logger.warn(`issuance: the journal cannot be read (${codeOf(error)})`);
    }
    const here = this.pending.map(({ issuance }) => issuance);
    // It can no longer be the result of another creation.
    this.pendings.accountFor(tokenId);
    for (const pending of this.pending) {
      const { candidates } = pending;
      if (candidates?.some(({ id }) => id === tokenId) !== true) continue;
      this.pendings.update({ ...pending, candidates: candidates.filter(({ id }) => id !== tokenId) });
    }
    const found = new Map([...inJournal, ...here].map((issuance) => [issuance.id, issuance]));
    for (const issuance of found.values()) {
      const isMeant = issuance.tokenId === tokenId && issuance.connectionId === connectionId;
      if (isMeant && !isFinal(issuance)) await this.endings.finish(issuance, 'revoked');
    }
  }

  /**
   * Searches for the token that a creation of unknown outcome may have created. Undefined when the issuance is no
   * longer pending.
   *
   * @throws MagicBellError
   */
  async search(id: string, api: MagicBellApi, signal?: AbortSignal): Promise<readonly RevocableToken[] | undefined> {
    const pending = this.pendings.find(id);
    if (pending?.status !== 'unknown') return undefined;
    const candidates = await searchOrphan(api, pending.issuance, this.pendings.accountedIds, signal);
    const current = this.pendings.find(id);
    if (current?.status === 'unknown') this.pendings.update({ ...current, candidates });
    return candidates;
  }

  /** Removes the records of the settled issuances of a connection whose key is forgotten. */
  forget(connectionId: string): Promise<void> {
    return this.endings.forget(connectionId);
  }

  /** Lets other windows take over at once. Called when the window closes normally. */
  async abandonAll(): Promise<void> {
    this.isClosing = true;
    this.takeover.dispose();
    this.leaseKeeper.dispose();
    // Work in progress ends here. If it does not, this process ends, and other windows notice.
    const idle = this.pending.filter(
      ({ issuance, status }) => status !== 'inProgress' && !this.pendings.isInDelivery(issuance.id),
    );
    await Promise.all(idle.map(({ issuance }) => this.abandon(issuance.id)));
  }

  dispose(): void {
    this.isClosing = true;
    this.disposables.dispose();
  }

  private async abandon(id: string): Promise<void> {
    await this.deps.leases.abandon(id).catch(() => undefined);
  }

  private async claimedValue({ issuance: { id }, isStored }: PendingIssuance): Promise<Secret> {
    const { leases, journal, vault } = this.deps;
    const onDisk = await journal.read(id);
    const known = this.pendings.valueOf(id);
    const isOpen = onDisk !== undefined && !this.endings.isOver(onDisk);
    if (!isOpen || !((await leases.holds(id)) || (!isStored && (await this.isOnlyHere(id))))) {
      this.pendings.drop(id);
      throw new IssuanceError('valueGone', `issuance ${id} is over, or another window has it`);
    }
    const value = known ?? (await vault.read(id));
    if (value === undefined) {
      await this.takeover.adopt(onDisk);
      throw new IssuanceError('valueGone', `the value of issuance ${id} is not in secret storage`);
    }
    // Remembered, so that the redactor can forget it when the issuance ends.
    this.pendings.remember(id, value);
    return value;
  }

  /** Whether a value that SecretStorage did not store exists only in this window. */
  private async isOnlyHere(id: string): Promise<boolean> {
    try {
      return (await this.deps.vault.read(id)) === undefined;
    } catch {
      // A failing storage gives it to no other window either.
      return true;
    }
  }
}
