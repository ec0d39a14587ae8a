import type { Leases } from '../base/lease.ts';

/** Lets one of several windows do something at a time. */
export interface Lock {
  /** Does the work unless another window is doing it; then resolves to undefined at once. */
  run<T>(name: string, work: (stillHeld: () => Promise<boolean>) => Promise<T>): Promise<T | undefined>;
}

/** A lock made of claims. It does not survive a crash: the claim of an ended process can be taken over. */
export function lockBy(leases: Leases): Lock {
  return {
    async run(name, work) {
      if (!(await leases.take(name))) return undefined;
      try {
        return await work(() => leases.renew(name));
      } finally {
        if (await leases.holds(name)) await leases.remove(name);
      }
    },
  };
}
