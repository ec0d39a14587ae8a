import type { Clock } from '../base/clock.ts';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import type { Lock } from './lock.ts';
import type { Logger } from '../base/logger.ts';
import type { Records } from '../base/records.ts';
import type { WallClock } from '../base/wallClock.ts';
import type { Connection } from '../connections/connection.ts';
import { asMagicBellError } from '../magicbell/errors.ts';
import type { SeenTokens } from './knownExpiries.ts';
import { type LookResult, quietLook } from './quietLook.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Nothing is requested in this time after the start, plus a random time of up to the same length. */
const quietStartMs = minuteMs;
const startJitterMs = 4 * minuteMs;
/** Random, so that the windows of a company do not all check at the same time of day. */
const dayJitterMs = 2 * hourMs;
/** Delay after a check without a network. */
const offlineRetryMs = hourMs;
/** Delay while another window is checking. */
const busyRetryMs = 10 * minuteMs;

/** When a connection is checked next. Written to disk. */
export interface LookRecord {
  readonly id: string;
  readonly nextAt: Date;
  /** How many pinned users were checked so far. */
  readonly users: number;
}

/** Reads a record's file. Undefined when it is not one. */
export function reviveLookRecord(json: unknown): LookRecord | undefined {
  const { id, nextAt, users } = (json ?? {}) as Record<string, unknown>;
  const at = new Date(typeof nextAt === 'string' ? nextAt : NaN);
  if (typeof id !== 'string' || Number.isNaN(at.getTime())) return undefined;
  return { id, nextAt: at, users: typeof users === 'number' && Number.isSafeInteger(users) && users >= 0 ? users : 0 };
}

export interface DailyLookDependencies {
  readonly records: Records<LookRecord>;
  readonly lock: Lock;
  readonly clock: Clock;
  readonly wallClock: WallClock;
  readonly logger: Logger;
  readonly startedAt: Date;
  /** A setting, read each time. */
  readonly isOn: () => boolean;
  readonly connections: () => readonly Pick<
    Connection,
    'id' | 'label' | 'host' | 'isRemoved' | 'isMissing' | 'api' | 'users'
  >[];
  /** Whether this computer has a network that leads to the host. */
  readonly isOnline: (host: string) => boolean;
  /** In [0, 1). */
  readonly random: () => number;
  /** Receives the tokens that were seen. */
  readonly note: (seen: SeenTokens) => Promise<void>;
}

type Target = ReturnType<DailyLookDependencies['connections']>[number];

/**
 * Once a day, one window checks the tokens of each connection in the background, so that expiries are known even if
 * nobody opens a view. Starts a day after a connection was first seen here.
 */
export class DailyLook implements Disposable {
  private readonly deps: DailyLookDependencies;
  private readonly notBefore: Date;
  private readonly disposables = new DisposableStore();
  private readonly timer = this.disposables.add(new DisposableStore());
  private working: Promise<void> = Promise.resolve();

  constructor(deps: DailyLookDependencies) {
    this.deps = deps;
    this.notBefore = new Date(deps.startedAt.getTime() + quietStartMs + deps.random() * startJitterMs);
  }

  /** Sets the timer again: at the start, and when connections or the setting have changed. */
  schedule(): Promise<void> {
    return this.inTurn(() => this.scheduleNext());
  }

  async forget(connectionId: string): Promise<void> {
    await this.inTurn(() => this.deps.records.remove(recordId(connectionId)));
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.working.then(work, work);
    this.working = done.catch(() => undefined);
    return done;
  }

  private async scheduleNext(earliest?: Date): Promise<void> {
    const { clock, isOn, connections } = this.deps;
    this.timer.clear();
    if (!isOn()) return;
    const dues: number[] = [];
    for (const { id } of connections()) dues.push((await this.recordOf(id)).nextAt.getTime());
    if (dues.length === 0) return;
    const at = Math.max(
      Math.min(...dues),
      this.notBefore.getTime(),
      earliest?.getTime() ?? 0,
      // A time in the past would call back at once, again and again, when a check does not finish.
      clock.now().getTime() + 1000,
    );
    this.timer.add(this.deps.wallClock.at(new Date(at), () => this.lookNow()));
  }

  private lookNow(): void {
    const { lock, clock, isOn, logger } = this.deps;
    this.inTurn(async () => {
      if (!isOn()) return;
      const isDone = await lock.run('look', async (stillHeld) => {
        await this.lookAtDue(stillHeld);
        return true;
      });
      await this.scheduleNext(isDone === true ? undefined : new Date(clock.now().getTime() + busyRetryMs));
    }).catch((error: unknown) => logger.warn(`daily check: ${(error as Error).message}`));
  }

  private async lookAtDue(stillHeld: () => Promise<boolean>): Promise<void> {
    const { clock, connections, isOn, isOnline } = this.deps;
    for (const connection of connections()) {
      const record = await this.recordOf(connection.id);
      if (record.nextAt > clock.now() || connection.isRemoved) continue;
      if (!isOn() || !(await stillHeld())) return;
      if (isOnline(connection.host)) await this.lookAt(connection, record, stillHeld);
      else await this.write({ ...record, nextAt: this.after(offlineRetryMs, 0) });
    }
  }

  private async lookAt(connection: Target, record: LookRecord, stillHeld: () => Promise<boolean>): Promise<void> {
    const { isOn, logger, note } = this.deps;
    const { id, users, label } = connection;
    const tomorrow = { ...record, nextAt: this.after(dayMs, dayJitterMs) };
    // Written first: a crash must not repeat the check endlessly.
    await this.write(tomorrow);
    let result: LookResult;
    try {
      result = await quietLook({
        connectionId: id,
        api: await connection.api(),
        isMissing: (operation) => connection.isMissing(operation),
        pinned: users.pinned,
        usersBefore: record.users,
        mayGoOn: async () => isOn() && !connection.isRemoved && (await stillHeld()),
      });
    } catch (error) {
      logger.warn(`daily check: ${asMagicBellError(error)?.reason ?? (error as Error).message}`);
      return;
    }
    const { requests, seen, failure } = result;
    const outcome = failure ?? `${seen.tokens.length} tokens`;
    logger.info(`daily check of ${label}: ${requests} ${requests === 1 ? 'request' : 'requests'}, ${outcome}`);
    if (connection.isRemoved) return;
    await note(seen);
    const sentNothing = failure === 'offline' || failure === 'dns';
    const nextAt = sentNothing ? this.after(offlineRetryMs, 0) : tomorrow.nextAt;
    await this.write({ ...tomorrow, nextAt, users: record.users + result.users });
  }

  private after(ms: number, jitterMs: number): Date {
    return new Date(this.deps.clock.now().getTime() + ms + this.deps.random() * jitterMs);
  }

  private async recordOf(connectionId: string): Promise<LookRecord> {
    const id = recordId(connectionId);
    const found = await this.deps.records.read(id);
    // A time farther away was written while the clock was ahead.
    const latest = this.deps.clock.now().getTime() + dayMs + dayJitterMs;
    if (found !== undefined && found.nextAt.getTime() <= latest) return found;
    // A new connection was just looked at by the person who added it.
    const record = { id, nextAt: this.after(dayMs, dayJitterMs), users: found?.users ?? 0 };
    await this.write(record);
    return record;
  }

  private write(record: LookRecord): Promise<void> {
    return this.deps.records.write(record);
  }
}

/** The id of the record, which shares a folder with the connection's other records. */
const recordId = (connectionId: string): string => `${connectionId}.look`;
