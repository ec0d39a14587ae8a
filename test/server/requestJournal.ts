import type { OperationName } from './routes.ts';

/** One request to `/v2` (or anything else but the control endpoints), as it arrived and as it ended. */
export interface JournalEntry {
  readonly seq: number;
  readonly at: Date;
  /** The port it arrived at. */
  readonly port: number;
  readonly method: string;
  readonly path: string;
  /** With the leading `?`, or empty. */
  readonly query: string;
  /** Undefined where the API routes nothing. */
  readonly operation: OperationName | undefined;
  /** The index of the project whose bearer this is, also of one that has ended. Undefined: of none of them. */
  readonly project: number | undefined;
  /** What stood after "Bearer ", so that tests can see where a key went. */
  readonly bearer: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** The `x-amzn-requestid` of the answer. */
  readonly requestId: string;
  body: string;
  /** The kind of fault that it met. */
  fault: string | undefined;
  /** Undefined until (and unless) a status line was sent. */
  status: number | undefined;
  /** True once a token was created or discarded by it, answered or not. */
  isWorkDone: boolean;
  /** True once the exchange is over, however it ended. */
  isOver: boolean;
  /** True if it ended without a complete answer, as far as Node's HTTP can tell (it cannot for `slowHeaders`). */
  isCutShort: boolean;
}

export interface JournalQuery {
  readonly method?: string | undefined;
  readonly operation?: OperationName | undefined;
  /** A project or its index. */
  readonly project?: number | { readonly index: number } | undefined;
}

interface Waiter {
  readonly predicate: (entry: JournalEntry) => boolean;
  readonly resolve: (entry: JournalEntry) => void;
}

/** Every request in the order of arrival. Holds bearers and bodies: it is for tests only. */
export class RequestJournal {
  private list: JournalEntry[] = [];
  private readonly waiters = new Set<Waiter>();
  private seq = 0;

  get entries(): readonly JournalEntry[] {
    return this.list;
  }

  add(entry: Omit<JournalEntry, 'seq'>): JournalEntry {
    const added = { ...entry, seq: ++this.seq };
    this.list.push(added);
    this.changed(added);
    return added;
  }

  update(entry: JournalEntry, changes: Partial<JournalEntry>): void {
    Object.assign(entry, changes);
    this.changed(entry);
  }

  find({ method, operation, project }: JournalQuery): JournalEntry[] {
    const index = typeof project === 'object' ? project.index : project;
    return this.list.filter(
      (entry) =>
        (method === undefined || entry.method === method) &&
        (operation === undefined || entry.operation === operation) &&
        (index === undefined || entry.project === index),
    );
  }

  count(query: JournalQuery): number {
    return this.find(query).length;
  }

  clear(): void {
    this.list = [];
  }

  /**
   * The first entry that fits, whether it is there already or still to come. It is looked at when it arrives and
   * each time something about it changes.
   * @throws after `timeoutMs`
   */
  waitFor(predicate: (entry: JournalEntry) => boolean, timeoutMs = 5000): Promise<JournalEntry> {
    const found = this.list.find(predicate);
    if (found) return Promise.resolve(found);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiters.delete(waiter);
        reject(new Error(`No such request within ${timeoutMs} ms`));
      }, timeoutMs);
      // Nobody is kept from leaving by a wait.
      timer.unref();
      const waiter: Waiter = {
        predicate,
        resolve: (entry) => {
          clearTimeout(timer);
          resolve(entry);
        },
      };
      this.waiters.add(waiter);
    });
  }

  private changed(entry: JournalEntry): void {
    for (const waiter of this.waiters) {
      if (!waiter.predicate(entry)) continue;
      this.waiters.delete(waiter);
      waiter.resolve(entry);
    }
  }
}

/** The part of the journal that is about one project. */
export class ProjectJournal {
  private readonly journal: RequestJournal;
  private readonly project: number;

  constructor(journal: RequestJournal, project: number) {
    this.journal = journal;
    this.project = project;
  }

  get entries(): readonly JournalEntry[] {
    return this.find({});
  }

  find(query: Omit<JournalQuery, 'project'>): JournalEntry[] {
    return this.journal.find({ ...query, project: this.project });
  }

  count(query: Omit<JournalQuery, 'project'>): number {
    return this.find(query).length;
  }

  /** As `RequestJournal.waitFor`. */
  waitFor(predicate: (entry: JournalEntry) => boolean, timeoutMs?: number): Promise<JournalEntry> {
    return this.journal.waitFor((entry) => entry.project === this.project && predicate(entry), timeoutMs);
  }
}
