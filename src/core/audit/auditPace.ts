import { type Clock, wait } from '../base/clock.ts';

const minuteMs = 60_000;
/** How much time lost to slow answers may be caught up on. The rest of the minute is for other requests. */
const catchUpMs = 5000;
/** Refusals within this time count as one: their requests were sent before the first one was refused. */
const sameRefusalMs = 10_000;
/**
 * The smallest factor of the share when MagicBell keeps refusing, and how much it grows with each minute without a
 * refusal.
 */
const leastFactor = 1 / 16;
const recoveryPerMinute = 1 / 8;

/** Spreads an audit's requests evenly over the minute. A refusal halves the pace, which recovers step by step. */
export class AuditPace {
  private readonly sharePerMinute: number;
  private readonly clock: Clock;
  private nextAt = 0;
  private factor = 1;
  private refusedAt = -Infinity;

  /** @param sharePerMinute requests a minute, at most */
  constructor(sharePerMinute: number, clock: Clock) {
    this.sharePerMinute = sharePerMinute;
    this.clock = clock;
  }

  /** The current pace, in requests a minute. */
  get perMinute(): number {
    const quietMinutes = Math.max(0, Math.floor((this.now() - this.refusedAt) / minuteMs));
    return this.sharePerMinute * Math.min(1, this.factor + quietMinutes * recoveryPerMinute);
  }

  /** Resolves when the next request may be sent. Rejects with the signal's reason. */
  async turn(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const now = this.now();
    // A clock that was set back must not stop the audit.
    const planned = Math.min(this.nextAt, now + minuteMs);
    const at = Math.max(planned, now - catchUpMs);
    this.nextAt = at + minuteMs / this.perMinute;
    if (at > now) await wait(this.clock, at - now, signal);
  }

  /** Call when MagicBell has refused a request or asked for a pause. */
  slowDown(): void {
    const now = this.now();
    if (Math.abs(now - this.refusedAt) < sameRefusalMs) return;
    this.factor = Math.max(leastFactor, this.perMinute / this.sharePerMinute / 2);
    this.refusedAt = now;
    this.nextAt = Math.max(this.nextAt, now + sameRefusalMs);
  }

  private now(): number {
    return this.clock.now().getTime();
  }
}
