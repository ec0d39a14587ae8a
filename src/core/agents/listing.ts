import type { Token } from '../model/token.ts';
import { passesFilter, type TokenFilter } from '../tokens/arrangement.ts';
import { type FoundToken, findTokens } from '../tokens/findTokens.ts';
import { listGapText } from '../tokens/listGap.ts';
import type { PagedList } from '../tokens/pagedList.ts';

/** Few enough rows for a model's context. */
export const rowsPerPage = 50;
/** Each load is a request: a model that pages through a long list must leave enough of the rate limit for the user. */
const maxLoads = 3;

export interface ListingQuery {
  readonly filter: TokenFilter;
  /** Words to search for in names and ids. */
  readonly text?: string | undefined;
  /** From 1. */
  readonly page: number;
  readonly now: Date;
  readonly soonDays: number;
}

export interface Listing {
  /** In MagicBell's order, so that pages keep their rows while more is loaded. */
  readonly rows: readonly Token[];
  readonly hasNextPage: boolean;
  /** How many tokens are loaded, regardless of the filter. */
  readonly loaded: number;
  /** A sentence on what is not loaded and why; empty when everything is. */
  readonly rest: string;
}

/**
 * One page of the matching tokens. Loads more tokens as needed, up to a limit. @throws MagicBellError when they cannot
 * be loaded: a failure must not look like an empty list
 */
export async function listingOf(list: PagedList<Token>, query: ListingQuery): Promise<Listing> {
  const end = query.page * rowsPerPage;
  // One more than fits on the page, to know whether there is a next page.
  const rows = await loadUntil(list, (tokens) => matching(tokens, query), end + 1);
  return {
    rows: rows.slice(end - rowsPerPage, end),
    hasNextPage: rows.length > end || list.hasMore,
    loaded: list.items.length,
    rest: restOf(list),
  };
}

function restOf({ items, hasMore, gap }: PagedList<Token>): string {
  if (hasMore) return `${items.length} tokens are loaded so far; there are more.`;
  return gap === undefined ? '' : `Not everything can be listed: ${listGapText(gap)}.`;
}

/** Loads until that many tokens match, up to the end of the list or the limit. @throws MagicBellError */
export async function loadUntil<T>(
  list: PagedList<Token>,
  match: (tokens: readonly Token[]) => readonly T[],
  count: number,
): Promise<readonly T[]> {
  await list.load();
  if (!list.isLoaded && list.error !== undefined) throw list.error;
  let found = match(list.items);
  for (let loads = 1; loads < maxLoads && found.length < count && list.hasMore; loads++) {
    await list.loadMore();
    if (list.error !== undefined) throw list.error;
    found = match(list.items);
  }
  return found;
}

function matching(tokens: readonly Token[], { filter, text, now, soonDays }: ListingQuery): readonly Token[] {
  const passing = tokens.filter((token) => passesFilter(token, filter, now, soonDays));
  if (text === undefined) return passing;
  return findTokens(
    passing.map((token): FoundToken => ({ token })),
    text,
  ).map(({ token }) => token);
}
