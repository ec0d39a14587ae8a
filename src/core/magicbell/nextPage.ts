import type { CutShort, NextPage } from './paging.ts';

/** What `links.next` means: a page, the end, or why the list is cut short. */
export type NextLink =
  { readonly page: NextPage | undefined } | { readonly cutShort: Extract<CutShort, 'unreadableLink' | 'repeats'> };

/** The names of the cursor's parameter: today's API, the SDKs of December 2024, and the OpenAPI document's example. */
const cursorPattern = /(?:^|[?&])(starting_after|page(?:\[|%5B)(?:after|next)(?:\]|%5D))=([^&#]*)/gi;
const maxCursorLength = 4000;
/** Longer links are not read: searching them would take too long. */
const maxLinkLength = 20_000;

/**
 * Takes the cursor of `links.next` and nothing else. Its host and path are never used, so that the key goes nowhere
 * else; its other parameters neither, because the API repeats them decoded: the `&` or `#` of a search ends it there.
 * For the same reason the raw text is read, without a URL parser.
 *
 * @param asked the page that carried the link: one that leads back to itself repeats
 * @param filter the filter of the list, which may hold something that looks like a cursor
 */
export function nextPageOf(
  next: unknown,
  asked: NextPage | undefined,
  filter: Readonly<Record<string, string>> = {},
): NextLink {
  if (next === undefined || next === null) return { page: undefined };
  if (typeof next !== 'string') return { cutShort: 'unreadableLink' };
  if (next.length > maxLinkLength) return { cutShort: 'unreadableLink' };
  const link = next.trim();
  if (link === '' || link === '#') return { page: undefined };
  // The last match: earlier ones may be part of another parameter, repeated decoded.
  const [, name = '', value = ''] = [...withoutFilter(link, filter).matchAll(cursorPattern)].at(-1) ?? [];
  const cursor = decoded(value);
  if (cursor === '' || cursor.length > maxCursorLength || /\p{Surrogate}/u.test(cursor))
    return { cutShort: 'unreadableLink' };
  const page = `${encodeURIComponent(decoded(name).toLowerCase())}=${encodeURIComponent(cursor)}` as NextPage;
  return page === asked ? { cutShort: 'repeats' } : { page };
}

/** The query of a page: the list's own limit and filter, and the cursor as the API named it. */
export function pageQuery(
  limit: number,
  next: NextPage | undefined,
  filter: Readonly<Record<string, string>> = {},
): string {
  const own = new URLSearchParams({ limit: String(limit), ...filter }).toString();
  return next === undefined ? own : `${own}&${next}`;
}

/** Removes the filter, a person's text that the link repeats decoded or encoded. */
function withoutFilter(link: string, filter: Readonly<Record<string, string>>): string {
  let rest = link;
  for (const [name, value] of Object.entries(filter)) {
    const spellings = [value, encodeURIComponent(value)].map((text) => `${name}=${text}`);
    for (const pair of [...spellings, new URLSearchParams({ [name]: value }).toString()]) {
      rest = rest.replace(pair, () => `${name}=`);
    }
  }
  return rest;
}

/** Keeps a `+`: cursors are base64, which contains it, and hold no spaces. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
