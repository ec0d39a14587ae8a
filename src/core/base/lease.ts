import type { Clock } from './clock.ts';
import type { SharedFolder } from './sharedFolder.ts';

/** The window that holds a claim: one extension host process. */
export interface Owner {
  readonly windowId: string;
  readonly pid: number;
  readonly hostname: string;
}

/** How long a claim holds without being renewed. It is renewed at a third of this while something is pending. */
export const leaseMs = 60_000;

/** Longer than a holder that wakes up needs to renew. */
const secondLookMs = leaseMs / 2;
/** The time of a claim that was given up. */
const abandonedAt = new Date(0);

/**
 * Which window may deliver a pending issuance. A claim is a file `ID.GENERATION.claim`, created exclusively;
 * the highest generation holds. A window may take the next generation only when the holder is gone: its process has
 * ended, it has given it up, or it has not renewed its lease (the file's time). The last is only believed when it is
 * seen twice: after a sleep, or when the clock was set, every lease looks old until its holder comes round to it.
 */
export class Leases {
  private readonly files: SharedFolder;
  private readonly owner: Owner;
  private readonly clock: Clock;
  private readonly isProcessAlive: (pid: number) => boolean;
  /** Leases whose lease looked old, with their time then. */
  private readonly looksOld = new Map<string, { readonly renewedAt: number; readonly since: number }>();

  constructor(files: SharedFolder, owner: Owner, clock: Clock, isProcessAlive: (pid: number) => boolean) {
    this.files = files;
    this.owner = owner;
    this.clock = clock;
    this.isProcessAlive = isProcessAlive;
  }

  /** True when this window holds the issuance from now on, or did already. */
  async take(id: string): Promise<boolean> {
    const generation = await this.highest(id);
    if (await this.isOurs(id, generation)) return true;
    if (!(await this.isGone(id, generation))) return false;
    return this.files.createExclusively(claimName(id, generation + 1), JSON.stringify(this.owner));
  }

  /** Whether this window still holds it: to be asked right before a delivery, since a computer may have slept. */
  async holds(id: string): Promise<boolean> {
    return this.isOurs(id, await this.highest(id));
  }

  /** Renews the lease; false when another window has taken over. */
  async renew(id: string): Promise<boolean> {
    const generation = await this.highest(id);
    if (!(await this.isOurs(id, generation))) return false;
    return this.files.touch(claimName(id, generation), this.clock.now());
  }

  /** Lets other windows take it at once, instead of after the lease. */
  async abandon(id: string): Promise<void> {
    const generation = await this.highest(id);
    if (await this.isOurs(id, generation)) await this.files.touch(claimName(id, generation), abandonedAt);
  }

  /** Removes all claims of an issuance that is over. */
  async remove(id: string): Promise<void> {
    const names = (await this.files.list()).filter((name) => generationOf(name, id) > 0);
    await Promise.all(names.map((name) => this.files.remove(name)));
  }

  /** 0 when there is none, whose claim nobody holds. */
  private async highest(id: string): Promise<number> {
    return Math.max(0, ...(await this.files.list()).map((name) => generationOf(name, id)));
  }

  private async holder(id: string, generation: number): Promise<Owner | undefined> {
    const text = await this.files.read(claimName(id, generation));
    try {
      return JSON.parse(text ?? '') as Owner;
    } catch {
      // Created, but its content was not written before a crash: nobody holds it. Its lease decides.
      return undefined;
    }
  }

  private async isOurs(id: string, generation: number): Promise<boolean> {
    return (await this.holder(id, generation))?.windowId === this.owner.windowId;
  }

  private async isGone(id: string, generation: number): Promise<boolean> {
    const holder = await this.holder(id, generation);
    if (holder?.hostname === this.owner.hostname && !this.isProcessAlive(holder.pid)) return true;
    const name = claimName(id, generation);
    const renewedAt = await this.files.modifiedAt(name);
    if (renewedAt === undefined || renewedAt <= abandonedAt.getTime()) return true;
    const now = this.clock.now().getTime();
    // A time in the future means that the clock was set back: it says nothing, so it counts as old.
    if (Math.abs(now - renewedAt) <= leaseMs) {
      this.looksOld.delete(name);
      return false;
    }
    const before = this.looksOld.get(name);
    if (before?.renewedAt !== renewedAt || before.since > now) {
      this.looksOld.set(name, { renewedAt, since: now });
      return false;
    }
    return now - before.since >= secondLookMs;
  }
}

const claimName = (id: string, generation: number): string => `${id}.${generation}.claim`;

/** 0 when the name is not a claim of this issuance. */
function generationOf(name: string, id: string): number {
  if (!name.startsWith(`${id}.`) || !name.endsWith('.claim')) return 0;
  const generation = Number(name.slice(id.length + 1, -'.claim'.length));
  return Number.isInteger(generation) ? generation : 0;
}

/** Whether a process of this machine runs; one of another user's counts as running. */
export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
