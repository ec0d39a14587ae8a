import PQueue from 'p-queue';
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import { MagicBellError } from './errors.ts';
import type { CallOptions } from './magicBellApi.ts';

export interface RateLimits {
  /** Requests per rolling interval. All of them may go at once. */
  readonly perInterval: number;
  readonly intervalMs: number;
  readonly concurrency: number;
  /** A pause that the server asks for is not kept longer than this. */
  readonly maxPauseMs: number;
  /** A person's call does not wait longer than this for the end of a pause: it asks again instead. */
  readonly maxInteractiveWaitMs: number;
}

/**
 * Lets requests start within a budget: `interactive` before `background`, first come first served within each.
 * Holds a timer only while something waits.
 */
export class RateLimiter {
  private readonly queue: PQueue;
  private readonly limits: RateLimits;
  private readonly clock: Clock;
  /** When the requests of the running interval started, oldest first. */
  private started: number[] = [];
  private pausedUntil = 0;
  private lastNow = 0;
  private timer: Disposable | undefined;

  constructor(limits: RateLimits, clock: Clock) {
    this.limits = limits;
    this.clock = clock;
    this.queue = new PQueue({ concurrency: limits.concurrency });
  }

  /**
   * Runs `task` as soon as its turn comes.
   * @throws MagicBellError `cancelled` with `notSent` when the signal aborts before that
   */
  async run<T>(task: () => Promise<T>, { signal, priority = 'interactive' }: CallOptions = {}): Promise<T> {
    const isInteractive = priority === 'interactive';
    if (isInteractive && this.now() + this.limits.maxInteractiveWaitMs < this.pausedUntil) {
      this.started.push(this.now());
      return task();
    }
    // The queue must not see the signal once the task runs: what became of a request is for the task to say.
    const whileQueued = new AbortController();
    const leave = (): void => whileQueued.abort();
    if (signal?.aborted === true) leave();
    else signal?.addEventListener('abort', leave, { once: true });
    const state = { isStarted: false };
    try {
      this.arrange(1);
      const result = this.queue.add(
        () => {
          state.isStarted = true;
          signal?.removeEventListener('abort', leave);
          this.started.push(this.now());
          // At once, so that the queue starts nothing more when the budget is used up.
          this.arrange();
          return task();
        },
        { signal: whileQueued.signal, priority: isInteractive ? 1 : 0 },
      );
      return await result;
    } catch (error) {
      if (state.isStarted) throw error;
      throw new MagicBellError('cancelled', 'Cancelled before it was sent', { notSent: true });
    } finally {
      signal?.removeEventListener('abort', leave);
      this.arrange();
    }
  }

  /** Starts nothing for this long (a longer pause that is already kept stays). */
  pause(delayMs: number): void {
    this.pausedUntil = Math.max(this.pausedUntil, this.now() + Math.min(delayMs, this.limits.maxPauseMs));
    this.arrange();
  }

  /** Stops or starts the queue as the budget has it. `coming` are calls about to be queued. */
  private arrange(coming = 0): void {
    const waitMs = this.waitMs();
    if (waitMs > 0) this.queue.pause();
    if (waitMs > 0 && this.queue.size + coming > 0) {
      this.timer ??= this.clock.after(waitMs, () => {
        this.timer = undefined;
        this.arrange();
      });
      return;
    }
    this.timer?.dispose();
    this.timer = undefined;
    if (waitMs <= 0) this.queue.start();
  }

  private waitMs(): number {
    const now = this.now();
    const { intervalMs, perInterval } = this.limits;
    this.started = this.started.filter((at) => at > now - intervalMs);
    // More than the budget can only have started past a pause; the one that makes room is then not the oldest.
    const makesRoom = this.started[this.started.length - perInterval];
    return Math.max(this.pausedUntil - now, makesRoom === undefined ? 0 : makesRoom + intervalMs - now);
  }

  /** The time, after a look whether the clock was set back: what was noted down by the old time would never pass. */
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
