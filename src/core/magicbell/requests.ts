import { wait, type Clock } from '../base/clock.ts';
import { asMagicBellError, MagicBellError, mayHaveBeenCarriedOut } from './errors.ts';
import type { HttpAnswer, HttpRequest, HttpTransport } from './transport.ts';
import type { CallOptions } from './magicBellApi.ts';
import { RateLimiter } from './rateLimiter.ts';
import { retryDelayMs, type RetryLimits } from './retry.ts';

export interface RunnerLimits extends RetryLimits {
  /** For one attempt: headers and body together. */
  readonly timeoutMs: number;
  /** For all attempts of a call, counted from the start of the first. */
  readonly totalMs: number;
  readonly readsPerMinute: number;
  readonly writesPerMinute: number;
  /** The share of requests that background calls leave to interactive ones, in [0, 1). */
  readonly interactiveShare: number;
  /** For reads, and separately for writes. */
  readonly concurrency: number;
}

/** Makes calls: each attempt within the budget, repeated by the retry policy. */
export class RequestRunner {
  private readonly transport: HttpTransport;
  private readonly clock: Clock;
  private readonly random: () => number;
  private readonly limits: RunnerLimits;
  private readonly reads: RateLimiter;
  private readonly writes: RateLimiter;

  constructor(transport: HttpTransport, clock: Clock, random: () => number, limits: RunnerLimits) {
    this.transport = transport;
    this.clock = clock;
    this.random = random;
    this.limits = limits;
    const limiter = (perInterval: number): RateLimiter =>
      new RateLimiter(
        {
          perInterval,
          reserved: Math.round(perInterval * limits.interactiveShare),
          intervalMs: 60_000,
          concurrency: limits.concurrency,
          maxPauseMs: 60_000,
          maxInteractiveWaitMs: limits.totalMs,
        },
        clock,
      );
    this.reads = limiter(limits.readsPerMinute);
    this.writes = limiter(limits.writesPerMinute);
  }

  /** @throws MagicBellError */
  async run(request: HttpRequest, options: CallOptions = {}): Promise<HttpAnswer> {
    const limiter = request.method === 'GET' ? this.reads : this.writes;
    let deadline: number | undefined;
    let failed: MagicBellError | undefined;
    for (let attempt = 1; ; attempt++) {
      try {
        return await limiter.run(() => {
          const now = this.clock.now().getTime();
          deadline ??= now + this.limits.totalMs;
          // The time may have run out in the queue.
          if (failed !== undefined && now >= deadline) throw failed;
          const timeoutMs = Math.min(this.limits.timeoutMs, deadline - now);
          return this.transport.send(request, { signal: options.signal, timeoutMs, attempt });
        }, options);
      } catch (error) {
        failed = this.judge(error, failed);
        const { retryAfterMs } = failed.details;
        if (retryAfterMs !== undefined) limiter.pause(retryAfterMs);
        const remainingMs = (deadline ?? 0) - this.clock.now().getTime();
        const delayMs = retryDelayMs(
          { method: request.method, attempt, error: failed, remainingMs },
          this.limits,
          this.random,
        );
        if (delayMs === undefined || options.isOnce === true) throw failed;
        await this.wait(delayMs, failed, request, options);
      }
    }
  }

  /** A failure after an earlier attempt: that one was sent, even when this one was not, and may have been carried out. */
  private judge(error: unknown, before: MagicBellError | undefined): MagicBellError {
    const known = asMagicBellError(error) ?? new MagicBellError('unexpectedResponse', 'The call failed in itself');
    if (before === undefined) return known;
    const wasPerhapsDone = before.details.wasPerhapsDone === true || mayHaveBeenCarriedOut(before) || undefined;
    return new MagicBellError(known.reason, known.message, { ...known.details, notSent: undefined, wasPerhapsDone });
  }

  private async wait(
    delayMs: number,
    { details }: MagicBellError,
    { method, template }: HttpRequest,
    { signal, onWait }: CallOptions,
  ): Promise<void> {
    const until = new Date(this.clock.now().getTime() + delayMs);
    onWait?.(until, details.retryAfterMs === undefined ? 'retry' : 'serverBusy');
    try {
      await wait(this.clock, delayMs, signal);
    } catch {
      throw new MagicBellError('cancelled', `${method} ${template}: cancelled before another attempt`);
    }
  }
}
