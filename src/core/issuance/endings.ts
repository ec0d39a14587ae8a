import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { Emitter } from '../base/event.ts';
import { type Issuance, type Resolution, isFinal } from './issuance.ts';
import type { IssuanceDependencies } from './issuanceDependencies.ts';
import { codeOf, wordsOf } from './issuanceError.ts';
import type { PendingIssuances } from './pendingIssuances.ts';

/** A tombstone outlives the moment in which a stale copy of SecretStorage could bring its value back. */
const keepFinishedMs = 7 * 24 * 60 * 60_000;

/** Ends issuances: first in the journal, then everywhere else. */
export class Endings implements Disposable {
  private readonly deps: Pick<IssuanceDependencies, 'journal' | 'leases' | 'vault' | 'clock' | 'logger'>;
  private readonly pendings: PendingIssuances;
  /** Issuances this window has ended. The journal may not say so yet (see `unwrittenEnds`). */
  private readonly endedIds = new Set<string>();
  /** The ends that could not be written to the journal yet. Their leases are kept, so that no other window offers them. */
  private readonly unwrittenEnds = new Map<string, Partial<Issuance>>();
  private readonly disposables = new DisposableStore();
  private readonly endEmitter = this.disposables.add(new Emitter<void>());

  /** An issuance was ended. Whether the journal says so yet: see `isUnwritten`. */
  readonly onDidEnd = this.endEmitter.event;

  constructor(deps: Endings['deps'], pendings: PendingIssuances) {
    this.deps = deps;
    this.pendings = pendings;
  }

  dispose(): void {
    this.disposables.dispose();
  }

  /** The issuances whose end the journal does not say yet. */
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

  /** The journal first: from then on nothing offers the value, whatever happens to the rest. */
  private async end(issuance: Issuance, progress: Partial<Issuance>): Promise<void> {
    const { id } = issuance;
    this.endedIds.add(id);
    this.unwrittenEnds.set(id, { ...progress, finishedAt: this.deps.clock.now() });
    await this.writeEnd(id);
    this.pendings.drop(id);
    this.endEmitter.fire();
    // Where nothing was created nothing was stored: whoever waits for the refusal does not wait for a hanging storage.
    await this.clean(id, progress.resolution !== 'notCreated');
  }

  /** False when the journal does not say yet that it has ended: tried again with the leases and by each scan. */
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

  /** Removes the value's slot, and the leases. What fails here is done again at the next start, from the journal. */
  async clean(id: string, mayHaveSlot = true): Promise<boolean> {
    const { vault, leases, logger } = this.deps;
    try {
      // Not written to without need: where SecretStorage is a map of each window, a write undoes other windows' writes.
      if (mayHaveSlot && (await vault.read(id)) !== undefined) await vault.forget(id);
      // As long as the journal does not say that it has ended, only the claim keeps other windows from it.
      if (!this.unwrittenEnds.has(id)) await leases.remove(id);
      return true;
    } catch (error) {
      logger.warn(`issuance: ${id} is over, its slot is cleared at the next start (${wordsOf(error)})`);
      return false;
    }
  }

  /** Clears what a finished issuance left behind, and in the end its file. */
  async sweep(issuance: Issuance): Promise<void> {
    const finishedAt = issuance.finishedAt?.getTime() ?? 0;
    const isClean = await this.clean(issuance.id);
    if (isClean && this.deps.clock.now().getTime() - finishedAt > keepFinishedMs)
      await this.deps.journal.remove(issuance.id);
  }

  /** Removes the records of what was issued with a connection whose key is forgotten, as far as it is settled. */
  async forget(connectionId: string): Promise<void> {
    for (const issuance of await this.deps.journal.readAll()) {
      if (issuance.connectionId !== connectionId || !isFinal(issuance)) continue;
      if (await this.clean(issuance.id)) await this.deps.journal.remove(issuance.id);
    }
  }
}
