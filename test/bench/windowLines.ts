import { idleMs } from './idleSample.ts';
import { type Line, type Pair, type RatioLine, count } from './lines.ts';
import type { ActivationSample } from './samples.ts';
import { firstRowTotals, largeTotal, noSamples, type SampleKind, sampleKinds, type Samples } from './schedule.ts';
import { usersTotal } from './usersSample.ts';

const megabyte = 1_000_000;
const floorExtension = 'one tree, ten commands';
const bareProvider = 'bare provider';
const usersOf = `${usersTotal.toLocaleString('en')} users`;

/** What starting costs. */
export function activationLines(activation: readonly ActivationSample[]): Line[] {
  return [
    {
      kind: 'ratio',
      name: 'activation: CPU of require and activate',
      floorName: floorExtension,
      unit: 'ms',
      pairs: activation,
      limit: 1.5,
      isAim: true,
    },
    {
      kind: 'ratio',
      name: '… the noise of that: the floor against itself',
      floorName: floorExtension,
      unit: 'ms',
      pairs: pairs(activation, ({ floor, floorAgain }) => ({ ours: floorAgain, floor })),
      limit: 1.5,
      isAim: true,
    },
  ];
}

const inMegabytes = ({ ours, floor }: Pair): Pair => ({ ours: ours / megabyte, floor: floor / megabyte });
const many = largeTotal.toLocaleString('en');

/** The lines of the budget that windows answer, by the kind of sample that they are judged by. */
const linesOf: Readonly<Record<SampleKind, (samples: Samples) => Line[]>> = {
  activation: ({ activation }) => activationLines(activation),
  firstRow: ({ firstRow }) =>
    firstRowTotals.map((total) =>
      ratio(
        `view focus to first row painted, ${total.toLocaleString('en')} tokens`,
        'ms',
        firstRow.get(total) ?? [],
        1.2,
      ),
    ),
  large: ({ large }) => [
    {
      ...ratio(
        `load all of ${many} in pages of 100`,
        'ms',
        pairs(large, (sample) => sample.loadAll),
        1.15,
      ),
      floorName: 'plain loop in the same host',
    },
    count('… refreshes of the tree, at most', Math.max(...large.map(({ refreshes }) => refreshes)), 5, 'refreshes'),
    ratio(
      '… longest gap between frames',
      'ms',
      pairs(large, (sample) => sample.longestGap),
      1.2,
    ),
    ratio(
      `refresh with ${many}, until painted`,
      'ms',
      pairs(large, (sample) => sample.refresh),
      1.2,
    ),
    ratio(
      `memory of ${many} rows`,
      'MB',
      pairs(large, (sample) => inMegabytes(sample.memory)),
      1.5,
    ),
  ],
  growth: ({ growth }) => [
    ratio(
      'load more with 9,900 rows there, until painted',
      'ms',
      pairs(growth.get(largeTotal) ?? [], (sample) => sample.loadMore),
      1.2,
    ),
  ],
  forget: ({ forget }) => [
    {
      ...ratio(
        'heap after “Forget API Key”',
        'MB',
        pairs(forget, (sample) => inMegabytes(sample.heap)),
        1.1,
      ),
      floorName: 'before all was loaded',
    },
  ],
  users: ({ users }) => [
    ratio(
      `presenting ${usersOf}, until painted`,
      'ms',
      pairs(users, (sample) => sample.present),
      1.5,
    ),
    ratio(
      `forgetting a connection with ${usersOf}, until the rows are gone`,
      'ms',
      pairs(users, (sample) => sample.forget),
      1.5,
    ),
    count(
      `… extension host blocked with ${usersOf}, at most`,
      Math.max(...users.map(({ blocked }) => blocked)),
      100,
      'ms',
    ),
  ],
  idle: ({ idle }) => [
    count('requests before a view is shown', idle.unseen, 0, 'requests'),
    count('expanding a user', idle.expanding, 1, 'requests'),
    count(`requests while no view is visible (${idleMs / 1000} s)`, idle.idle, 0, 'requests'),
    count('requests by timers within an hour of that', idle.byTimers, 0, 'requests'),
    count('most frequent timer while no view is visible', idle.timersPerMinute, 1, 'a minute'),
  ],
};

export function windowLines(samples: Samples, kinds: readonly SampleKind[] = sampleKinds): Line[] {
  return kinds.flatMap((kind) => linesOf[kind](samples));
}

/** The kinds of samples that lines with this in their name are judged by. */
export function kindsFor(text: string): SampleKind[] {
  return sampleKinds.filter((kind) => linesOf[kind](noSamples).some(isNamed(text)));
}

/** Whether a line has this in its name. */
export const isNamed =
  (text: string) =>
  ({ name }: Line): boolean =>
    name.toLowerCase().includes(text.toLowerCase());

function ratio(name: string, unit: 'ms' | 'MB', all: readonly Pair[], limit: number): RatioLine {
  return { kind: 'ratio', name, floorName: bareProvider, unit, pairs: all, limit };
}

const pairs = <S>(samples: readonly S[], of: (sample: S) => Pair): readonly Pair[] => samples.map(of);
