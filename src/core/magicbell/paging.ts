declare const nextPageBrand: unique symbol;

/**
 * Where the next page starts: the API's own cursor with the name of its parameter, ready to be sent. Opaque, and never
 * built here: see `nextPageOf()`.
 */
export type NextPage = string & { readonly [nextPageBrand]: true };

/**
 * Why a list was not read to its end.
 *
 * - `unreadableLink`: the API names a next page without a readable cursor
 * - `repeats`: the API names a page as the next one that was loaded already
 * - `nothingNew`: several pages in a row brought no new rows
 * - `tooLong`: the list has more pages than are loaded at most
 */
export type CutShort = 'unreadableLink' | 'repeats' | 'nothingNew' | 'tooLong';

/** One page of a collection, as the API ordered it. */
export interface ListPage<T> {
  readonly items: readonly T[];
  /** Undefined on the last page. */
  readonly next: NextPage | undefined;
  /** How many rows the API sent in a form that cannot be read; they are missing from `items`. Absent: none. */
  readonly unreadableItems?: number | undefined;
  /** Set when there is more, though `next` is undefined. */
  readonly cutShort?: CutShort | undefined;
  /** True for an object with neither `data` nor `links`: an empty list, but no proof that MagicBell has answered. */
  readonly isBare?: boolean | undefined;
}

/** Which page to request: the same `limit` (and filter) for each page of a list, and `next` from the page before. */
export interface PageRequest {
  readonly limit: number;
  readonly next?: NextPage | undefined;
}
