import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { Emitter } from '../base/event.ts';
import type { Secret, SecretMemory } from '../base/secret.ts';
import type { TokenId } from '../model/token.ts';
import { IssuanceError } from './issuanceError.ts';
import type { PendingIssuance } from './pendingIssuance.ts';

/** The pending issuances of this window, with the values that are in memory. */
export class PendingIssuances implements Disposable {
  private readonly redactor: SecretMemory;
  private readonly pendingById = new Map<string, PendingIssuance>();
  private readonly values = new Map<string, Secret>();
  private readonly accounted = new Set<TokenId>();
  private readonly inDelivery = new Set<string>();
  private readonly disposables = new DisposableStore();
  private readonly changeEmitter = this.disposables.add(new Emitter<void>());

  readonly onDidChange = this.changeEmitter.event;

  constructor(redactor: SecretMemory) {
    this.redactor = redactor;
  }

  /** Oldest first. */
  get all(): readonly PendingIssuance[] {
    return [...this.pendingById.values()].sort(
      (a, b) => a.issuance.intendedAt.getTime() - b.issuance.intendedAt.getTime(),
    );
  }

  get ids(): readonly string[] {
    return [...this.pendingById.keys()];
  }

  /** Tokens that belong to a known issuance or are revoked: none of them is a candidate for another issuance. */
  get accountedIds(): ReadonlySet<TokenId> {
    return this.accounted;
  }

  find(id: string): PendingIssuance | undefined {
    return this.pendingById.get(id);
  }

  valueOf(id: string): Secret | undefined {
    return this.values.get(id);
  }

  update(pending: PendingIssuance): void {
    this.pendingById.set(pending.issuance.id, pending);
    this.changeEmitter.fire();
  }

  /** Keeps a value in memory, where the redactor knows it, until it is dropped. */
  remember(id: string, value: Secret): void {
    this.values.set(id, value);
    this.redactor.remember(value);
  }

  accountFor(tokenId: TokenId): void {
    this.accounted.add(tokenId);
  }

  drop(id: string): void {
    const value = this.values.get(id);
    if (value !== undefined) this.redactor.forget(value);
    this.values.delete(id);
    if (this.pendingById.delete(id)) this.changeEmitter.fire();
  }

  isInDelivery(id: string): boolean {
    return this.inDelivery.has(id);
  }

  /**
   * Whether this window knows more than the journal: it is working on the issuance, or has the only copy of the value.
   */
  isInHand(id: string): boolean {
    const pending = this.pendingById.get(id);
    if (pending === undefined) return false;
    return pending.status === 'inProgress' || this.inDelivery.has(id) || this.hasOnlyCopy(pending);
  }

  /** Runs one task at a time for an issuance; a second one finds that the first has ended it. */
  async exclusively<T>(id: string, work: (pending: PendingIssuance) => Promise<T>): Promise<T> {
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

  dispose(): void {
    this.disposables.dispose();
    for (const value of this.values.values()) this.redactor.forget(value);
    this.values.clear();
  }

  private hasOnlyCopy({ issuance, isStored }: PendingIssuance): boolean {
    return this.values.has(issuance.id) && !isStored;
  }
}
