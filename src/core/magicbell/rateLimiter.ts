import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import { MagicBellError } from './errors.ts';
import type { CallOptions, WaitReason } from './magicBellApi.ts';

export interface RateLimits {
  /** Requests per rolling interval. All of them may go at once. */
  readonly perInterval: number;
  /** How many of them are kept for interactive calls. */
  readonly reserved: number;
  readonly intervalMs: number;
  /** Background calls use one less, so that an interactive call need not wait for their answers. */
  readonly concurrency: number;
  /** A longer pause that the server asks for is cut to this. */
  readonly maxPauseMs: number;
  /** An interactive call does not wait longer than this for the end of a pause: it sends its request instead. */
  readonly maxInteractiveWaitMs: number;
}

/** A call that waits for its turn. */
interface Waiting {
  readonly start: () => void;
  readonly onWait: CallOptions['onWait'];
  announcedUntil?: number;
}

/** Calls of one priority, in order of arrival. */
interface Lane {
  readonly waiting: Waiting[];
  readonly perInterval: number;
  readonly concurrency: number;
}

/**
 * Starts requests within a budget: `interactive` before `background`, first come first served within each, with a share
 * reserved for interactive ones. Holds a timer only while something waits.
 */
export class RateLimiter {
  private readonly limits: RateLimits;
  private readonly clock: Clock;
  private readonly interactive: Lane;
  private readonly background: Lane;
  /** The start times of the current interval's requests, oldest first. */
  private started: number[] = [];
  private runningCount = 0;
  private pausedUntil = 0;
  private lastNow = 0;
  private timer: Disposable | undefined;

  constructor(limits: RateLimits, clock: Clock) {
    const { perInterval, reserved, concurrency } = limits;
    this.limits = limits;
    this.clock = clock;
    this.interactive = { waiting: [], perInterval, concurrency };
    this.background = {
      waiting: [],
      perInterval: Math.max(1, perInterval - reserved),
      concurrency: Math.max(1, concurrency - 1),
    };
  }

  /**
   * Runs `task` when its turn comes. From then on the signal is up to the task.
   * @throws MagicBellError `cancelled` with `notSent` when the signal aborts before that
   */
  async run<T>(task: () => Promise<T>, { signal, priority, onWait }: CallOptions = {}): Promise<T> {
    if (priority !== 'background' && this.now() + this.limits.maxInteractiveWaitMs < this.pausedUntil) {
      this.started.push(this.now());
      return task();
    }
    await this.turn(priority === 'background' ? this.background : this.interactive, signal, onWait);
    try {
      return await task();
    } finally {
      this.runningCount -= 1;
      this.startNext();
    }
  }

  /** Starts nothing for this long. A longer pause that is in effect stays. */
  pause(delayMs: number): void {
    this.pausedUntil = Math.max(this.pausedUntil, this.now() + Math.min(delayMs, this.limits.maxPauseMs));
    this.startNext();
  }

  private turn({ waiting }: Lane, signal: AbortSignal | undefined, onWait: Waiting['onWait']): Promise<void> {
    return new Promise((resolve, reject) => {
      const call: Waiting = {
        start: () => {
          signal?.removeEventListener('abort', leave);
          resolve();
        },
        onWait,
      };
      const leave = (): void => {
        const index = waiting.indexOf(call);
        if (index >= 0) waiting.splice(index, 1);
        reject(new MagicBellError('cancelled', 'Cancelled before it was sent', { notSent: true }));
        this.startNext();
      };
      if (signal?.aborted === true) {
        leave();
        return;
      }
      signal?.addEventListener('abort', leave, { once: true });
      waiting.push(call);
      this.startNext();
    });
  }

  /** Starts what may start now, and sets the timer for the rest. */
  private startNext(): void {
    this.timer?.dispose();
    this.timer = undefined;
    const now = this.now();
    this.started = this.started.filter((at) => at > now - this.limits.intervalMs);
    const times = [this.interactive, this.background].map((lane) => this.startLane(lane, now));
    const next = Math.min(...times);
    if (next !== Infinity) this.timer = this.clock.after(next - now, () => this.startNext());
  }

  /** Returns when more of the lane can start merely because time passes; Infinity where nothing waits for a time. */
  private startLane({ waiting, perInterval, concurrency }: Lane, now: number): number {
    while (waiting.length > 0) {
      // More starts than the budget are only possible during a pause; then the oldest start is not the one that makes
      // room.
      const makesRoom = this.started[this.started.length - perInterval];
      const budgetAt = makesRoom === undefined ? 0 : makesRoom + this.limits.intervalMs;
      const at = Math.max(this.pausedUntil, budgetAt);
      if (at > now) {
        announce(waiting, at, this.pausedUntil >= budgetAt ? 'serverBusy' : 'budget');
        return at;
      }
      if (this.runningCount >= concurrency) return Infinity;
      this.runningCount += 1;
      this.started.push(now);
      waiting.shift()?.start();
    }
    return Infinity;
  }

  /** The time. When the clock was set back, times recorded before are discarded: they would never pass. */
  private now(): number {
    const now = this.clock.now().getTime();
    if (now < this.lastNow) {
      this.started = this.started.map((at) => Math.min(at, now));
      this.pausedUntil = Math.min(this.pausedUntil, now + this.limits.maxPauseMs);
    }
    this.lastNow = now;
    return now;
  }
}

function announce(waiting: readonly Waiting[], until: number, reason: WaitReason): void {
  for (const call of waiting) {
    if (call.announcedUntil === until) continue;
    call.announcedUntil = until;
    call.onWait?.(new Date(until), reason);
  }
}
