import type { Clock } from '../base/clock.ts';
import type { Owner } from '../base/lease.ts';
import type { Lock } from './lock.ts';
import type { Records } from '../base/records.ts';
import type { Rotation } from './rotation.ts';

/** A window on another computer cannot be tested for being alive. */
const forgetAfterMs = 24 * 60 * 60_000;

/** Which window announces a due rotation. */
interface Turn {
  /** The rotation's id. */
  readonly id: string;
  readonly connectionId: string;
  /** In milliseconds since 1970. A postponed rotation is another turn. */
  readonly dueAt: number;
  readonly takenAt: number;
  readonly window: Owner;
}

/** Written to disk: ids and times. There is one file. */
export interface TurnRecord {
  readonly id: string;
  readonly turns: readonly Turn[];
}

const recordId = 'due';

/** Reads the record's file. Undefined when it is not one. */
export function reviveTurnRecord(json: unknown): TurnRecord | undefined {
  const { id, turns } = (json ?? {}) as Record<string, unknown>;
  return id === recordId && Array.isArray(turns) ? { id, turns: turns.filter(isTurn) } : undefined;
}

function isTurn(value: unknown): value is Turn {
  const { id, connectionId, dueAt, takenAt, window } = (value ?? {}) as Record<string, unknown>;
  const { windowId, pid, hostname } = (window ?? {}) as Record<string, unknown>;
  const texts = [id, connectionId, windowId, hostname].every((each) => typeof each === 'string');
  return texts && [dueAt, takenAt, pid].every((each) => typeof each === 'number');
}

export interface ReminderTurnsDependencies {
  readonly records: Records<TurnRecord>;
  readonly lock: Lock;
  readonly owner: Owner;
  readonly clock: Clock;
  readonly isProcessAlive: (pid: number) => boolean;
}

/** Lets one of several windows announce a due rotation; another one only after that window is gone. */
export class ReminderTurns {
  private readonly deps: ReminderTurnsDependencies;

  constructor(deps: ReminderTurnsDependencies) {
    this.deps = deps;
  }

  /** Whether this window may announce it. Also false while another window is deciding. */
  async take({ id, connectionId, revokeAt }: Rotation): Promise<boolean> {
    const { lock, owner, clock } = this.deps;
    const dueAt = revokeAt?.getTime() ?? 0;
    const isMine = await lock.run(recordId, async () => {
      const turns = await this.turns();
      const taken = turns.find((turn) => turn.id === id && turn.dueAt === dueAt);
      if (taken !== undefined && taken.window.windowId !== owner.windowId && !this.isGone(taken)) return false;
      const others = turns.filter((turn) => turn.id !== id && !this.isGone(turn));
      await this.write([...others, { id, connectionId, dueAt, takenAt: clock.now().getTime(), window: owner }]);
      return true;
    });
    return isMine === true;
  }

  /** Call when this window closes: another one may then announce. */
  async close(): Promise<void> {
    await this.keep(({ window }) => window.windowId !== this.deps.owner.windowId);
  }

  async forget(connectionId: string): Promise<void> {
    await this.keep((turn) => turn.connectionId !== connectionId);
  }

  private async keep(isKept: (turn: Turn) => boolean): Promise<void> {
    await this.deps.lock.run(recordId, async () => {
      const turns = await this.turns();
      const kept = turns.filter(isKept);
      if (kept.length < turns.length) await this.write(kept);
    });
  }

  private async turns(): Promise<readonly Turn[]> {
    return (await this.deps.records.read(recordId))?.turns ?? [];
  }

  private async write(turns: readonly Turn[]): Promise<void> {
    const { records } = this.deps;
    await (turns.length === 0 ? records.remove(recordId) : records.write({ id: recordId, turns }));
  }

  private isGone({ window, takenAt }: Turn): boolean {
    const { owner, clock, isProcessAlive } = this.deps;
    if (window.hostname === owner.hostname) return !isProcessAlive(window.pid);
    return Math.abs(clock.now().getTime() - takenAt) > forgetAfterMs;
  }
}
