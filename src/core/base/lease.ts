import type { Clock } from './clock.ts';
import type { SharedFolder } from './sharedFolder.ts';

/** A window: one extension host process. */
export interface Owner {
  readonly windowId: string;
  readonly pid: number;
  readonly hostname: string;
}

/** How long a claim is valid without renewal. While something is pending it is renewed after a third of this. */
export const leaseMs = 60_000;

/** Longer than a holder needs to renew after the computer wakes up. */
const secondLookMs = leaseMs / 2;
/** The time of an abandoned claim. */
const abandonedAt = new Date(0);

/**
 * Decides which window may act for an id. A claim is a file `ID.GENERATION.claim`, created exclusively; the highest
 * generation is valid. A window may create the next generation only when the holder is gone: its process has ended, it
 * has abandoned the claim, or it has not renewed its lease (the file's time). An expired lease must be seen twice:
 * after sleep, or after a change of the clock, every lease looks expired until its holder renews it.
 */
export class Leases {
  private readonly files: SharedFolder;
  private readonly owner: Owner;
  private readonly clock: Clock;
  private readonly isProcessAlive: (pid: number) => boolean;
  /** Claims whose lease looked expired, with the file's time at that moment. */
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

  /** Whether this window still holds the claim. Call it right before a delivery: the computer may have slept. */
  async holds(id: string): Promise<boolean> {
    return this.isOurs(id, await this.highest(id));
  }

  /** Renews the lease; false when another window has taken over. */
  async renew(id: string): Promise<boolean> {
    const generation = await this.highest(id);
    if (!(await this.isOurs(id, generation))) return false;
    return this.files.touch(claimName(id, generation), this.clock.now());
  }

  /** Lets other windows take the claim now, rather than when the lease expires. */
  async abandon(id: string): Promise<void> {
    const generation = await this.highest(id);
    if (await this.isOurs(id, generation)) await this.files.touch(claimName(id, generation), abandonedAt);
  }

  /** Removes all claims of an issuance that has ended. */
  async remove(id: string): Promise<void> {
    const names = (await this.files.list()).filter((name) => generationOf(name, id) > 0);
    await Promise.all(names.map((name) => this.files.remove(name)));
  }

  /** The highest generation; 0 when there is no claim. */
  private async highest(id: string): Promise<number> {
    return Math.max(0, ...(await this.files.list()).map((name) => generationOf(name, id)));
  }

  private async holder(id: string, generation: number): Promise<Owner | undefined> {
    const text = await this.files.read(claimName(id, generation));
    try {
      return JSON.parse(text ?? '') as Owner;
    } catch {
      // A crash after the file was created and before it was written: it has no holder, so only its lease counts.
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
    // A time in the future means that the clock was set back. It proves nothing, so it counts as expired.
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

/** Whether a process of this machine runs. A process of another user counts as running. */
export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
