import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { Emitter } from '../base/event.ts';
import { type Issuance, type Resolution, isFinal } from './issuance.ts';
import type { IssuanceDependencies } from './issuanceDependencies.ts';
import { codeOf, wordsOf } from './issuanceError.ts';
import type { PendingIssuances } from './pendingIssuances.ts';

/** Finished issuances are kept this long: a stale copy of SecretStorage may bring a value back meanwhile. */
const keepFinishedMs = 7 * 24 * 60 * 60_000;

/** Ends issuances: first in the journal, then everywhere else. */
export class Endings implements Disposable {
  private readonly deps: Pick<IssuanceDependencies, 'journal' | 'leases' | 'vault' | 'clock' | 'logger'>;
  private readonly pendings: PendingIssuances;
  /** Issuances this window has ended. The journal may not say so yet (see `unwrittenEnds`). */
  private readonly endedIds = new Set<string>();
  /**
   * Ends that are not in the journal yet because writing failed. Their leases are kept, so that no other window offers
   * them.
   */
  private readonly unwrittenEnds = new Map<string, Partial<Issuance>>();
  private readonly disposables = new DisposableStore();
  private readonly endEmitter = this.disposables.add(new Emitter<void>());

  /** An issuance was ended. The journal may not say so yet: see `isUnwritten`. */
  readonly onDidEnd = this.endEmitter.event;

  constructor(deps: Endings['deps'], pendings: PendingIssuances) {
    this.deps = deps;
    this.pendings = pendings;
  }

  dispose(): void {
    this.disposables.dispose();
  }

  /** The issuances whose end is not in the journal yet. */
  get unwrittenIds(): readonly string[] {
    return [...this.unwrittenEnds.keys()];
  }

  isUnwritten(id: string): boolean {
    return this.unwrittenEnds.has(id);
  }

  /** Whether this window has ended it. */
  hasEnded(id: string): boolean {
    return this.endedIds.has(id);
  }

  isOver(issuance: Issuance): boolean {
    return isFinal(issuance) || this.endedIds.has(issuance.id);
  }

  markDelivered(issuance: Issuance, progress: Partial<Issuance> = {}): Promise<void> {
    return this.end(issuance, { ...progress, phase: 'delivered' });
  }

  finish(issuance: Issuance, resolution: Resolution): Promise<void> {
    return this.end(issuance, { phase: 'resolved', resolution });
  }

  /** Writes the journal first: from then on nothing offers the value, even if the rest fails. */
  private async end(issuance: Issuance, progress: Partial<Issuance>): Promise<void> {
    const { id } = issuance;
    this.endedIds.add(id);
    this.unwrittenEnds.set(id, { ...progress, finishedAt: this.deps.clock.now() });
    await this.writeEnd(id);
    this.pendings.drop(id);
    this.endEmitter.fire();
    // When nothing was created, no slot was stored: a refusal need not wait for a hanging storage.
    await this.clean(id, progress.resolution !== 'notCreated');
  }

  /**
   * False when the end could not be written to the journal. It is tried again with each lease renewal and each scan.
   */
  async writeEnd(id: string): Promise<boolean> {
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

  /** Removes the value's slot and the leases. What fails here is repeated at the next start, from the journal. */
  async clean(id: string, mayHaveSlot = true): Promise<boolean> {
    const { vault, leases, logger } = this.deps;
    try {
      // Delete only what exists: where each window has its own copy of SecretStorage, a write undoes the writes of
      // other windows.
      if (mayHaveSlot && (await vault.read(id)) !== undefined) await vault.forget(id);
      // Until the end is in the journal, only the claim keeps other windows away.
      if (!this.unwrittenEnds.has(id)) await leases.remove(id);
      return true;
    } catch (error) {
      logger.warn(`issuance: ${id} is over, its slot is cleared at the next start (${wordsOf(error)})`);
      return false;
    }
  }

  /** Cleans up after a finished issuance, and finally removes its file. */
  async sweep(issuance: Issuance): Promise<void> {
    const finishedAt = issuance.finishedAt?.getTime() ?? 0;
    const isClean = await this.clean(issuance.id);
    if (isClean && this.deps.clock.now().getTime() - finishedAt > keepFinishedMs)
      await this.deps.journal.remove(issuance.id);
  }

  /** Removes the records of the settled issuances of a connection whose key is forgotten. */
  async forget(connectionId: string): Promise<void> {
    for (const issuance of await this.deps.journal.readAll()) {
      if (issuance.connectionId !== connectionId || !isFinal(issuance)) continue;
      if (await this.clean(issuance.id)) await this.deps.journal.remove(issuance.id);
    }
  }
}
