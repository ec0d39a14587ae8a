import { benchKey } from '../benchKey.ts';

/** A token of the list as it comes over the wire. */
export interface WireToken {
  readonly id: string;
  readonly name: string;
  readonly expires_at?: string;
}

/** One page of a list. */
export interface WirePage<T> {
  readonly data: readonly T[];
  readonly links: { readonly next: string | null };
}

/** The address of a list's first page, or of its second one. */
export const tokensUrl = (baseUrl: string, page = 0): string =>
  `${baseUrl}/jwt/project?limit=100${page === 0 ? '' : `&starting_after=${page}`}`;

/** One page, with nothing but node-fetch, which is loaded when it is first used. */
export async function fetchPage<T = WireToken>(url: string): Promise<WirePage<T>> {
  const { default: fetch } = await import('node-fetch');
  const response = await fetch(url, { headers: { authorization: `Bearer ${benchKey}` } });
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return (await response.json()) as WirePage<T>;
}

/** The pages of a list from the second one on, one after the other: nobody can load it with less. */
export async function fetchRest(baseUrl: string): Promise<WireToken[]> {
  const rows: WireToken[] = [];
  let next: string | null = tokensUrl(baseUrl, 1);
  while (next !== null) {
    const page: WirePage<WireToken> = await fetchPage(next);
    rows.push(...page.data);
    next = page.links.next;
  }
  return rows;
}
