import type { Clock } from '../base/clock.ts';
import { asMagicBellError } from '../magicbell/errors.ts';
import type { CallOptions, MagicBellApi } from '../magicbell/magicBellApi.ts';
import { PageTrail, pagesOf } from '../magicbell/pages.ts';
import type { NextPage, ListPage } from '../magicbell/paging.ts';
import type { Token } from '../model/token.ts';
import type { User, UserId } from '../model/user.ts';
import type { AuditBook } from './auditBook.ts';
import type { AuditPace } from './auditPace.ts';
import { type AuditedUser, type AuditRecord, isOpen } from './auditRecord.ts';

/** Concurrent requests: the client allows one less than six for background work. */
const workers = 4;
/** So many failures in a row are not caused by single users. */
const maxFailuresInARow = 8;
/** The users are listed at most this often to find those that moved between pages. */
const maxLooks = 4;
/** More than any user has: a list without an end must not take the time of all others. */
const maxPagesOfUser = 100;

export interface AuditWalkDependencies {
  readonly api: MagicBellApi;
  readonly book: AuditBook;
  readonly pace: AuditPace;
  readonly clock: Clock;
  readonly pageSize: number;
  /** Called after each step; the record is on disk only after each page. */
  readonly onProgress: (record: AuditRecord) => void;
  readonly onWait?: CallOptions['onWait'];
}

/**
 * Lists a project's users, reads the tokens of each, and lists the users again until no new user appears: users who are
 * added or removed shift the others between pages, so that a single pass can miss some. Resumes from what is on disk.
 */
export class AuditWalk {
  private readonly deps: AuditWalkDependencies;
  private readonly signal: AbortSignal;
  private record: AuditRecord;
  private failuresInARow = 0;
  private hasReadTokens = false;

  constructor(record: AuditRecord, signal: AbortSignal, deps: AuditWalkDependencies) {
    this.record = record;
    this.signal = signal;
    this.deps = deps;
  }

  /** Runs to the end. @throws MagicBellError, or the signal's reason; the progress until then is on disk */
  async run(): Promise<AuditRecord> {
    if (this.record.phase === 'listing') await this.list();
    while (this.record.phase !== 'done') {
      await this.readAll();
      const isOver = this.record.scope !== 'everything' || this.record.looks >= maxLooks || !(await this.lookAgain());
      if (isOver) await this.save({ phase: 'done', finishedAt: this.deps.clock.now() });
    }
    return this.record;
  }

  /** The first list. An unfinished list is started again: its pages may have shifted. */
  private async list(): Promise<void> {
    await this.deps.book.clear(this.record.id);
    await this.save({ pageCount: 0, userCount: 0, readCount: 0, tokenCount: 0, failedCount: 0 });
    try {
      const isCutShort = await this.addUnknown(new Set());
      await this.save({ phase: 'reading', looks: 1, isCutShort });
    } catch (error) {
      if (asMagicBellError(error)?.reason !== 'notOffered') throw error;
      await this.save({ phase: 'reading', looks: 1, scope: 'noUsers' });
    }
  }

  /** Lists the users again. Returns whether there are tokens to read: of new users, or of users that failed. */
  private async lookAgain(): Promise<boolean> {
    await this.save({ phase: 'closing' });
    const { looks, userCount } = this.record;
    const known = new Set<UserId>();
    let hasFailures = false;
    for (let index = 0; index < this.record.pageCount; index += 1) {
      const users = await this.deps.book.page(this.record.id, index);
      for (const { user } of users) known.add(user.id);
      // Only users that failed in the first pass are retried, once.
      if (looks > 1 || !users.some(({ problem }) => problem === 'failed')) continue;
      hasFailures = true;
      const again = users.map((each) => (each.problem === 'failed' ? { user: each.user } : each));
      await this.deps.book.writePage(this.record.id, index, again);
    }
    const isCutShort = await this.addUnknown(known);
    await this.save({ looks: looks + 1, isCutShort });
    return hasFailures || this.record.userCount > userCount;
  }

  /** Lists the users and adds the unknown ones. Returns whether the list is cut short. */
  private async addUnknown(known: ReadonlySet<UserId>): Promise<boolean> {
    const { api, book, pageSize } = this.deps;
    const trail = new PageTrail();
    const fetch = (next: NextPage | undefined): Promise<ListPage<User>> =>
      this.paced((options) => api.users.listUsers(undefined, { limit: pageSize, next }, options));
    for await (const { added } of pagesOf(fetch, trail, this.signal)) {
      const unknown = added.filter(({ id }) => !known.has(id));
      if (unknown.length === 0) continue;
      const { pageCount, userCount } = this.record;
      await book.writePage(
        this.record.id,
        pageCount,
        unknown.map((user) => ({ user })),
      );
      await this.save({ pageCount: pageCount + 1, userCount: userCount + unknown.length });
    }
    return isIncomplete(trail);
  }

  /** Reads the tokens of all users that were not read yet, and counts again. */
  private async readAll(): Promise<void> {
    let counts = { readCount: 0, tokenCount: 0, failedCount: 0 };
    for (let index = 0; index < this.record.pageCount && this.record.scope === 'everything'; index += 1) {
      const users = [...(await this.deps.book.page(this.record.id, index))];
      const before = counts;
      const count = (): void => {
        counts = addTo(before, users);
        this.progress(counts);
      };
      count();
      if (!users.some(isOpen)) continue;
      try {
        await this.readUsers(users, count);
      } finally {
        await this.deps.book.writePage(this.record.id, index, users);
        await this.save(counts);
      }
    }
  }

  private async readUsers(users: AuditedUser[], onRead: () => void): Promise<void> {
    let next = 0;
    const work = async (): Promise<void> => {
      for (;;) {
        const index = next;
        next += 1;
        const entry = users[index];
        if (entry === undefined || this.record.scope !== 'everything') return;
        if (!isOpen(entry)) continue;
        const read = await this.readUser(entry.user);
        if (read !== undefined) users[index] = read;
        onRead();
      }
    };
    const all = await Promise.allSettled(Array.from({ length: workers }, work));
    const failed = all.find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
  }

  /** Undefined when the API does not list user tokens. */
  private async readUser(user: User): Promise<AuditedUser | undefined> {
    try {
      const { tokens, isWhole } = await this.tokensOf(user.id);
      this.failuresInARow = 0;
      this.hasReadTokens = true;
      return isWhole ? { user, tokens } : { user, tokens, problem: 'failed' };
    } catch (error) {
      this.signal.throwIfAborted();
      switch (asMagicBellError(error)?.reason) {
        case 'notFound':
        case 'invalidInput':
          return { user, problem: 'gone' };
        case 'notOffered':
          if (this.hasReadTokens) return { user, problem: 'failed' };
          this.record = { ...this.record, scope: 'noUserTokens' };
          return undefined;
        case 'serverError':
        case 'timeout':
        case 'connectionLost':
        case 'unexpectedResponse':
          this.failuresInARow += 1;
          if (this.failuresInARow >= maxFailuresInARow) throw error;
          return { user, problem: 'failed' };
        default:
          throw error;
      }
    }
  }

  private async tokensOf(user: UserId): Promise<{ readonly tokens: readonly Token[]; readonly isWhole: boolean }> {
    const { api, pageSize } = this.deps;
    const tokens: Token[] = [];
    const trail = new PageTrail(maxPagesOfUser);
    const fetch = (next: NextPage | undefined): Promise<ListPage<Token>> =>
      this.paced((options) => api.jwt.fetchUserTokens(user, { limit: pageSize, next }, options));
    for await (const { added } of pagesOf(fetch, trail, this.signal)) tokens.push(...added);
    return { tokens, isWhole: !isIncomplete(trail) };
  }

  /** One request at the pace of the audit; interactive requests go first. */
  private async paced<T>(call: (options: CallOptions) => Promise<T>): Promise<T> {
    const { pace, onWait } = this.deps;
    await pace.turn(this.signal);
    try {
      return await call({
        signal: this.signal,
        priority: 'background',
        onWait: (until, reason) => {
          if (reason !== 'budget') pace.slowDown();
          onWait?.(until, reason);
        },
      });
    } catch (error) {
      if (asMagicBellError(error)?.reason === 'rateLimited') pace.slowDown();
      throw error;
    }
  }

  private progress(change: Partial<AuditRecord>): void {
    this.record = { ...this.record, ...change };
    this.deps.onProgress(this.record);
  }

  private async save(change: Partial<AuditRecord>): Promise<void> {
    this.progress(change);
    await this.deps.book.write(this.record);
  }
}

/** Whether the list that was walked has more than what was read of it. */
const isIncomplete = ({ cutShort, unreadableItems }: PageTrail): boolean =>
  cutShort !== undefined || unreadableItems > 0;

interface Counts {
  readonly readCount: number;
  readonly tokenCount: number;
  readonly failedCount: number;
}

/** Adds the counts of some users. */
function addTo({ readCount, tokenCount, failedCount }: Counts, users: readonly AuditedUser[]): Counts {
  return {
    readCount: readCount + users.filter((user) => !isOpen(user)).length,
    tokenCount: tokenCount + users.reduce((sum, { tokens = [] }) => sum + tokens.length, 0),
    failedCount: failedCount + users.filter(({ problem }) => problem === 'failed').length,
  };
}
