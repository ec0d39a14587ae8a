import { setImmediate } from 'node:timers/promises';

/** Never settles: what a process that is gone waits for. */
export const never = new Promise<never>(() => undefined);

/**
 * The life of one window's process. Every file, secret, clipboard and network operation of the window is a step of it;
 * at a chosen step, or when it is killed, all that the process does stops there for good.
 */
export class Lifeline {
  /** The names of the steps done so far. */
  readonly steps: string[] = [];
  private stepsLeft = Infinity;
  private dead = false;

  get isAlive(): boolean {
    return !this.dead;
  }

  kill(): void {
    this.dead = true;
  }

  /** Lets `count` more steps pass, then dies before the next. */
  dieAfter(count: number): void {
    this.stepsLeft = count;
  }

  /** Does one step, or dies before it. */
  async step<T>(name: string, work: () => T | PromiseLike<T>): Promise<T> {
    if (this.stepsLeft <= 0) this.kill();
    if (this.dead) return never;
    this.stepsLeft -= 1;
    this.steps.push(name);
    // No step ends in the instant in which it begins.
    await Promise.resolve();
    try {
      const result = await work();
      return this.isAlive ? result : await never;
    } catch (error) {
      if (!this.isAlive) return never;
      throw error;
    }
  }
}

/** Lets everything run that needs no time; for fakes, which need no more than promises. */
export async function settled(): Promise<void> {
  await setImmediate();
}
