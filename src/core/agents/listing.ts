import type { Token } from '../model/token.ts';
import { passesFilter, type TokenFilter } from '../tokens/arrangement.ts';
import { type FoundToken, findTokens } from '../tokens/findTokens.ts';
import type { PagedList } from '../tokens/pagedList.ts';

/** Few enough for a model's context. */
export const rowsPerPage = 50;
/** Each is a request: a model that walks through a long list must not use up what a person's clicks need. */
const maxLoads = 3;

export interface ListingQuery {
  readonly filter: TokenFilter;
  /** Words of names and ids. */
  readonly text?: string | undefined;
  /** From 1. */
  readonly page: number;
  readonly now: Date;
  readonly soonDays: number;
}

export interface Listing {
  /** In the order in which MagicBell lists them, so that pages stay what they are while more is loaded. */
  readonly rows: readonly Token[];
  readonly hasNextPage: boolean;
  /** How many tokens are loaded, whatever the filter. */
  readonly loaded: number;
  /** Whether that is all there are. */
  readonly isWhole: boolean;
}

/**
 * One page of the tokens that match, loading what it needs within a bound. @throws MagicBellError when nothing could be
 * loaded: a failure is never an empty list
 */
export async function listingOf(list: PagedList<Token>, query: ListingQuery): Promise<Listing> {
  const end = query.page * rowsPerPage;
  // One more than the page has, to know whether there is a next one.
  const rows = await loadUntil(list, (tokens) => matching(tokens, query), end + 1);
  return {
    rows: rows.slice(end - rowsPerPage, end),
    hasNextPage: rows.length > end || list.hasMore,
    loaded: list.items.length,
    isWhole: !list.hasMore && list.gap === undefined,
  };
}

/** Loads until that many match, or the list or the bound ends it. @throws MagicBellError when nothing could be loaded */
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
