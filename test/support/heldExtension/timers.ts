import { replace } from './replace.ts';

/** Counts the timers that code below a folder has set and that have neither run nor been cleared. */
export class Timers {
  private readonly running = new Map<unknown, string>();
  private readonly restore: (() => void)[];

  constructor(folder: string) {
    const { setTimeout: set, clearTimeout: clear } = globalThis;
    const setFollowed = (callback: (...args: unknown[]) => void, delayMs?: number, ...args: unknown[]): unknown => {
      const timer = set(() => {
        this.running.delete(timer);
        callback(...args);
      }, delayMs);
      // The caller itself: VS Code sets timers of its own when it is called.
      const caller = new Error().stack?.split('\n')[2] ?? '';
      if (caller.includes(folder)) this.running.set(timer, caller);
      return timer;
    };
    const clearFollowed = (timer: NodeJS.Timeout): void => {
      this.running.delete(timer);
      clear(timer);
    };
    this.restore = [replace(globalThis, 'setTimeout', setFollowed), replace(globalThis, 'clearTimeout', clearFollowed)];
  }

  /** Where each was set. */
  get set(): readonly string[] {
    return [...this.running.values()];
  }

  release(): void {
    for (const restore of this.restore) restore();
  }
}
