import type { NextPage, Page } from './paging.ts';

/** What `links.next` means: a page, the end, or more rows that cannot be reached. */
export type NextLink = NextPage | 'last' | 'broken';

const maxQueryLength = 8000;

/**
 * Takes the query of `links.next` and nothing else: its host and path are never used, so that the key goes nowhere
 * else. `asked` is the query of the page that carried the link: one that leads back to itself is broken.
 */
export function nextPageOf(next: unknown, asked: string): NextLink {
  if (next === undefined || next === null) return 'last';
  if (typeof next !== 'string') return 'broken';
  const link = next.trim().replace(/#.*$/s, '');
  if (link === '') return 'last';
  const mark = link.indexOf('?');
  // A bare query (`starting_after=MQ`) has a = before any /; an address without a query has none.
  const query = mark >= 0 ? link.slice(mark + 1) : /^[^/:=]+=/.test(link) ? link : '';
  if (query === '' || query.length > maxQueryLength || query === asked) return 'broken';
  return query as NextPage;
}

const maxPages = 5000;
const maxPagesWithoutNews = 3;

export interface FetchAllOptions<T> {
  /** Called after each page with the rows that it added. */
  readonly onPage?: ((added: readonly T[], all: readonly T[]) => void) | undefined;
  /** Aborting ends it after the running page, whose own call should get the same signal. */
  readonly signal?: AbortSignal | undefined;
}

/** All rows there are, each once; `isComplete` is false when the API named pages that could not be followed. */
export interface AllPages<T> {
  readonly items: readonly T[];
  readonly unreadableItems: number;
  readonly isComplete: boolean;
}

/**
 * Follows `next` to the end. Rows with an id that was there before are left out. Ends, and says so, at a `next` that
 * was there before, and after a few pages in a row that bring nothing new.
 * @throws what `fetchPage` throws, and the signal's reason
 */
export async function fetchAllPages<T extends { readonly id: string | undefined }>(
  fetchPage: (next: NextPage | undefined) => Promise<Page<T>>,
  { onPage, signal }: FetchAllOptions<T> = {},
): Promise<AllPages<T>> {
  const items: T[] = [];
  const ids = new Set<string>();
  const asked = new Set<NextPage>();
  let next: NextPage | undefined;
  let unreadableItems = 0;
  let withoutNews = 0;
  for (;;) {
    signal?.throwIfAborted();
    const page = await fetchPage(next);
    unreadableItems += page.unreadableItems ?? 0;
    const added = newRows(page.items, ids);
    items.push(...added);
    onPage?.(added, items);
    next = page.next;
    if (next === undefined) return { items, unreadableItems, isComplete: page.isCutShort !== true };
    withoutNews = added.length === 0 ? withoutNews + 1 : 0;
    if (asked.has(next) || asked.size >= maxPages || withoutNews >= maxPagesWithoutNews) {
      return { items, unreadableItems, isComplete: false };
    }
    asked.add(next);
  }
}

/** The rows whose id is not in `ids` yet, in their order; adds their ids. Rows without an id are always new. */
export function newRows<T extends { readonly id: string | undefined }>(rows: readonly T[], ids: Set<string>): T[] {
  return rows.filter(({ id }) => {
    if (id === undefined) return true;
    if (ids.has(id)) return false;
    ids.add(id);
    return true;
  });
}
