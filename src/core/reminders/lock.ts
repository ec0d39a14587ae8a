import type { Leases } from '../base/lease.ts';

/** What only one of several windows does at a time. */
export interface Lock {
  /** Does the work when no other window is at it. Resolves to undefined, at once, when one is. */
  run<T>(name: string, work: (stillHeld: () => Promise<boolean>) => Promise<T>): Promise<T | undefined>;
}

/** A lock by claims: it outlives no crash, since a claim of a process that has ended can be taken over. */
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
