import type { Clock } from '../base/clock.ts';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { Emitter } from '../base/event.ts';
import { onOurClock } from '../base/serverClock.ts';
import { nextTextChange } from '../base/timeText.ts';
import type { WallClock } from '../base/wallClock.ts';
import type { Token } from '../model/token.ts';

const dayMs = 24 * 60 * 60_000;

export interface PassingTimeDependencies {
  readonly clock: Clock;
  readonly wallClock: WallClock;
  /** The tokens of each connection that may be on screen. */
  readonly tokens: () => readonly ShownTokens[];
  /** Other instants that the screen shows relative to now. */
  readonly instants: () => readonly Date[];
  /** How many days before its expiry a token is marked. */
  readonly soonDays: () => number;
  /** Whether anything on screen shows a time; otherwise no timer runs. */
  readonly isShown: () => boolean;
}

/** Tokens of one connection, with the time by the clock of its server. */
interface ShownTokens {
  readonly now: Date;
  readonly tokens: readonly Pick<Token, 'expiresAt' | 'revokedAt'>[];
}

/** When the text, the look or the order of the first of these changes. Undefined: never. */
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

function earliest(...instants: readonly (Date | undefined)[]): Date | undefined {
  const known = instants.filter((instant) => instant !== undefined);
  return known.length === 0 ? undefined : new Date(Math.min(...known.map((instant) => instant.getTime())));
}

/** Fires when the screen is out of date because time has passed. One timer, for the next change. */
export class PassingTime implements Disposable {
  private readonly deps: PassingTimeDependencies;
  private readonly disposables = new DisposableStore();
  private readonly timer = this.disposables.add(new DisposableStore());
  private readonly passEmitter = this.disposables.add(new Emitter<void>());
  private nextAt: Date | undefined;

  /** Whatever shows a time should be drawn again. */
  readonly onDidPass = this.passEmitter.event;

  constructor(deps: PassingTimeDependencies) {
    this.deps = deps;
  }

  /** Call when the content of the screen has changed and was just drawn. */
  reset(): void {
    const { clock, tokens: shown, instants, soonDays } = this.deps;
    const ours = clock.now();
    const changes = shown().flatMap(({ tokens, now }) => {
      const at = nextChange(tokens, [], soonDays(), now);
      return at === undefined ? [] : [onOurClock(at, now, ours)];
    });
    this.nextAt = earliest(...changes, nextChange([], instants(), soonDays(), ours));
    this.schedule();
  }

  /** Call when something came on screen, or on window focus: the computer may have slept. */
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
