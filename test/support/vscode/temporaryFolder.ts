import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { workDir } from './paths.ts';
import { isRunning } from './processes.ts';

const own = new Set<string>();
process.once('exit', () => own.forEach(removeFolder));

/**
 * Makes an empty folder that only this user can enter, and that goes when this process ends. One that was left behind
 * by a process without an end of its own goes when the next is made: each carries the id of its process.
 */
export function temporaryFolder(prefix: string, parent = path.join(workDir, 'temporary')): string {
  mkdirSync(parent, { recursive: true });
  for (const name of readdirSync(parent)) {
    const [, pid] = new RegExp(`^${prefix}-(\\d+)-`).exec(name) ?? [];
    if (pid !== undefined && !isRunning(Number(pid))) removeFolder(path.join(parent, name));
  }
  const folder = mkdtempSync(path.join(parent, `${prefix}-${process.pid}-`));
  own.add(folder);
  return folder;
}

/** Removes a folder with all that is in it; one that is gone is fine. */
export function removeFolder(folder: string): void {
  own.delete(folder);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** Lets a temporary folder outlive this process. */
export function keepFolder(folder: string): void {
  own.delete(folder);
}
