import { DisposableStore } from '../base/disposable.ts';
import { Emitter } from '../base/event.ts';
import { leaseMs } from '../base/lease.ts';
import type { Endings } from './endings.ts';
import { type Issuance, endsAt, isFinal } from './issuance.ts';
import type { IssuanceDependencies } from './issuanceDependencies.ts';
import { codeOf, wordsOf } from './issuanceError.ts';
import { type PendingStatus, statusWithoutStorage, statusWithoutValue } from './pendingIssuance.ts';
import type { PendingIssuances } from './pendingIssuances.ts';
import { hasWindow } from './windowPing.ts';

/** Reads the journal and takes over what no living window owns. */
export class Takeover {
  private readonly deps: IssuanceDependencies;
  private readonly pendings: PendingIssuances;
  private readonly endings: Endings;
  private readonly disposables = new DisposableStore();
  private readonly scanEmitter = this.disposables.add(new Emitter<void>());
  private isDisposed = false;
  private othersPending = false;
  private scanning: Promise<void> | undefined;
  private nextScan: Promise<void> | undefined;
  /** The due time outlives changes; otherwise each of them would postpone the scan. */
  private scanDueAt: number | undefined;

  /** The journal was read. */
  readonly onDidScan = this.scanEmitter.event;

  constructor(deps: IssuanceDependencies, pendings: PendingIssuances, endings: Endings) {
    this.deps = deps;
    this.pendings = pendings;
    this.endings = endings;
  }

  dispose(): void {
    this.isDisposed = true;
    this.disposables.dispose();
  }

  /** How long until the next scan; undefined: other windows have nothing pending. */
  scanInMs(now: number): number | undefined {
    if (!this.othersPending) {
      this.scanDueAt = undefined;
      return undefined;
    }
    this.scanDueAt = Math.min(this.scanDueAt ?? Infinity, now + leaseMs / 2);
    return Math.max(0, this.scanDueAt - now);
  }

  scan(): Promise<void> {
    if (this.scanning === undefined) {
      this.scanning = this.scanOnce().finally(() => {
        this.scanning = undefined;
      });
      return this.scanning;
    }
    // The running scan may have missed the latest change.
    this.nextScan ??= this.scanning
      .catch(() => undefined)
      .then(() => {
        this.nextScan = undefined;
        return this.scan();
      });
    return this.nextScan;
  }

  /** Drops an issuance that another window has taken over. */
  leaveToOthers(id: string): void {
    this.pendings.drop(id);
    this.othersPending = true;
  }

  /** Adopts a pending issuance and determines its status. */
  async adopt(issuance: Issuance): Promise<void> {
    const { vault, clock, startedAt, logger } = this.deps;
    const { id } = issuance;
    if (endsAt(issuance) <= clock.now().getTime()) {
      await this.endings.finish(issuance, 'expired');
      return;
    }
    const known = this.pendings.find(id);
    let status: PendingStatus;
    try {
      // Searched in every phase: the value may have been stored just before the journal was written.
      const hasValue = this.pendings.valueOf(id) !== undefined || (await vault.read(id)) !== undefined;
      status = hasValue ? 'undelivered' : statusWithoutValue(issuance, startedAt);
    } catch (error) {
      logger.warn(`issuance: secret storage cannot be read (${wordsOf(error)})`);
      status = statusWithoutStorage(issuance);
    }
    // It may have been settled while the storage was read.
    if (this.endings.hasEnded(id) || (known !== undefined && this.pendings.find(id) !== known)) return;
    if (issuance.request.isSigned === true && (status === 'unknown' || status === 'orphaned')) {
      // A locally signed token without its value cannot be recovered or revoked: nothing was created.
      await this.endings.finish(issuance, 'notCreated');
      return;
    }
    if (known?.status === status && known.issuance.phase === issuance.phase) return;
    this.pendings.update({ issuance, status, isStored: status === 'undelivered' });
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
        // An unreadable issuance does not hide the others.
        this.othersPending = true;
        logger.warn(`issuance: ${issuance.id} is left for the next scan (${codeOf(error)})`);
      }
    }
    logger.debug(`issuance: ${issuances.length} in the journal, ${this.pendings.ids.length} pending here`);
    this.scanEmitter.fire();
  }

  /** Updates an issuance of this window to what the journal says. */
  private async follow(issuance: Issuance): Promise<void> {
    const { leases, journal, clock, pingWindow } = this.deps;
    const { pendings, endings } = this;
    const { id } = issuance;
    if (issuance.tokenId !== undefined) pendings.accountFor(issuance.tokenId);
    if (isFinal(issuance)) {
      pendings.drop(id);
      await endings.sweep(issuance);
    } else if (endings.hasEnded(id)) {
      if (await endings.writeEnd(id)) await endings.clean(id);
    } else if (!pendings.isInHand(id)) {
      // Without a window there is no UI to offer the value in, so leave it to another window.
      const isTaken = (await leases.holds(id)) || ((await hasWindow(clock, pingWindow)) && (await leases.take(id)));
      // Read again: it may have ended, and its leases may be gone, since the journal was read.
      const current = await journal.read(id);
      if (isTaken && current !== undefined && !endings.isOver(current)) await this.adopt(current);
      else {
        pendings.drop(id);
        if (isTaken) await leases.remove(id);
        else this.othersPending = true;
      }
    }
  }
}
