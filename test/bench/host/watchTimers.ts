import type { Measured, PendingTimer } from '../steps.ts';

interface Waiting extends PendingTimer {
  readonly callback: () => void;
}

/** For hosts in which time is measured. */
export const noTimers: Pick<Measured, 'timers' | 'fireTimers'> = {
  timers: () => {
    throw new Error('Timers are not watched in this host.');
  },
  fireTimers: () => undefined,
};

/** Notes the timers that code of this folder sets from now on; timers of others pass by. */
export function watchTimers(folder: string): Pick<Measured, 'timers' | 'fireTimers'> {
  const waiting = new Map<unknown, Waiting>();
  const { setTimeout: once, setInterval: again, clearTimeout: clear, clearInterval: clearAgain } = globalThis;
  const dist = new RegExp(`${folder.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}/(?!bench\\.mjs)`);
  const isOurs = (): boolean => dist.test(new Error().stack ?? '');

  Object.assign(globalThis, {
    setTimeout: (callback: (...all: unknown[]) => void, delayMs = 0, ...args: unknown[]): unknown => {
      if (!isOurs()) return once(callback, delayMs, ...args);
      const fire = (): void => {
        waiting.delete(timer);
        callback(...args);
      };
      const timer = once(fire, delayMs);
      waiting.set(timer, { delayMs, repeats: false, callback: fire });
      return timer;
    },
    setInterval: (callback: (...all: unknown[]) => void, delayMs = 0, ...args: unknown[]): unknown => {
      const timer = again(callback, delayMs, ...args);
      if (isOurs()) waiting.set(timer, { delayMs, repeats: true, callback: () => callback(...args) });
      return timer;
    },
    clearTimeout: (timer: NodeJS.Timeout | undefined): void => {
      waiting.delete(timer);
      clear(timer);
    },
    clearInterval: (timer: NodeJS.Timeout | undefined): void => {
      waiting.delete(timer);
      clearAgain(timer);
    },
  });

  return {
    timers: () => [...waiting.values()].map(({ delayMs, repeats }) => ({ delayMs, repeats })),
    fireTimers: () => {
      for (const [timer, { callback, repeats }] of [...waiting]) {
        if (!repeats) clear(timer as NodeJS.Timeout);
        callback();
      }
    },
  };
}
