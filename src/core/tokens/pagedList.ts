import { type Disposable } from '../base/disposable.ts';
import { Emitter } from '../base/event.ts';
import { type MagicBellError, asMagicBellError } from '../magicbell/errors.ts';
import type { CallOptions, WaitReason } from '../magicbell/magicBellApi.ts';
import type { Identified } from '../magicbell/pages.ts';
import type { NextPage, ListPage, PageRequest } from '../magicbell/paging.ts';
import type { ListGap } from './listGap.ts';
import { LoadedRows } from './loadedRows.ts';

export interface PagedListOptions<T> {
  readonly fetchPage: (page: PageRequest, options: CallOptions) => Promise<ListPage<T>>;
  readonly pageSize: () => number;
}

/** Progress and cancellation of a long load, such as "Load All". */
export interface LoadAllOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (loaded: number) => void;
  readonly onWait?: CallOptions['onWait'];
}

/** What a first load waits for. */
export interface Wait {
  readonly until: Date;
  readonly reason: WaitReason;
}

/** A list without its item type, for code that does not look at the items. */
export type AnyPagedList = Pick<
  PagedList<Identified>,
  | 'items'
  | 'isLoaded'
  | 'isLoading'
  | 'hasMore'
  | 'gap'
  | 'isStale'
  | 'error'
  | 'waiting'
  | 'load'
  | 'loadUntilWaiting'
  | 'stopWaiting'
  | 'loadMore'
  | 'loadAll'
  | 'refresh'
>;

/** One load. `signal` aborts when its answer is no longer needed. */
type Work = (signal: AbortSignal) => Promise<void>;

/**
 * A collection of the API, loaded page by page on request. Loaded items stay when a later load fails: the failure is
 * shown beside them, so that it never looks like an empty list.
 */
export class PagedList<T extends Identified> implements Disposable {
  private readonly options: PagedListOptions<T>;
  private readonly changeEmitter = new Emitter<void>();
  private loaded = new LoadedRows<T>();
  private loading: Promise<void> | undefined;
  private failure: MagicBellError | undefined;
  /** A refresh was started and has not delivered its rows: the loaded rows are old, whatever is loaded after them. */
  private isRefreshDue = false;
  /** Items added while a load was under way: its answer may not include them. */
  private upsertedWhileLoading: T[] = [];
  /** The first load, while it is under way. */
  private firstLoad: { readonly stopper: AbortController; wait?: Wait } | undefined;
  /** Aborted on reset: answers to older requests are dropped. */
  private aborter = new AbortController();

  readonly onDidChange = this.changeEmitter.event;

  constructor(options: PagedListOptions<T>) {
    this.options = options;
  }

  get items(): readonly T[] {
    return this.loaded.items;
  }

  /** Whether the first page has arrived. */
  get isLoaded(): boolean {
    return this.loaded.trail.hasBegun;
  }

  get isLoading(): boolean {
    return this.loading !== undefined;
  }

  get hasMore(): boolean {
    return this.loaded.trail.next !== undefined;
  }

  /** Whether everything is loaded, as far as is known. */
  get isWhole(): boolean {
    return this.isLoaded && !this.hasMore && this.gap === undefined && this.error === undefined;
  }

  /** What the first load waits for; undefined when none is under way, or when it only waits for its answer. */
  get waiting(): Wait | undefined {
    return this.firstLoad?.wait;
  }

  /** Why the latest load failed; undefined when it succeeded. */
  get error(): MagicBellError | undefined {
    return this.failure;
  }

  /** Whether only a refresh can fix the failure, and not another page. */
  get isStale(): boolean {
    return this.isLoaded && this.failure !== undefined && (this.isRefreshDue || !this.hasMore);
  }

  /** Why the list is incomplete and stays so when more pages are loaded; undefined: nothing is known to be missing. */
  get gap(): ListGap | undefined {
    const { unreadableItems, cutShort } = this.loaded.trail;
    return unreadableItems === 0 && cutShort === undefined ? undefined : { unreadableItems, cutShort };
  }

  /** Loads the first page unless it is loaded. Never rejects: see `error`. */
  async load(): Promise<void> {
    if (this.isLoaded) return;
    await (this.loading ?? this.run((signal) => this.loadFirst(signal)));
  }

  /** Like `load()`, but also resolves when the load starts a long wait, which continues in the background. */
  async loadUntilWaiting(isLong: (wait: Wait) => boolean): Promise<void> {
    let stopListening: Disposable | undefined;
    const waits = new Promise<void>((resolve) => {
      const look = (): void => {
        if (this.waiting !== undefined && isLong(this.waiting)) resolve();
      };
      stopListening = this.onDidChange(look);
      look();
    });
    try {
      await Promise.race([this.load(), waits]);
    } finally {
      stopListening?.dispose();
    }
  }

  /** Cancels the first load; `error` is `cancelled` then. */
  stopWaiting(): void {
    this.firstLoad?.stopper.abort();
  }

  /** When there is more, loads pages until one brings new items. */
  async loadMore(): Promise<void> {
    await this.run((signal) => this.loadRows(this.items.length + 1, { signal }));
  }

  /** Loads all remaining pages. Stops when the signal aborts, and keeps what has arrived. */
  async loadAll({ signal: cancel, onProgress, onWait }: LoadAllOptions): Promise<void> {
    await this.run(async (reset) => {
      const signal = AbortSignal.any([reset, cancel]);
      await this.loadRows(1, { signal, onWait });
      await this.loadRows(Infinity, { signal, onWait, priority: 'background' }, onProgress);
    }, cancel);
  }

  /**
   * Loads as many rows again as were loaded, or to the end if the list was loaded to the end. The old rows stay until
   * all new ones have arrived, and when that fails.
   */
  async refresh({ signal: cancel, onProgress, onWait }: Partial<LoadAllOptions> = {}): Promise<void> {
    await this.run(async (reset) => {
      const signal = cancel === undefined ? reset : AbortSignal.any([reset, cancel]);
      const { items, trail } = this.loaded;
      const wasWhole = trail.isOver && trail.cutShort === undefined;
      this.isRefreshDue = true;
      const fresh = new LoadedRows<T>();
      const fetchPage = this.fetcher(fresh, { signal, onWait, priority: 'background' });
      await fresh.loadUntil(wasWhole ? Infinity : items.length, fetchPage, (loaded) => {
        onProgress?.(loaded);
        return true;
      });
      if (signal.aborted) return;
      this.loaded = fresh;
      this.isRefreshDue = false;
    }, cancel);
  }

  /** Adds an item, or replaces the one with its id: shows a local action without another request. */
  upsert(item: T): void {
    if (this.isLoading && item.id !== undefined) this.upsertedWhileLoading.push(item);
    this.loaded.upsert(item);
    this.changeEmitter.fire();
  }

  find(id: string): T | undefined {
    return this.loaded.find(id);
  }

  /** Forgets all items and drops running loads. */
  reset(): void {
    this.aborter.abort();
    this.aborter = new AbortController();
    this.loaded = new LoadedRows();
    this.loading = undefined;
    this.firstLoad = undefined;
    this.failure = undefined;
    this.isRefreshDue = false;
    this.upsertedWhileLoading = [];
    this.changeEmitter.fire();
  }

  dispose(): void {
    this.changeEmitter.dispose();
    this.reset();
  }

  private async loadFirst(reset: AbortSignal): Promise<void> {
    const firstLoad: NonNullable<typeof this.firstLoad> = { stopper: new AbortController() };
    this.firstLoad = firstLoad;
    const onWait: CallOptions['onWait'] = (until, reason) => {
      firstLoad.wait = { until, reason };
      if (this.firstLoad === firstLoad) this.changeEmitter.fire();
    };
    const { signal } = firstLoad.stopper;
    try {
      await this.loadRows(1, { signal: AbortSignal.any([reset, signal]), onWait });
    } catch (error) {
      // Kept as the failure of the list: rows that are shown again must not restart a load that was stopped.
      if (signal.aborted && !reset.aborted) this.failure = asMagicBellError(error);
      throw error;
    } finally {
      if (this.firstLoad === firstLoad) this.firstLoad = undefined;
    }
  }

  /** Runs one load at a time: a second one waits for the first, unless it is cancelled. */
  private async run(work: Work, cancel?: AbortSignal): Promise<void> {
    const { signal } = this.aborter;
    while (this.loading !== undefined && !signal.aborted && cancel?.aborted !== true)
      await (cancel === undefined ? this.loading : Promise.race([this.loading, aborted(cancel)]));
    if (signal.aborted || cancel?.aborted === true) return;
    const loading = this.attempt(work, signal);
    this.loading = loading;
    try {
      await loading;
    } finally {
      if (this.loading === loading) {
        this.loading = undefined;
        this.loaded.add(this.upsertedWhileLoading.splice(0));
        this.changeEmitter.fire();
      }
    }
  }

  private async attempt(work: Work, signal: AbortSignal): Promise<void> {
    try {
      await work(signal);
      if (!signal.aborted && !this.isRefreshDue) this.failure = undefined;
    } catch (error) {
      const known = asMagicBellError(error);
      if (known === undefined) throw error;
      // A cancelled load is not a failure.
      if (!signal.aborted && known.reason !== 'cancelled') this.failure = known;
    }
  }

  /**
   * Adds pages until there are `count` rows. After a reset, rows that still arrive go to an object that is no longer
   * used.
   */
  private loadRows(
    count: number,
    options: CallOptions & { readonly signal: AbortSignal },
    onProgress: (loaded: number) => void = () => undefined,
  ): Promise<void> {
    return this.loaded.loadUntil(count, this.fetcher(this.loaded, options), (loaded) => {
      if (!options.signal.aborted) onProgress(loaded);
      return !options.signal.aborted;
    });
  }

  private fetcher(rows: LoadedRows<T>, options: CallOptions): (next: NextPage | undefined) => Promise<ListPage<T>> {
    return (next) => {
      if (next === undefined) rows.pageSize = this.options.pageSize();
      return this.options.fetchPage({ limit: rows.pageSize, next }, options);
    };
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
