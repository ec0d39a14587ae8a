import { type ForgetSample, forgetSample } from './forgetSample.ts';
import { type GrowthSample, growthSample, growthShape } from './growthSample.ts';
import { idleSample } from './idleSample.ts';
import { type LargeSample, largeSample } from './largeSample.ts';
import type { CountLine, Pair } from './lines.ts';
import { type ListShape, pagesOf100 } from './pagesServer.ts';
import { type ActivationSample, type Rig, firstRow, inWindow } from './samples.ts';

/** How many samples are taken of what: even numbers, see `judge`. */
export interface Counts {
  readonly small: number;
  /** In the windows with a long list that are left, what forgetting leaves is measured. */
  readonly large: number;
  readonly growth: number;
}

export const usualCounts: Counts = { small: 16, large: 8, growth: 4 };
/** For a look while something is being changed: too few to judge by. */
export const quickCounts: Counts = { small: 4, large: 2, growth: 2 };

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
  readonly forget: ForgetSample[];
  readonly growth: Map<number, GrowthSample[]>;
  readonly idle: readonly CountLine[];
}

/** Takes all samples, of all kinds by turns: what the machine does meanwhile hits all of them alike. */
export async function takeSamples(rig: Rig, counts: Counts, say: (line: string) => void): Promise<Samples> {
  const activation: ActivationSample[] = [];
  const firstRows = new Map<number, Pair[]>();
  const large: LargeSample[] = [];
  const forget: ForgetSample[] = [];
  const growth = new Map<number, GrowthSample[]>();
  const idle = await idleSample(rig);

  const keep = (total: number, sample: { readonly activation: ActivationSample; readonly firstRow: Pair }): void => {
    activation.push(sample.activation);
    add(firstRows, total, sample.firstRow);
  };
  for (let round = 0; round < counts.small; round++) {
    say(`round ${round + 1} of ${counts.small}…`);
    for (const total of firstRowTotals) {
      const shape = pagesOf100(total);
      if (total < largeTotal) keep(total, await smallSample(rig, shape, round));
      else if (round < counts.large) {
        const sample = await largeSample(rig, shape, round);
        large.push(sample);
        keep(total, sample);
      } else {
        const sample = await forgetSample(rig, shape, round);
        forget.push(sample);
        keep(total, sample);
      }
    }
    for (const total of growthTotals) {
      // One "Load More" is a small figure: few of them say little.
      const wanted = total === largeTotal ? counts.small : counts.growth;
      if (round < wanted) add(growth, total, await growthSample(rig, growthShape(total), round));
    }
  }
  return { activation, firstRow: firstRows, large, forget, growth, idle };
}

function smallSample(rig: Rig, shape: ListShape, round: number): Promise<Pick<LargeSample, 'activation' | 'firstRow'>> {
  return inWindow(rig, shape, round, async (window, activation) => ({
    activation,
    firstRow: await firstRow(window, round),
  }));
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
