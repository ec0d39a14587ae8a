import type { CutShort, NextPage, ListPage } from './paging.ts';

const maxPagesWithoutNews = 3;

/** More than any real list; at MagicBell's limits it takes 20 minutes. */
const defaultMaxPages = 5000;

/** An item of a list. Items without an id never equal each other. */
export interface Identified {
  readonly id: string | undefined;
}

/** One page of a walk. */
export interface WalkedPage<T> {
  /** All rows of the page. */
  readonly items: readonly T[];
  /** The rows that no earlier page of this walk had. */
  readonly added: readonly T[];
}

/**
 * The progress of a walk over a list, with guards against an API that leads in circles or never ends. It survives a
 * failed request: `pagesOf()` with the same trail continues where the last one stopped.
 */
export class PageTrail {
  private readonly maxPages: number;
  private readonly ids = new Set<string>();
  private readonly named = new Set<NextPage>();
  private nextPage: NextPage | undefined;
  private pageCount = 0;
  private pagesWithoutNews = 0;
  private cut: CutShort | undefined;
  private unreadable = 0;

  constructor(maxPages = defaultMaxPages) {
    this.maxPages = maxPages;
  }

  /** The page to request; undefined before the first page and at the end. */
  get next(): NextPage | undefined {
    return this.nextPage;
  }

  /** Whether at least one page has arrived. */
  get hasBegun(): boolean {
    return this.pageCount > 0;
  }

  /** Whether the walk has ended, for any reason. */
  get isOver(): boolean {
    return this.hasBegun && this.nextPage === undefined;
  }

  /** Why it ended before the end of the list; undefined while it goes on, and at the true end. */
  get cutShort(): CutShort | undefined {
    return this.cut;
  }

  /** How many rows could not be read so far. */
  get unreadableItems(): number {
    return this.unreadable;
  }

  /** Adds the next page. Returns the rows that are new. */
  follow<T extends Identified>(page: ListPage<T>): readonly T[] {
    const added = newRows(page.items, this.ids);
    this.pageCount += 1;
    this.unreadable += page.unreadableItems ?? 0;
    this.pagesWithoutNews = added.length === 0 ? this.pagesWithoutNews + 1 : 0;
    this.cut = page.next === undefined ? page.cutShort : this.reasonToStop(page.next);
    this.nextPage = this.cut === undefined ? page.next : undefined;
    if (page.next !== undefined) this.named.add(page.next);
    return added;
  }

  private reasonToStop(next: NextPage): CutShort | undefined {
    if (this.named.has(next)) return 'repeats';
    if (this.pagesWithoutNews >= maxPagesWithoutNews) return 'nothingNew';
    return this.pageCount >= this.maxPages ? 'tooLong' : undefined;
  }
}

/**
 * The pages of a list from where the trail stands to the end, each asked for when the one before was taken. Ends as
 * well where the trail's guards say so: look at `trail.cutShort` afterwards. Rows without an id are always new.
 * @throws what `fetchPage` throws, and the signal's reason; `fetchPage` should get the same signal
 */
export async function* pagesOf<T extends Identified>(
  fetchPage: (next: NextPage | undefined) => Promise<ListPage<T>>,
  trail: PageTrail = new PageTrail(),
  signal?: AbortSignal,
): AsyncGenerator<WalkedPage<T>, void, undefined> {
  while (!trail.isOver) {
    signal?.throwIfAborted();
    const page = await fetchPage(trail.next);
    yield { items: page.items, added: trail.follow(page) };
  }
}

/** All rows of a list, each once. */
export interface AllPages<T> {
  readonly items: readonly T[];
  readonly unreadableItems: number;
  /** Undefined: the end of the list was reached. */
  readonly cutShort: CutShort | undefined;
}

/** Walks a list to the end. @throws as `pagesOf()` */
export async function fetchAllPages<T extends Identified>(
  fetchPage: (next: NextPage | undefined) => Promise<ListPage<T>>,
  signal?: AbortSignal,
): Promise<AllPages<T>> {
  const trail = new PageTrail();
  const items: T[] = [];
  for await (const { added } of pagesOf(fetchPage, trail, signal)) items.push(...added);
  return { items, unreadableItems: trail.unreadableItems, cutShort: trail.cutShort };
}

/** The rows whose id is not in `ids` yet, in their order; adds their ids. Rows without an id are always new. */
export function newRows<T extends Identified>(rows: readonly T[], ids: Set<string>): T[] {
  return rows.filter(({ id }) => {
    if (id === undefined) return true;
    if (ids.has(id)) return false;
    ids.add(id);
    return true;
  });
}
