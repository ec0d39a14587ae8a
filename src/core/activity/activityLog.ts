import { appendFile, mkdir, readFile, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../base/logger.ts';
import type { Activity } from './activity.ts';

/** Entries kept per connection; older ones are dropped. */
export const maxActivities = 1000;
/** More than `maxActivities` entries of usual length. */
const maxFileBytes = 512 * 1024;
/** A hostile server's token name must not fill the disk. */
const maxTextLength = 300;
const suffix = '.jsonl';

/**
 * The activity of each connection, in files shared by all windows. Files are only appended to, a whole line at a time, so
 * that windows cannot overwrite each other's entries. A full file is followed by a new one; the last two are kept.
 */
export class ActivityLog {
  private readonly folder: string;
  private readonly logger: Logger;
  private queue: Promise<unknown> = Promise.resolve();

  constructor(folder: string, logger: Logger) {
    this.folder = folder;
    this.logger = logger;
  }

  /** Never rejects: a failed write must not fail the action that it records. */
  add(connectionId: string, activity: Activity): Promise<void> {
    const written = this.queue.then(() => this.append(connectionId, activity));
    this.queue = written.catch((error: unknown) => {
      this.logger.warn(`activity: not written (${(error as NodeJS.ErrnoException).code ?? (error as Error).name})`);
    });
    return this.queue as Promise<void>;
  }

  /** Newest first. @throws when the files cannot be read */
  async read(connectionId: string): Promise<readonly Activity[]> {
    await this.queue;
    const texts = await Promise.all((await this.filesOf(connectionId)).map(({ name }) => this.text(name)));
    const activities = texts.flatMap((text) => text.split('\n').flatMap((line) => parse(line) ?? []));
    // Two windows may write their entries out of order.
    return activities.sort((a, b) => b.at.getTime() - a.at.getTime()).slice(0, maxActivities);
  }

  /** Deletes a connection's activity. @throws when the files cannot be removed */
  async clear(connectionId: string): Promise<void> {
    await this.queue;
    for (const { name } of await this.filesOf(connectionId)) await rm(join(this.folder, name), { force: true });
  }

  private async append(connectionId: string, activity: Activity): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const files = await this.filesOf(connectionId);
    const last = files.at(-1);
    const isFull = last !== undefined && (await stat(join(this.folder, last.name))).size >= maxFileBytes;
    const number = (last?.number ?? 1) + (isFull ? 1 : 0);
    // A line break on both sides, so that a line cut short by a crash does not spoil the next one.
    const line = `\n${serialize(activity)}\n`;
    await appendFile(join(this.folder, fileName(connectionId, number)), line, { mode: 0o600 });
    if (!isFull) return;
    for (const { name } of files.slice(0, -1)) await rm(join(this.folder, name), { force: true });
  }

  /** Oldest first. */
  private async filesOf(connectionId: string): Promise<readonly { readonly name: string; readonly number: number }[]> {
    const names = await orIfMissing(readdir(this.folder), []);
    return names
      .map((name) => ({ name, number: Number(name.slice(0, -suffix.length).split('.').at(-1)) }))
      .filter(({ name, number }) => name === fileName(connectionId, number))
      .sort((a, b) => a.number - b.number);
  }

  private text(name: string): Promise<string> {
    return orIfMissing(readFile(join(this.folder, name), 'utf8'), '');
  }
}

/** Dots and slashes of the id are encoded: the dot before the number is the only one. */
const fileName = (connectionId: string, number: number): string =>
  `${encodeURIComponent(connectionId).replaceAll('.', '%2E')}.${number}${suffix}`;

async function orIfMissing<T>(promise: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return otherwise;
    throw error;
  }
}

function serialize(activity: Activity): string {
  return JSON.stringify(activity, (_name, value: unknown) =>
    typeof value === 'string' ? value.slice(0, maxTextLength) : value,
  );
}

/** Undefined for a line that is no entry: empty, or cut short. */
function parse(line: string): Activity | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const json = JSON.parse(line) as Record<string, unknown>;
    const at = new Date(json['at'] as string);
    if (Number.isNaN(at.getTime()) || typeof json['what'] !== 'string') return undefined;
    return { ...json, at } as unknown as Activity;
  } catch {
    return undefined;
  }
}
