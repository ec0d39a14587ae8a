import type { Pair } from './lines.ts';
import type { ListShape } from './pagesServer.ts';
import { type Rig, inPairs, inWindow } from './samples.ts';

/** What a list of some length costs, in ms and bytes. */
export interface GrowthSample {
  /** From "Load More" for the last rows until they are painted. */
  readonly loadMore: Pair;
  /** Of the list without these. */
  readonly memory: Pair;
}

/** Pages of up to 10,000 rows, then two small ones: as pages of 100 the longest list would take four minutes. */
export const growthShape = (total: number): ListShape => ({
  total,
  pageRows: 10_000,
  lastRows: Math.min(200, total / 2),
});

/** Loads a list but for its last two pages, then those. */
export function growthSample(rig: Rig, shape: ListShape, index: number): Promise<GrowthSample> {
  return inWindow(rig, shape, index, async (window) => {
    const { total, pageRows, lastRows } = shape;
    const there = total - lastRows;
    const memory = { ours: Number.NaN, floor: Number.NaN };
    const loadMore = await inPairs(index, async ({ name, container, view, prefix }) => {
      const heapBefore = await window.step('heap');
      await window.timeToFirstRow(container, view);
      for (let loaded = pageRows; loaded < there; loaded += pageRows)
        await window.step('command', `${prefix}.loadMore`);
      await window.until(`bench.rowCount('${view}') >= ${there}`);
      memory[name] = (await window.step('heap')) - heapBefore;
      // Whoever has so many rows there has loaded more before: what is done for the first time is over.
      await window.step('command', `${prefix}.loadMore`);
      await window.until(`bench.rowCount('${view}') >= ${there + lastRows / 2}`);
      await window.step('heap');
      const { startedAt, paintedAt } = await window.commandUntil(
        `${prefix}.loadMore`,
        // The row "Load More" goes, so that what is there then is all.
        `bench.rowCount('${view}') === ${total}`,
      );
      return paintedAt - startedAt;
    });
    return { loadMore, memory };
  });
}
