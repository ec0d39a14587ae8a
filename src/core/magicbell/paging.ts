declare const nextPageBrand: unique symbol;

/** Where the next page starts: the query of the API's own `links.next`, opaque. It is never built here. */
export type NextPage = string & { readonly [nextPageBrand]: true };

/** One page of a collection, as the API ordered it. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Undefined on the last page. */
  readonly next: NextPage | undefined;
  /** How many rows the API sent in a form that cannot be read; they are missing from `items`. Absent: none. */
  readonly unreadableItems?: number | undefined;
  /** True when the API names a next page that cannot be followed: there is more, though `next` is undefined. */
  readonly isCutShort?: boolean | undefined;
}

/** Which page to ask for. `limit` only counts for the first: `next` carries the API's own query. */
export interface PageRequest {
  readonly limit: number;
  readonly next?: NextPage | undefined;
}
