import type { Clock } from '../base/clock.ts';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { Emitter } from '../base/event.ts';
import type { Issuance } from '../issuance/issuance.ts';
import type { Records } from '../base/records.ts';
import type { TokenId } from '../model/token.ts';
import type { WallClock } from '../base/wallClock.ts';
import { type Rotation, rotationState } from './rotation.ts';

/**
 * The unfinished rotations. A rotation starts before its new token is issued, waits for the delivery, and then for its
 * due time. It revokes nothing by itself; it only reports what is due.
 */
export class Rotations implements Disposable {
  private readonly deps: {
    readonly records: Records<Rotation>;
    readonly readIssuance: (id: string) => Promise<Issuance | undefined>;
    readonly clock: Clock;
    readonly wallClock: WallClock;
  };
  private readonly disposables = new DisposableStore();
  private readonly reminders = this.disposables.add(new DisposableStore());
  private readonly changeEmitter = this.disposables.add(new Emitter<void>());
  private readonly dueEmitter = this.disposables.add(new Emitter<Rotation>());
  private rotations = new Map<TokenId, Rotation>();
  private scanning: Promise<void> = Promise.resolve();
  /** Announced once per window; postponing announces it again. */
  private readonly reminded = new Set<TokenId>();

  readonly onDidChange = this.changeEmitter.event;
  /**
   * The old token of a rotation is due to be revoked. Fires once for each, also for those that became due while VS Code
   * was closed.
   */
  readonly onDidBecomeDue = this.dueEmitter.event;

  /** @param readIssuance what the journal holds: it knows whether the new token was delivered */
  constructor(
    records: Records<Rotation>,
    readIssuance: (id: string) => Promise<Issuance | undefined>,
    clock: Clock,
    wallClock: WallClock,
  ) {
    this.deps = { records, readIssuance, clock, wallClock };
  }

  /** The rotations of a connection, the earliest due first. */
  of(connectionId: string): readonly Rotation[] {
    return [...this.rotations.values()]
      .filter((rotation) => rotation.connectionId === connectionId)
      .sort((a, b) => (a.revokeAt?.getTime() ?? Infinity) - (b.revokeAt?.getTime() ?? Infinity));
  }

  /** The rotation of a connection's token. */
  find(id: TokenId, connectionId: string): Rotation | undefined {
    const rotation = this.rotations.get(id);
    return rotation?.connectionId === connectionId ? rotation : undefined;
  }

  /** When the old tokens are due. */
  get dueTimes(): readonly Date[] {
    return [...this.rotations.values()].flatMap(({ revokeAt }) => revokeAt ?? []);
  }

  /** Whether any new token is not delivered yet. */
  get isWaitingForDelivery(): boolean {
    return [...this.rotations.values()].some(({ revokeAt }) => revokeAt === undefined);
  }

  /** Reads the files and checks what happened to the new tokens. Local files only. */
  scan(): Promise<void> {
    // In turn, so that the last read counts.
    this.scanning = this.scanning.catch(() => undefined).then(() => this.scanOnce());
    return this.scanning;
  }

  private async scanOnce(): Promise<void> {
    const current = await Promise.all((await this.deps.records.readAll()).map((rotation) => this.follow(rotation)));
    this.rotations = new Map(current.flatMap((rotation) => (rotation === undefined ? [] : [[rotation.id, rotation]])));
    this.changeEmitter.fire();
    this.schedule();
  }

  /** Call before the new token exists, so that a crash cannot lose which token it replaces. */
  async start(rotation: Rotation): Promise<void> {
    await this.deps.records.write(rotation);
    await this.scan();
  }

  /** Ends a rotation: the old token stays for good. */
  async end(id: TokenId): Promise<void> {
    await this.deps.records.remove(id);
    this.reminded.delete(id);
    await this.scan();
  }

  /** Ends the rotations of old tokens that are gone, wherever they were revoked from. Others are left alone. */
  async endRevoked(connectionId: string, ids: readonly TokenId[]): Promise<void> {
    const ended = ids.filter((id) => this.find(id, connectionId) !== undefined);
    if (ended.length === 0) return;
    await Promise.all(ended.map((id) => this.deps.records.remove(id)));
    for (const id of ended) this.reminded.delete(id);
    await this.scan();
  }

  /** Reminds again later. */
  async postpone(rotation: Rotation, delayMs: number): Promise<void> {
    this.reminded.delete(rotation.id);
    await this.deps.records.write({ ...rotation, revokeAt: new Date(this.deps.clock.now().getTime() + delayMs) });
    await this.scan();
  }

  /** Removes all rotations of a connection whose key is forgotten. */
  async forget(connectionId: string): Promise<void> {
    await Promise.all(this.of(connectionId).map(({ id }) => this.deps.records.remove(id)));
    await this.scan();
  }

  dispose(): void {
    this.disposables.dispose();
  }

  /** Undefined when it has ended. */
  private async follow(rotation: Rotation): Promise<Rotation | undefined> {
    if (rotation.revokeAt !== undefined) return rotation;
    const issuance = await this.deps.readIssuance(rotation.issuanceId);
    if (issuance?.phase === 'delivered' && rotation.graceMs !== undefined) {
      const deliveredAt = issuance.finishedAt ?? this.deps.clock.now();
      const due = { ...rotation, revokeAt: new Date(deliveredAt.getTime() + rotation.graceMs) };
      await this.deps.records.write(due);
      return due;
    }
    // The new token is gone, or is delivered and the old one is to be kept: nothing is left to do.
    const isOver = issuance === undefined || issuance.phase === 'resolved' || issuance.phase === 'delivered';
    if (!isOver) return rotation;
    await this.deps.records.remove(rotation.id);
    return undefined;
  }

  private schedule(): void {
    this.reminders.clear();
    for (const rotation of this.rotations.values()) {
      if (rotation.revokeAt === undefined || this.reminded.has(rotation.id)) continue;
      this.reminders.add(
        this.deps.wallClock.at(rotation.revokeAt, () => {
          const current = this.rotations.get(rotation.id);
          if (current === undefined || rotationState(current, this.deps.clock.now()) !== 'due') return;
          this.reminded.add(rotation.id);
          this.dueEmitter.fire(current);
        }),
      );
    }
  }
}
