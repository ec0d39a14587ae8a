import { type ForgetSample, forgetSample } from './forgetSample.ts';
import { type GrowthSample, growthSample, growthShape } from './growthSample.ts';
import { type IdleSample, idleSample } from './idleSample.ts';
import { type LargeSample, largeSample } from './largeSample.ts';
import type { Pair } from './lines.ts';
import { type ListShape, pagesOf100 } from './pagesServer.ts';
import { type ActivationSample, type Rig, firstRow, inWindow } from './samples.ts';
import { type UsersSample, usersSample } from './usersSample.ts';

/** How many samples are taken of what: even numbers, see `judge`. */
export interface Counts {
  readonly small: number;
  /** Together no more than `small`. */
  readonly large: number;
  readonly forget: number;
  readonly growth: number;
  readonly users: number;
}

export const usualCounts: Counts = { small: 12, large: 6, forget: 6, growth: 2, users: 6 };
/** For a look while something is being changed: too few to judge by. */
export const quickCounts: Counts = { small: 4, large: 2, forget: 2, growth: 2, users: 2 };

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
  readonly users: UsersSample[];
  readonly idle: IdleSample;
}

export type SampleKind = keyof Samples;
export const sampleKinds: readonly SampleKind[] = [
  'activation',
  'firstRow',
  'large',
  'growth',
  'forget',
  'users',
  'idle',
];

const nothingIdle: IdleSample = { unseen: NaN, expanding: NaN, idle: NaN, byTimers: NaN, timersPerMinute: NaN };

/** Before anything was measured. */
export const noSamples: Samples = {
  activation: [],
  firstRow: new Map(),
  large: [],
  forget: [],
  growth: new Map(),
  users: [],
  idle: nothingIdle,
};

/** Takes samples, of all kinds by turns: what the machine does meanwhile hits all of them alike. */
export async function takeSamples(
  rig: Rig,
  counts: Counts,
  say: (line: string) => void,
  kinds: readonly SampleKind[] = sampleKinds,
): Promise<Samples> {
  const count = (kind: SampleKind, wanted: number): number => (kinds.includes(kind) ? wanted : 0);
  const small = Math.max(count('activation', counts.small), count('firstRow', counts.small));
  const large = count('large', counts.large);
  const afterLarge = large + count('forget', counts.forget);
  const growth = count('growth', counts.small);
  const users = count('users', counts.users);
  const samples: Samples = {
    activation: [],
    firstRow: new Map(),
    large: [],
    forget: [],
    growth: new Map(),
    users: [],
    idle: kinds.includes('idle') ? await idleSample(rig) : nothingIdle,
  };
  const keep = (total: number, sample: SmallSample): void => {
    samples.activation.push(sample.activation);
    add(samples.firstRow, total, sample.firstRow);
  };
  const rounds = Math.max(small, afterLarge, growth, users);
  for (let round = 0; round < rounds; round++) {
    say(`round ${round + 1} of ${rounds}…`);
    for (const total of firstRowTotals) {
      const shape = pagesOf100(total);
      if (total === largeTotal && round < large) {
        const sample = await largeSample(rig, shape, round);
        samples.large.push(sample);
        keep(total, sample);
      } else if (total === largeTotal && round < afterLarge) {
        const sample = await forgetSample(rig, shape, round);
        samples.forget.push(sample);
        keep(total, sample);
      } else if (round < small) keep(total, await smallSample(rig, shape, round));
    }
    for (const total of growthTotals) {
      // One "Load More" is a small figure: few of them say little.
      const wanted = total === largeTotal ? growth : Math.min(growth, counts.growth);
      if (round < wanted) add(samples.growth, total, await growthSample(rig, growthShape(total), round));
    }
    if (round < users) samples.users.push(await usersSample(rig, round));
  }
  return samples;
}

type SmallSample = Pick<LargeSample, 'activation' | 'firstRow'>;

function smallSample(rig: Rig, shape: ListShape, round: number): Promise<SmallSample> {
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
