import type { Clock } from '../base/clock.ts';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { Emitter } from '../base/event.ts';
import { nextTextChange } from '../base/timeText.ts';
import type { WallClock } from '../base/wallClock.ts';
import type { Token } from '../model/token.ts';

const dayMs = 24 * 60 * 60_000;

export interface PassingTimeDependencies {
  readonly clock: Clock;
  readonly wallClock: WallClock;
  /** The tokens that may be on screen. */
  readonly tokens: () => readonly Pick<Token, 'expiresAt' | 'revokedAt'>[];
  /** Other instants that the screen names relative to now. */
  readonly instants: () => readonly Date[];
  /** Days before its expiry from which on a token is marked. */
  readonly soonDays: () => number;
  /** Whether anything is on screen that names a time; else no timer runs. */
  readonly isShown: () => boolean;
}

/** When the first of these reads, looks or sorts differently from now. Undefined: never. */
export function nextChange(
  tokens: readonly Pick<Token, 'expiresAt' | 'revokedAt'>[],
  instants: readonly Date[],
  soonDays: number,
  now: Date,
): Date | undefined {
  const afterMs = now.getTime();
  let next = Infinity;
  const consider = (ms: number): void => {
    if (ms > afterMs && ms < next) next = ms;
  };
  for (const { expiresAt, revokedAt } of tokens) {
    if (expiresAt === undefined || revokedAt !== undefined) continue;
    consider(nextTextChange(expiresAt, now).getTime());
    consider(expiresAt.getTime());
    consider(expiresAt.getTime() - soonDays * dayMs);
  }
  for (const instant of instants) {
    consider(nextTextChange(instant, now).getTime());
    consider(instant.getTime());
  }
  return next === Infinity ? undefined : new Date(next);
}

/** Says when what is on screen is no longer true because time has passed. One timer, for the next change. */
export class PassingTime implements Disposable {
  private readonly deps: PassingTimeDependencies;
  private readonly disposables = new DisposableStore();
  private readonly timer = this.disposables.add(new DisposableStore());
  private readonly passEmitter = this.disposables.add(new Emitter<void>());
  private nextAt: Date | undefined;

  /** What names a time should be drawn anew. */
  readonly onDidPass = this.passEmitter.event;

  constructor(deps: PassingTimeDependencies) {
    this.deps = deps;
  }

  /** Other things are on screen now, drawn in this moment. */
  reset(): void {
    const { clock, tokens, instants, soonDays } = this.deps;
    this.nextAt = nextChange(tokens(), instants(), soonDays(), clock.now());
    this.schedule();
  }

  /** Things came on screen, or the window is looked at again: a computer may have slept meanwhile. */
  check(): void {
    if (this.nextAt !== undefined && this.nextAt <= this.deps.clock.now()) this.pass();
    else this.schedule();
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private schedule(): void {
    this.timer.clear();
    if (this.nextAt !== undefined && this.deps.isShown())
      this.timer.add(this.deps.wallClock.at(this.nextAt, () => this.check()));
  }

  private pass(): void {
    this.reset();
    this.passEmitter.fire();
  }
}
