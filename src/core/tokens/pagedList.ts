import { type Disposable } from '../base/disposable.ts';
import { Emitter } from '../base/event.ts';
import { MagicBellError, asMagicBellError } from '../magicbell/errors.ts';
import type { CallOptions } from '../magicbell/magicBellApi.ts';
import type { NextPage, Page, PageRequest } from '../magicbell/paging.ts';

export interface PagedListOptions<T> {
  readonly fetchPage: (page: PageRequest, options: CallOptions) => Promise<Page<T>>;
  /** What makes an item the same item; undefined: it has no identity and is never a duplicate. */
  readonly keyOf: (item: T) => string | undefined;
  readonly pageSize: () => number;
}

/** An API that names ever new pages with nothing new on them would be asked for ever. */
const maxPagesWithoutNews = 3;

/** How "Load All" comes along. */
export interface LoadAllOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (loaded: number) => void;
}

/** A list of whatever, for code that does not look at the items. */
export type AnyPagedList = Pick<
  PagedList<unknown>,
  | 'items'
  | 'isLoaded'
  | 'isLoading'
  | 'hasMore'
  | 'isIncomplete'
  | 'isStale'
  | 'error'
  | 'load'
  | 'loadMore'
  | 'loadAll'
  | 'refresh'
>;

/**
 * A collection of the API, loaded page by page when asked to. What is loaded stays when a later load fails: the
 * failure stands beside it, so that a failure never looks like an empty list.
 */
export class PagedList<T> implements Disposable {
  private readonly options: PagedListOptions<T>;
  private readonly changeEmitter = new Emitter<void>();
  private rows: T[] = [];
  private keys = new Map<string, number>();
  private nextPage: NextPage | undefined;
  /** Guards against an API that leads round in a circle. */
  private seenPages = new Set<NextPage>();
  private loading: Promise<void> | undefined;
  private loaded = false;
  private failure: MagicBellError | undefined;
  /** A refresh was begun and has not brought its rows: what is here is old, whatever is loaded after it. */
  private refreshIsDue = false;
  private incomplete = false;
  /** What was put in while something loads: an answer that was on its way by then does not know of it. */
  private putIn: T[] = [];
  /** Goes up when everything loaded becomes void: an answer to an older question is dropped. */
  private generation = 0;
  private aborter = new AbortController();

  readonly onDidChange = this.changeEmitter.event;

  constructor(options: PagedListOptions<T>) {
    this.options = options;
  }

  get items(): readonly T[] {
    return this.rows;
  }

  /** Whether the first page has arrived. */
  get isLoaded(): boolean {
    return this.loaded;
  }

  get isLoading(): boolean {
    return this.loading !== undefined;
  }

  get hasMore(): boolean {
    return this.nextPage !== undefined;
  }

  /** Why the latest load failed; undefined when it did not. */
  get error(): MagicBellError | undefined {
    return this.failure;
  }

  /** Whether only a refresh, and no further page, mends the failure. */
  get isStale(): boolean {
    return this.loaded && this.failure !== undefined && (this.refreshIsDue || this.nextPage === undefined);
  }

  /** Whether the API sent rows, or named pages, that cannot be read: what is here is not everything. */
  get isIncomplete(): boolean {
    return this.incomplete;
  }

  /** Loads the first page unless that was done. Never rejects: see `error`. */
  async load(): Promise<void> {
    if (this.loaded) return;
    await (this.loading ?? this.run((signal) => this.replaceWithPages(1, signal)));
  }

  /** Loads the next page, when there is one. */
  async loadMore(): Promise<void> {
    await this.run(async (signal, isCurrent) => {
      if (!this.loaded) return this.replaceWithPages(1, signal);
      if (this.nextPage === undefined) return undefined;
      const page = await this.fetch(this.nextPage, signal);
      if (isCurrent()) this.append(page);
      return undefined;
    });
  }

  /** Loads all pages that are left. Stops when the signal aborts, keeping what has come. */
  async loadAll({ signal: cancel, onProgress }: LoadAllOptions): Promise<void> {
    await this.run(async (disposed, isCurrent) => {
      const signal = AbortSignal.any([disposed, cancel]);
      if (!this.loaded) await this.replaceWithPages(1, signal);
      let pagesWithoutNews = 0;
      while (this.nextPage !== undefined && isCurrent() && !signal.aborted) {
        const page = await this.fetch(this.nextPage, signal);
        if (!isCurrent()) return;
        const count = this.rows.length;
        this.append(page);
        pagesWithoutNews = this.rows.length === count ? pagesWithoutNews + 1 : 0;
        if (pagesWithoutNews >= maxPagesWithoutNews) {
          throw new MagicBellError('unexpectedResponse', 'the list goes on without bringing anything new');
        }
        onProgress(this.rows.length);
      }
    });
  }

  /** Loads as much as was loaded again. The old rows stay until the new ones have all come, and when they do not. */
  async refresh(): Promise<void> {
    const count = this.rows.length;
    await this.run((signal) => {
      this.refreshIsDue = true;
      return this.replaceWithPages(count, signal);
    });
  }

  /** Puts an item in, or in the place of the one with its key: what was done here shows without asking the API again. */
  upsert(item: T): void {
    if (this.isLoading && this.options.keyOf(item) !== undefined) this.putIn.push(item);
    this.rows = [...this.rows];
    this.add([item]);
    this.changeEmitter.fire();
  }

  find(key: string): T | undefined {
    const index = this.keys.get(key);
    return index === undefined ? undefined : this.rows[index];
  }

  /** Forgets everything, and what is under way. */
  reset(): void {
    this.generation += 1;
    this.aborter.abort();
    this.aborter = new AbortController();
    this.loading = undefined;
    this.loaded = false;
    this.failure = undefined;
    this.refreshIsDue = false;
    this.incomplete = false;
    this.nextPage = undefined;
    this.putIn = [];
    this.rows = [];
    this.keys = new Map();
    this.seenPages = new Set();
    this.changeEmitter.fire();
  }

  dispose(): void {
    this.changeEmitter.dispose();
    this.reset();
  }

  /** One load at a time: a second one waits for the first, then does its own part. */
  private async run(work: (signal: AbortSignal, isCurrent: () => boolean) => Promise<void>): Promise<void> {
    const generation = this.generation;
    const isCurrent = (): boolean => generation === this.generation;
    while (this.loading !== undefined && isCurrent()) await this.loading;
    if (!isCurrent()) return;
    const loading = this.attempt(work, isCurrent);
    this.loading = loading;
    try {
      await loading;
    } finally {
      if (this.loading === loading) {
        this.loading = undefined;
        if (this.putIn.length > 0) this.add(this.putIn.splice(0));
        this.changeEmitter.fire();
      }
    }
  }

  private async attempt(
    work: (signal: AbortSignal, isCurrent: () => boolean) => Promise<void>,
    isCurrent: () => boolean,
  ): Promise<void> {
    try {
      await work(this.aborter.signal, isCurrent);
      if (isCurrent() && !this.refreshIsDue) this.failure = undefined;
    } catch (error) {
      const known = asMagicBellError(error);
      if (known === undefined) throw error;
      // Cancelling is what somebody wanted, not a failure.
      if (isCurrent() && known.reason !== 'cancelled') this.failure = known;
    }
  }

  private fetch(next: NextPage | undefined, signal: AbortSignal): Promise<Page<T>> {
    return this.options.fetchPage({ limit: this.options.pageSize(), next }, { signal });
  }

  /** Loads pages until there are at least `count` rows, then puts them in the place of the old ones. */
  private async replaceWithPages(count: number, signal: AbortSignal): Promise<void> {
    const generation = this.generation;
    const pages: Page<T>[] = [];
    let next: NextPage | undefined;
    let loaded = 0;
    do {
      const page = await this.fetch(next, signal);
      pages.push(page);
      next = page.next;
      loaded += page.items.length;
      // A page that adds nothing would never reach the count.
    } while (next !== undefined && loaded < count && pages.at(-1)?.items.length !== 0);
    if (generation !== this.generation) return;
    this.rows = [];
    this.keys = new Map();
    this.seenPages = new Set();
    this.incomplete = false;
    this.refreshIsDue = false;
    this.loaded = true;
    for (const page of pages) this.append(page);
  }

  private append(page: Page<T>): void {
    this.add(page.items);
    this.nextPage = page.next;
    if (page.isCutShort === true || (page.unreadableItems ?? 0) > 0) this.incomplete = true;
    if (page.next === undefined) return;
    if (this.seenPages.has(page.next)) {
      this.nextPage = undefined;
      throw new MagicBellError('unexpectedResponse', 'the list names a page that was loaded already as its next one');
    }
    this.seenPages.add(page.next);
  }

  /** Rows that came before are replaced, so that none shows twice when a list shifts between two pages. */
  private add(items: readonly T[]): void {
    for (const item of items) {
      const key = this.options.keyOf(item);
      const known = key === undefined ? undefined : this.keys.get(key);
      if (known !== undefined) {
        this.rows[known] = item;
        continue;
      }
      if (key !== undefined) this.keys.set(key, this.rows.length);
      this.rows.push(item);
    }
  }
}
