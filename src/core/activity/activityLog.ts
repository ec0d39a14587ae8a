import { appendFile, mkdir, readFile, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../base/logger.ts';
import type { Activity } from './activity.ts';

/** Kept for each connection; what is older is dropped. */
export const maxActivities = 1000;
/** Holds more than `maxActivities` lines of usual length. */
const maxFileBytes = 512 * 1024;
/** A hostile server's name must not fill the disk. */
const maxTextLength = 300;
const suffix = '.jsonl';

/**
 * What was done from here, for each connection, in files that all windows share. A file is only ever appended to, a
 * whole line at once, so that no window can undo what another one writes; when it is full the next one is begun, and
 * only the last two are kept.
 */
export class ActivityLog {
  private readonly folder: string;
  private readonly logger: Logger;
  private queue: Promise<unknown> = Promise.resolve();

  constructor(folder: string, logger: Logger) {
    this.folder = folder;
    this.logger = logger;
  }

  /** Never rejects: what was done is done, also when it cannot be noted down. */
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
    // Two windows may write in another order than things were done.
    return activities.sort((a, b) => b.at.getTime() - a.at.getTime()).slice(0, maxActivities);
  }

  /** Forgets what was done with a connection. @throws when the files cannot be removed */
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
    // A line break on both sides: a line that was cut short by a crash spoils no other one.
    const line = `\n${serialize(activity)}\n`;
    await appendFile(join(this.folder, fileName(connectionId, number)), line, { mode: 0o600 });
    if (!isFull) return;
    for (const { name } of files.slice(0, -1)) await rm(join(this.folder, name), { force: true });
  }

  /** In the order in which they were begun. */
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

/** No dot of an id can be taken for the one before the number, and no slash for a folder's. */
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

/** Undefined for what is no activity: an empty line, or one that was cut short. */
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
