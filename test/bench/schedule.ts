import type { BenchWindow } from './benchWindow.ts';
import { type GrowthSample, growthSample, growthShape } from './growthSample.ts';
import { idleSample } from './idleSample.ts';
import { type LargeSample, largeSample } from './largeSample.ts';
import type { CountLine, Pair } from './lines.ts';
import type { ListShape } from './pagesServer.ts';
import { type ActivationSample, type Rig, firstRow, inWindow } from './samples.ts';

/** How many samples are taken of what. */
export interface Counts {
  readonly small: number;
  readonly large: number;
  readonly growth: number;
}

export const usualCounts: Counts = { small: 15, large: 7, growth: 3 };
/** For a look while something is being changed: too few to judge by. */
export const quickCounts: Counts = { small: 2, large: 2, growth: 1 };

/** The list that load all, refresh and memory are measured with. */
export const largeTotal = 10_000;
/** For "view focus → first row". */
export const firstRowTotals = [100, 1000, largeTotal] as const;
/** For the picture of growth. */
const growthTotals = [100, 1000, largeTotal, 100_000] as const;

/** All that was measured in windows. */
export interface Samples {
  readonly activation: ActivationSample[];
  readonly firstRow: Map<number, Pair[]>;
  readonly large: LargeSample[];
  readonly growth: Map<number, GrowthSample[]>;
  readonly idle: readonly CountLine[];
}

/** Pages as the extension asks for them. */
const pagesOf100 = (total: number): ListShape => ({ total, pageRows: 100, lastRows: 0 });

/** Takes all samples, of all kinds by turns: what the machine does meanwhile hits all of them alike. */
export async function takeSamples(rig: Rig, counts: Counts, say: (line: string) => void): Promise<Samples> {
  const activation: ActivationSample[] = [];
  const firstRows = new Map<number, Pair[]>();
  const large: LargeSample[] = [];
  const growth = new Map<number, GrowthSample[]>();
  const idle = await idleSample(rig);

  const small = async (total: number, index: number): Promise<void> => {
    const use = async (window: BenchWindow, cost: ActivationSample): Promise<void> => {
      activation.push(cost);
      add(firstRows, total, await firstRow(window, index));
    };
    await inWindow(rig, pagesOf100(total), index, use);
  };
  for (let round = 0; round < Math.max(counts.small, counts.large, counts.growth); round++) {
    say(`round ${round + 1} of ${counts.small}…`);
    for (const total of firstRowTotals) {
      if (total === largeTotal && round < counts.large) {
        const sample = await largeSample(rig, pagesOf100(total), round);
        large.push(sample);
        activation.push(sample.activation);
        add(firstRows, total, sample.firstRow);
      } else if (round < counts.small) await small(total, round);
    }
    for (const total of growthTotals) {
      const wanted = total === largeTotal ? counts.large : counts.growth;
      if (round < wanted) add(growth, total, await growthSample(rig, growthShape(total), round));
    }
  }
  return { activation, firstRow: firstRows, large, growth, idle };
}

/** Only what starting an extension costs, be it any. */
export async function takeActivations(
  rig: Rig,
  count: number,
  say: (line: string) => void,
): Promise<ActivationSample[]> {
  const activation: ActivationSample[] = [];
  for (let round = 0; round < count; round++) {
    say(`round ${round + 1} of ${count}…`);
    activation.push(await inWindow(rig, pagesOf100(100), round, (_window, cost) => Promise.resolve(cost)));
  }
  return activation;
}

function add<T>(map: Map<number, T[]>, key: number, value: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
