import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { leaseMs } from '../base/lease.ts';
import type { Endings } from './endings.ts';
import { type Issuance, endsAt } from './issuance.ts';
import type { IssuanceDependencies } from './issuanceDependencies.ts';
import { codeOf } from './issuanceError.ts';
import type { PendingIssuances } from './pendingIssuances.ts';
import type { Takeover } from './takeover.ts';
import { hasWindow } from './windowPing.ts';

/** The limit of setTimeout. */
const maxDelayMs = 2 ** 31 - 1;
const renewalMs = leaseMs / 3;
const expiryRetryMs = 1_000;

/**
 * Does what is due for pending issuances: renews their leases, ends expired ones, checks what other windows left
 * behind.
 */
export class LeaseKeeper implements Disposable {
  private readonly deps: Pick<IssuanceDependencies, 'leases' | 'clock' | 'logger' | 'pingWindow'>;
  private readonly pendings: PendingIssuances;
  private readonly endings: Endings;
  private readonly takeover: Takeover;
  private readonly disposables = new DisposableStore();
  private readonly timers = this.disposables.add(new DisposableStore());
  /** The due time outlives `schedule()`; otherwise every change would postpone the renewal. */
  private renewalDueAt: number | undefined;

  constructor(deps: LeaseKeeper['deps'], pendings: PendingIssuances, endings: Endings, takeover: Takeover) {
    this.deps = deps;
    this.pendings = pendings;
    this.endings = endings;
    this.takeover = takeover;
    for (const event of [pendings.onDidChange, endings.onDidEnd, takeover.onDidScan])
      this.disposables.add(event(() => this.schedule()));
  }

  dispose(): void {
    this.disposables.dispose();
  }

  /** Sets one timer for the next task; none when nothing is pending. */
  private schedule(): void {
    this.timers.clear();
    const { clock } = this.deps;
    const now = clock.now().getTime();
    const later = (delayMs: number, work: () => Promise<void>): void => {
      this.timers.add(clock.after(delayMs, () => void this.quietly(work())));
    };
    if (this.pendings.ids.length + this.endings.unwrittenIds.length === 0) this.renewalDueAt = undefined;
    else {
      // Never later than one period from now, in case the clock was set back.
      this.renewalDueAt = Math.min(this.renewalDueAt ?? Infinity, now + renewalMs);
      later(Math.max(0, this.renewalDueAt - now), () => this.renewLeases());
      const nextExpiryMs = Math.min(...this.pendings.all.map(({ issuance }) => this.endsInMs(issuance, now)));
      if (nextExpiryMs <= maxDelayMs) later(nextExpiryMs, () => this.dropExpired());
    }
    const scanInMs = this.takeover.scanInMs(now);
    if (scanInMs !== undefined) later(scanInMs, () => this.takeover.scan());
  }

  private endsInMs(issuance: Issuance, now: number): number {
    // An issuance in delivery is checked again a little later.
    return Math.max(this.pendings.isInDelivery(issuance.id) ? expiryRetryMs : 0, endsAt(issuance) - now);
  }

  /** Runs work that nothing awaits, and logs a failure. */
  private async quietly(work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      this.deps.logger.warn(`issuance: left for the next time (${codeOf(error)})`);
      this.schedule();
    }
  }

  /** Renews only while the window exists: a host that lost its window must not keep a value from the next window. */
  private async renewLeases(): Promise<void> {
    const { clock, pingWindow, logger } = this.deps;
    this.renewalDueAt = undefined;
    if (!(await hasWindow(clock, pingWindow))) {
      logger.warn('issuance: leases are not renewed while the window does not answer');
      this.schedule();
      return;
    }
    for (const id of [...this.pendings.ids, ...this.endings.unwrittenIds]) {
      await this.quietly(this.renewLease(id));
    }
    this.schedule();
  }

  private async renewLease(id: string): Promise<void> {
    const { leases } = this.deps;
    const { endings, pendings } = this;
    if (endings.isUnwritten(id) && (await endings.writeEnd(id))) await endings.clean(id);
    if (endings.hasEnded(id) && !endings.isUnwritten(id)) return;
    if ((await leases.renew(id)) || (await leases.take(id)) || pendings.isInHand(id) || endings.hasEnded(id)) return;
    this.takeover.leaveToOthers(id);
  }

  private async dropExpired(): Promise<void> {
    const now = this.deps.clock.now().getTime();
    for (const { issuance } of this.pendings.all) {
      if (endsAt(issuance) <= now && !this.pendings.isInDelivery(issuance.id))
        await this.endings.finish(issuance, 'expired');
    }
    this.schedule();
  }
}
