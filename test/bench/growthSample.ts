import type { Pair } from './lines.ts';
import type { ListShape } from './pagesServer.ts';
import { type Rig, inPairs, inWindow } from './samples.ts';
import { summarize } from './statistics.ts';

/** What a list of some length costs, in ms and bytes. */
export interface GrowthSample {
  /** From "Load More" for one of the last pages until its rows are painted: the median of them. */
  readonly loadMore: Pair;
  /** Of the list without these. */
  readonly memory: Pair;
}

/** One "Load More" is a small figure, and what else a window does in its moment can be half of it. */
const measuredPages = 5;

/** Pages of up to 10,000 rows, then small ones: as pages of 100 the longest list would take four minutes. */
export function growthShape(total: number): ListShape {
  const lastPageRows = Math.min(100, total / 20);
  return { total, pageRows: 10_000, lastPages: measuredPages + 1, lastPageRows };
}

/** Loads a list but for its last pages, then those. */
export function growthSample(rig: Rig, shape: ListShape, index: number): Promise<GrowthSample> {
  return inWindow(rig, shape, index, async (window) => {
    const { total, pageRows, lastPages, lastPageRows } = shape;
    const there = total - lastPages * lastPageRows;
    const memory = { ours: Number.NaN, floor: Number.NaN };
    const loadMore = await inPairs(index, async ({ name, container, view, prefix }) => {
      const heapBefore = await window.step('heap');
      await window.timeToFirstRow(container, view);
      for (let loaded = pageRows; loaded < there; loaded += pageRows)
        await window.step('command', `${prefix}.loadMore`);
      await window.until(`bench.rowCount('${view}') >= ${there}`);
      memory[name] = (await window.step('heap')) - heapBefore;
      const timesMs: number[] = [];
      for (let loaded = there; loaded < total; loaded += lastPageRows) {
        const { startedAt, paintedAt } = await window.commandUntil(
          `${prefix}.loadMore`,
          // Also with the row "Load More", there were fewer.
          `bench.rowCount('${view}') >= ${loaded + lastPageRows}`,
        );
        timesMs.push(paintedAt - startedAt);
        await window.step('heap');
      }
      // Whoever has so many rows there has loaded more before: what is done for the first time is over.
      return summarize(timesMs.slice(1)).median;
    });
    return { loadMore, memory };
  });
}
