import type { BenchWindow } from './benchWindow.ts';
import type { Pair } from './lines.ts';
import type { ListShape } from './pagesServer.ts';
import { type ActivationSample, type Rig, type Target, firstRow, inPairs, inWindow, ours } from './samples.ts';

/** What is measured once in a window with a long list, in ms and bytes. */
export interface LargeSample {
  readonly activation: ActivationSample;
  readonly firstRow: Pair;
  /** Against a plain loop in the same host. */
  readonly loadAll: Pair;
  /** How often the tree was drawn anew by that. */
  readonly refreshes: number;
  readonly longestGap: Pair;
  readonly memory: Pair;
  readonly refresh: Pair;
}

/** Loads a long list in pages of 100, and refreshes it; 202 requests, so that the budget of 240 is enough. */
export function largeSample(rig: Rig, shape: ListShape, index: number): Promise<LargeSample> {
  return inWindow(rig, shape, index, async (window, activation) => {
    const { total } = shape;
    const firstRows = await firstRow(window, index);

    const baseUrl = rig.server.baseUrl(shape);
    const refreshesBefore = await window.step('refreshes', rig.product.id);
    const loops: number[] = [];
    const loop = async (): Promise<void> => {
      const { startedAt, endedAt, rows } = await window.step('loop', baseUrl);
      if (rows !== total - shape.pageRows) throw new Error(`The loop got ${rows} rows.`);
      loops.push(endedAt - startedAt);
    };
    const loaded: Record<Target['name'], Loaded> = { ours: noneLoaded, floor: noneLoaded };
    if (index % 2 === 0) await loop();
    await inPairs(index, async (target) => {
      loaded[target.name] = await loadAll(window, target, total);
      if (target === ours && index % 2 === 1) await loop();
      return 0;
    });
    const refreshes = (await window.step('refreshes', rig.product.id)) - refreshesBefore;

    const suffix = rig.server.revise();
    rig.server.prepare(shape);
    const refresh = await inPairs(index, async ({ container, view, prefix }) => {
      await window.show(container, view);
      const { startedAt, paintedAt } = await window.commandUntil(
        `${prefix}.refresh`,
        `bench.firstLabel('${view}').endsWith('${suffix}')`,
      );
      return paintedAt - startedAt;
    });

    return {
      activation,
      firstRow: firstRows,
      loadAll: { ours: loaded.ours.ms, floor: loops[0] ?? Number.NaN },
      refreshes,
      longestGap: { ours: loaded.ours.longestGapMs, floor: loaded.floor.longestGapMs },
      memory: { ours: loaded.ours.bytes, floor: loaded.floor.bytes },
      refresh,
    };
  });
}

interface Loaded {
  readonly ms: number;
  readonly bytes: number;
  readonly longestGapMs: number;
}

const noneLoaded: Loaded = { ms: Number.NaN, bytes: Number.NaN, longestGapMs: Number.NaN };

/** Loads what is left, in a view that is shown, until the window shows that there are so many rows. */
async function loadAll(window: BenchWindow, { container, view, prefix }: Target, total: number): Promise<Loaded> {
  await window.show(container, view);
  const heapBefore = await window.step('heap');
  await window.evaluate('bench.startFrames()');
  const { startedAt, endedAt } = await window.commandUntil(
    `${prefix}.loadAll`,
    `bench.rowCount('${view}') === ${total}`,
  );
  const longestGapMs = await window.evaluate<number>('bench.stopFrames()');
  return { ms: endedAt - startedAt, longestGapMs, bytes: (await window.step('heap')) - heapBefore };
}
