import { type Line, type Pair, count } from './lines.ts';
import type { ActivationSample } from './samples.ts';
import { type Samples, firstRowTotals, largeTotal } from './schedule.ts';

const megabyte = 1_000_000;
const floorExtension = 'one tree, ten commands';
const bareProvider = 'bare provider';

/** What starting costs. */
export function activationLines(activation: readonly ActivationSample[]): Line[] {
  return [
    {
      kind: 'ratio',
      name: 'activation: CPU of require and activate',
      floorName: floorExtension,
      unit: 'ms',
      pairs: activation,
      limit: 1.3,
      isAim: true,
    },
    {
      kind: 'ratio',
      name: '… the noise of that: the floor against itself',
      floorName: floorExtension,
      unit: 'ms',
      pairs: pairs(activation, ({ floor, floorAgain }) => ({ ours: floorAgain, floor })),
      limit: 1.3,
      isAim: true,
    },
  ];
}

/** The lines of the budget that windows answer. */
export function windowLines({ activation, firstRow, large, forget, growth, idle }: Samples): Line[] {
  const inMegabytes = ({ ours, floor }: Pair): Pair => ({ ours: ours / megabyte, floor: floor / megabyte });
  const many = largeTotal.toLocaleString('en');
  return [
    ...activationLines(activation),
    ...firstRowTotals.map((total): Line => ({
      kind: 'ratio',
      name: `view focus to first row painted, ${total.toLocaleString('en')} tokens`,
      floorName: bareProvider,
      unit: 'ms',
      pairs: firstRow.get(total) ?? [],
      limit: 1.2,
    })),
    {
      kind: 'ratio',
      name: `load all of ${many} in pages of 100`,
      floorName: 'plain loop in the same host',
      unit: 'ms',
      pairs: pairs(large, (sample) => sample.loadAll),
      limit: 1.15,
    },
    count('… refreshes of the tree, at most', Math.max(...large.map(({ refreshes }) => refreshes)), 5, 'refreshes'),
    {
      kind: 'ratio',
      name: '… longest gap between frames',
      floorName: bareProvider,
      unit: 'ms',
      pairs: pairs(large, (sample) => sample.longestGap),
      limit: 1.2,
    },
    {
      kind: 'ratio',
      name: 'load more with 9,900 rows there, until painted',
      floorName: bareProvider,
      unit: 'ms',
      pairs: pairs(growth.get(largeTotal) ?? [], (sample) => sample.loadMore),
      limit: 1.2,
    },
    {
      kind: 'ratio',
      name: `refresh with ${many}, until painted`,
      floorName: bareProvider,
      unit: 'ms',
      pairs: pairs(large, (sample) => sample.refresh),
      limit: 1.2,
    },
    {
      kind: 'ratio',
      name: `memory of ${many} rows`,
      floorName: bareProvider,
      unit: 'MB',
      pairs: pairs(large, (sample) => inMegabytes(sample.memory)),
      limit: 1.5,
    },
    {
      kind: 'ratio',
      name: 'heap after “Forget API Key”',
      floorName: 'before all was loaded',
      unit: 'MB',
      pairs: pairs(forget, (sample) => inMegabytes(sample.heap)),
      limit: 1.1,
    },
    ...idle,
  ];
}

const pairs = <S>(samples: readonly S[], of: (sample: S) => Pair): readonly Pair[] => samples.map(of);
