import { findingBit, type FindingId } from '../core/overview/findingIds.ts';
import type { ConnectionMessage, RowMessage } from '../core/overview/protocol.ts';

export const columns = ['name', 'owner', 'project', 'created', 'expires'] as const;

export type Column = (typeof columns)[number];

export interface Sort {
  readonly column: Column;
  readonly isDescending: boolean;
}

/** A filter by expiry: already expired, within a time span, or never. */
export type Expires = 'expired' | 'never' | { readonly from: number; readonly to: number };

/** The conditions that shown rows meet. */
export interface Filter {
  readonly search: string;
  readonly finding?: FindingId | undefined;
  readonly expires?: Expires | undefined;
  readonly connection?: number | undefined;
}

const collapsedMarks = /\p{M}+/gu;
/** Numbers with up to this many digits are sorted by value. */
const digits = 12;

/** Normalizes text for searching: lower case, and one Unicode form. */
const forSearch = (text: string): string => text.normalize('NFC').toLowerCase();

/** Normalizes text for sorting: without diacritics, and with padded numbers. */
function forSort(text: string): string {
  const plain = /[^\0-\x7f]/.test(text) ? text.normalize('NFKD').replace(collapsedMarks, '') : text;
  return plain.toLowerCase().replace(/\d{1,12}/g, (number) => number.padStart(digits, '0'));
}

/**
 * The rows of the table, with indexes that make sorting and searching 100,000 of them fast: a search text for each row,
 * and the order of all rows for each column. Each index is built once. Needs no document.
 */
export class RowStore {
  readonly rows: readonly RowMessage[];
  private readonly projects: readonly string[];
  private readonly texts: string[] = [];
  private readonly orders = new Map<Column, Uint32Array>();

  /** @param projects the connections' names, indexed by a row's `connection` */
  constructor(rows: readonly RowMessage[], projects: readonly string[]) {
    this.rows = rows;
    this.projects = projects;
  }

  /** Builds the next missing index. False if all are built. */
  prepareNext(): boolean {
    const next = columns.find((column) => !this.orders.has(column));
    if (next !== undefined) this.orderOf(next);
    else if (this.texts.length < this.rows.length) this.searchTexts();
    else return false;
    return true;
  }

  /** The indexes of the matching rows, sorted. @param nowOf the current time of a connection, by its index */
  select(filter: Filter, { column, isDescending }: Sort, nowOf: (connection: number) => number): Uint32Array {
    const order = this.orderOf(column);
    const matches = this.matcher(filter, nowOf);
    const selected = new Uint32Array(order.length);
    let count = 0;
    for (let at = 0; at < order.length; at += 1) {
      const place = order[isDescending ? order.length - 1 - at : at] ?? 0;
      if (matches(place)) {
        selected[count] = place;
        count += 1;
      }
    }
    return selected.subarray(0, count);
  }

  private matcher(
    { search, finding, expires, connection }: Filter,
    nowOf: (connection: number) => number,
  ): (place: number) => boolean {
    const words = forSearch(search).split(/\s+/).filter(Boolean);
    const texts = words.length === 0 ? [] : this.searchTexts();
    const bit = finding === undefined ? 0 : findingBit(finding);
    return (place) => {
      const row = this.rows[place];
      if (row === undefined) return false;
      if (bit !== 0 && (row.findings & bit) === 0) return false;
      if (connection !== undefined && row.connection !== connection) return false;
      if (expires !== undefined && !expiresIn(row, expires, nowOf(row.connection))) return false;
      return words.every((word) => texts[place]?.includes(word) === true);
    };
  }

  private searchTexts(): readonly string[] {
    for (let place = this.texts.length; place < this.rows.length; place += 1) {
      const { name = '', owner = '', id = '' } = this.rows[place] ?? {};
      this.texts.push(forSearch(`${name}\n${owner}\n${id}`));
    }
    return this.texts;
  }

  private orderOf(column: Column): Uint32Array {
    let order = this.orders.get(column);
    if (order === undefined) {
      order = sortedPlaces(this.keysOf(column));
      this.orders.set(column, order);
    }
    return order;
  }

  private keysOf(column: Column): Float64Array {
    switch (column) {
      case 'name':
        return ranksOf(this.rows.map(({ name }) => name));
      case 'owner':
        return ranksOf(this.rows.map(({ owner }) => owner));
      case 'project':
        return ranksOf(this.rows.map(({ connection }) => this.projects[connection] ?? ''));
      case 'created':
        return Float64Array.from(this.rows, ({ createdAt }) => createdAt ?? 0);
      case 'expires':
        return Float64Array.from(this.rows, ({ expiresAt }) => expiresAt ?? Infinity);
    }
  }
}

/** The current time of each connection, by its index and its server's clock, which decides when tokens expire. */
export function serverTimes(connections: readonly ConnectionMessage[] = []): (place: number) => number {
  const now = Date.now();
  return (place) => now + (connections[place]?.aheadMs ?? 0);
}

function expiresIn({ expiresAt, isExpiryUnknown, isRevoked }: RowMessage, expires: Expires, now: number): boolean {
  if (isRevoked) return false;
  if (expires === 'never') return expiresAt === null && !isExpiryUnknown;
  if (expiresAt === null) return false;
  if (expires === 'expired') return expiresAt <= now;
  return expiresAt > now && expiresAt >= expires.from && expiresAt < expires.to;
}

/** The rank of each text among all texts. */
function ranksOf(texts: readonly string[]): Float64Array {
  const keys = new Map<string, string>();
  for (const text of texts) if (!keys.has(text)) keys.set(text, forSort(text));
  const sorted = [...new Set(keys.values())].sort();
  const ranks = new Map(sorted.map((key, rank) => [key, rank]));
  return Float64Array.from(texts, (text) => ranks.get(keys.get(text) ?? '') ?? 0);
}

/** The indexes of the keys, smallest first. The sort is stable. */
function sortedPlaces(keys: Float64Array): Uint32Array {
  const distinct = Float64Array.from(new Set(keys)).sort();
  const ranks = new Map<number, number>();
  for (const key of distinct) ranks.set(key, ranks.size);
  // Rank and index in one number: sorting numbers is many times faster than calling a comparator.
  const both = Float64Array.from(keys, (key, place) => (ranks.get(key) ?? 0) * keys.length + place).sort();
  return Uint32Array.from(both, (value) => value % keys.length);
}
