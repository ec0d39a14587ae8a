import { PageTrail, pagesOf, type Identified } from '../magicbell/pages.ts';
import type { NextPage, ListPage } from '../magicbell/paging.ts';

/** The rows loaded since a list was started, and the progress of its walk. */
export class LoadedRows<T extends Identified> {
  readonly trail = new PageTrail();
  /** Rows per page, as the first page was asked for: an API that counts pages needs the same number for all. */
  pageSize = 0;
  private rows: T[] = [];
  private readonly indexes = new Map<string, number>();

  get items(): readonly T[] {
    return this.rows;
  }

  find(id: string): T | undefined {
    const index = this.indexes.get(id);
    return index === undefined ? undefined : this.rows[index];
  }

  /**
   * Loads pages and adds their rows until there are `count` rows or the walk has ended. A failed request keeps what has
   * arrived; the next call continues from there.
   * @param onPage called after each page with the number of rows; false ends the loading
   */
  async loadUntil(
    count: number,
    fetchPage: (next: NextPage | undefined) => Promise<ListPage<T>>,
    onPage: (loaded: number) => boolean = () => true,
  ): Promise<void> {
    if (this.rows.length >= count && this.trail.hasBegun) return;
    for await (const { items } of pagesOf(fetchPage, this.trail)) {
      this.add(items);
      if (!onPage(this.rows.length) || this.rows.length >= count) return;
    }
  }

  /** Replaces rows that exist already, so that none appears twice when a list shifts between two pages. */
  add(items: readonly T[]): void {
    for (const item of items) {
      const known = item.id === undefined ? undefined : this.indexes.get(item.id);
      if (known !== undefined) {
        this.rows[known] = item;
        continue;
      }
      if (item.id !== undefined) this.indexes.set(item.id, this.rows.length);
      this.rows.push(item);
    }
  }

  /** As `add()`, leaving the array that `items` was so far as it is. */
  upsert(item: T): void {
    this.rows = [...this.rows];
    this.add([item]);
  }
}
