import { type Clock, wait } from '../base/clock.ts';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { Emitter } from '../base/event.ts';
import { leaseMs, type Leases } from '../base/lease.ts';
import type { Logger } from '../base/logger.ts';
import { asMagicBellError, type MagicBellError } from '../magicbell/errors.ts';
import type { MagicBellApi } from '../magicbell/magicBellApi.ts';
import type { AuditBook } from './auditBook.ts';
import { AuditPace } from './auditPace.ts';
import type { AuditRecord } from './auditRecord.ts';
import type { AuditState } from './auditStates.ts';
import { AuditWalk } from './auditWalk.ts';

const firstRetryMs = 30_000;
const longestRetryMs = 5 * 60_000;

export interface AuditDependencies {
  readonly connectionId: string;
  readonly api: () => Promise<MagicBellApi>;
  readonly book: AuditBook;
  readonly leases: Leases;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly pageSize: () => number;
  /** Requests a minute that an audit may take. */
  readonly sharePerMinute: () => number;
}

/** The audit of one connection's users. Only one window runs it at a time. */
export class Audit implements Disposable {
  private readonly deps: AuditDependencies;
  private readonly disposables = new DisposableStore();
  private readonly changeEmitter = this.disposables.add(new Emitter<void>());
  private readonly renewing = this.disposables.add(new DisposableStore());
  private aborter: AbortController | undefined;
  private current: AuditRecord | undefined;
  private currentState: AuditState = 'none';
  private failure: MagicBellError | undefined;
  private pace: AuditPace | undefined;
  private work: Promise<void> = Promise.resolve();

  /** State or counts have changed. */
  readonly onDidChange = this.changeEmitter.event;

  constructor(deps: AuditDependencies) {
    this.deps = deps;
  }

  get state(): AuditState {
    return this.currentState;
  }

  /** Its progress; undefined while there is none. */
  get record(): AuditRecord | undefined {
    return this.current;
  }

  /** The error for which it waits or has failed. */
  get error(): MagicBellError | undefined {
    return this.failure;
  }

  /** The time for the remaining users at the current pace; undefined while their number is not known. */
  get leftMs(): number | undefined {
    const { current, pace } = this;
    if (this.currentState !== 'running' || current === undefined || pace === undefined) return undefined;
    if (current.phase !== 'reading') return undefined;
    // The users are listed once more at the end.
    const requests = current.userCount - current.readCount + current.pageCount;
    return (requests / pace.perMinute) * 60_000;
  }

  /** Reads the record on disk: another window or an earlier session may have started or ended it. */
  async check(): Promise<void> {
    if (this.isActive()) return;
    const record = await this.deps.book.read(this.deps.connectionId);
    if (this.isActive()) return;
    const before = JSON.stringify([this.currentState, this.current]);
    this.current = record;
    if (record === undefined) this.currentState = 'none';
    else if (record.phase === 'done') this.currentState = 'done';
    else if (this.currentState !== 'failed' && this.currentState !== 'elsewhere') this.currentState = 'paused';
    // A listener calls `check()` again, so fire only when something has changed.
    if (JSON.stringify([this.currentState, record]) !== before) this.changeEmitter.fire();
  }

  /** Starts an audit or resumes one. False when another window runs it. @throws when files cannot be written */
  async start(): Promise<boolean> {
    if (this.isActive()) return true;
    const { connectionId, leases, clock, book } = this.deps;
    const aborter = new AbortController();
    this.aborter = aborter;
    try {
      const isOurs = await leases.take(this.leaseId);
      const found = await book.read(connectionId);
      if (!isOurs) {
        this.aborter = undefined;
        this.current = found;
        this.set('elsewhere');
        return false;
      }
      this.current = found === undefined || found.phase === 'done' ? newRecord(connectionId, clock.now()) : found;
    } catch (error) {
      this.aborter = undefined;
      throw error;
    }
    this.set('running');
    this.renewLater(aborter);
    this.work = this.run(aborter.signal, this.current).finally(() => this.release(aborter));
    return true;
  }

  /** Stops the audit and keeps its progress. */
  async pause(): Promise<void> {
    if (!this.isActive()) return;
    this.aborter?.abort();
    await this.work;
    this.set('paused');
  }

  /** Stops the audit and discards its progress. */
  async cancel(): Promise<void> {
    this.aborter?.abort();
    await this.work;
    await this.deps.book.clear(this.deps.connectionId);
    await this.deps.leases.remove(this.leaseId);
    this.current = undefined;
    this.set('none');
  }

  /** Resolves when the audit no longer runs in this window. */
  async ended(): Promise<void> {
    await this.work;
  }

  dispose(): void {
    this.aborter?.abort();
    this.disposables.dispose();
  }

  private isActive(): boolean {
    return this.aborter !== undefined;
  }

  private get leaseId(): string {
    return `audit-${this.deps.connectionId}`;
  }

  /** Runs until the end, a permanent failure, or the signal. Never rejects. */
  private async run(signal: AbortSignal, begun: AuditRecord): Promise<void> {
    const { book, clock, logger, pageSize, sharePerMinute } = this.deps;
    const pace = new AuditPace(sharePerMinute(), clock);
    this.pace = pace;
    const isStopped = (): boolean => signal.aborted;
    let retryMs = firstRetryMs;
    for (;;) {
      const before = this.current?.readCount;
      try {
        const api = await this.deps.api();
        const onProgress = (record: AuditRecord): void => {
          this.current = record;
          if (!signal.aborted) this.set('running');
        };
        const walk = new AuditWalk(this.current ?? begun, signal, {
          ...{ api, book, pace, clock, onProgress },
          pageSize: pageSize(),
        });
        this.current = await walk.run();
        this.set('done');
        return;
      } catch (error) {
        if (signal.aborted) return;
        const known = asMagicBellError(error);
        logger.warn(`audit: stopped (${known?.reason ?? (error as Error).message})`);
        this.failure = known;
        if (known === undefined || !isPassing(known)) {
          this.set('failed');
          return;
        }
        if (this.current?.readCount !== before) retryMs = firstRetryMs;
        this.set('waiting');
        await wait(clock, retryMs, signal).catch(() => undefined);
        if (isStopped()) return;
        retryMs = Math.min(longestRetryMs, retryMs * 2);
      }
    }
  }

  private renewLater(aborter: AbortController): void {
    this.renewing.clear();
    this.renewing.add(
      this.deps.clock.after(leaseMs / 3, () => {
        this.renew(aborter).catch((error: unknown) => {
          this.deps.logger.warn(`audit: the lease was not renewed (${(error as Error).message})`);
          this.renewLater(aborter);
        });
      }),
    );
  }

  private async renew(aborter: AbortController): Promise<void> {
    if (this.aborter !== aborter || aborter.signal.aborted) return;
    if (await this.deps.leases.renew(this.leaseId)) {
      this.renewLater(aborter);
      return;
    }
    // The computer may have slept while another window took over.
    aborter.abort();
    await this.work;
    this.set('elsewhere');
  }

  private async release(aborter: AbortController): Promise<void> {
    if (this.aborter !== aborter) return;
    this.aborter = undefined;
    this.renewing.clear();
    try {
      await this.deps.leases.abandon(this.leaseId);
      if (this.currentState === 'done') await this.deps.leases.remove(this.leaseId);
    } catch (error) {
      this.deps.logger.warn(`audit: the lease was not given back (${(error as Error).message})`);
    }
  }

  private set(state: AuditState): void {
    this.currentState = state;
    if (state !== 'waiting' && state !== 'failed') this.failure = undefined;
    this.changeEmitter.fire();
  }
}

const newRecord = (id: string, startedAt: Date): AuditRecord => ({
  ...{ id, startedAt, phase: 'listing', scope: 'everything', isCutShort: false },
  ...{ pageCount: 0, userCount: 0, readCount: 0, tokenCount: 0, failedCount: 0, looks: 0 },
});

/** Whether a retry may succeed without any change by the user. */
function isPassing({ reason }: MagicBellError): boolean {
  switch (reason) {
    case 'offline':
    case 'dns':
    case 'proxy':
    case 'timeout':
    case 'connectionLost':
    case 'serverError':
    case 'rateLimited':
      return true;
    default:
      return false;
  }
}
