import type { GrowthSample } from './growthSample.ts';
import type { Pair } from './lines.ts';
import { summarize } from './statistics.ts';

const width = 860;
const height = 340;
const panel = { top: 62, bottom: 274, width: 320 };

interface Curve {
  readonly title: string;
  readonly unit: string;
  readonly of: (sample: GrowthSample) => Pair;
  readonly scale: number;
}

const curves: readonly Curve[] = [
  {
    title: '“Load More” for one of the last pages, until painted',
    unit: 'ms',
    of: ({ loadMore }) => loadMore,
    scale: 1,
  },
  { title: 'Memory of the rows in the extension host', unit: 'MB', of: ({ memory }) => memory, scale: 1e-6 },
];

/** Cost against size as a picture for people: the medians, on two scales of powers of ten; legible on light and dark. */
export function growthPicture(growth: ReadonlyMap<number, readonly GrowthSample[]>): string {
  const panels = curves.map((curve, index) => panelOf(curve, growth, 70 + index * 430));
  const sizes = [...growth.keys()].map((size) => size.toLocaleString('en')).join(', ');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="Cost against size, for ${sizes} tokens: the extension beside a bare provider">
<style>
text { font: 13px system-ui, sans-serif; fill: #24292f } .title { font-weight: 600 } .axis { stroke: #8c959f; stroke-width: 1 } .grid { stroke: #8c959f; stroke-opacity: .25 }
.ours { stroke: #0969da; fill: none; stroke-width: 2.5 } .floor { stroke: #57606a; fill: none; stroke-width: 2; stroke-dasharray: 5 4 } circle.ours { fill: #0969da } circle.floor { fill: #57606a; stroke-dasharray: none } text.value { font-size: 12px }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .ours { stroke: #58a6ff } circle.ours { fill: #58a6ff } .floor { stroke: #9198a1 } circle.floor { fill: #9198a1 } }
</style>
${panels.join('\n')}
<line class="ours" x1="70" y1="326" x2="100" y2="326"/><text x="108" y="330">MagicBell Tokens</text>
<line class="floor" x1="250" y1="326" x2="280" y2="326"/><text x="288" y="330">a bare provider of the same rows</text>
<text x="790" y="330" text-anchor="end">across: tokens in the list</text>
</svg>
`;
}

function panelOf(curve: Curve, growth: ReadonlyMap<number, readonly GrowthSample[]>, left: number): string {
  const sizes = [...growth.keys()].sort((a, b) => a - b);
  const values = (of: keyof Pair): number[] =>
    sizes.map((size) => summarize((growth.get(size) ?? []).map((each) => curve.of(each)[of] * curve.scale)).median);
  const [ours, floor] = [values('ours'), values('floor')];
  // A difference of two heaps may come out below nothing where there is next to nothing.
  const positive = [...ours, ...floor].filter((value) => value > 0);
  const lowest = Math.floor(Math.log10(Math.min(...positive)));
  const highest = Math.ceil(Math.log10(Math.max(...positive)));
  const x = (index: number): number => left + 20 + (index * (panel.width - 40)) / Math.max(1, sizes.length - 1);
  const y = (value: number): number => {
    const share = (Math.log10(Math.max(value, 10 ** lowest)) - lowest) / Math.max(1, highest - lowest);
    return panel.bottom - share * (panel.bottom - panel.top);
  };
  const steps = Array.from({ length: highest - lowest + 1 }, (_, index) => 10 ** (lowest + index));
  const line = (name: keyof Pair, points: readonly number[]): string =>
    `<polyline class="${name}" points="${points.map((value, index) => `${at(x(index))},${at(y(value))}`).join(' ')}"/>` +
    points
      .map((value, index) => `<circle class="${name}" cx="${at(x(index))}" cy="${at(y(value))}" r="3.5"/>`)
      .join('');
  return [
    `<text class="title" x="${left}" y="30">${curve.title}</text>`,
    ...steps.map(
      (step) =>
        `<line class="grid" x1="${left}" y1="${at(y(step))}" x2="${left + panel.width}" y2="${at(y(step))}"/><text x="${left - 8}" y="${at(y(step) + 4)}" text-anchor="end">${step} ${curve.unit}</text>`,
    ),
    `<line class="axis" x1="${left}" y1="${panel.bottom}" x2="${left + panel.width}" y2="${panel.bottom}"/>`,
    ...sizes.map(
      (size, index) =>
        `<text x="${at(x(index))}" y="${panel.bottom + 20}" text-anchor="middle">${size.toLocaleString('en')}</text>`,
    ),
    line('floor', floor),
    line('ours', ours),
    ...ours.map((value, index) => {
      const above = value >= (floor[index] ?? 0);
      return `<text class="value" x="${at(x(index))}" y="${at(y(value) + (above ? -9 : 18))}" text-anchor="middle">${short(value)}</text>`;
    }),
  ].join('\n');
}

const at = (value: number): string => value.toFixed(1);
const short = (value: number): string => (value >= 10 ? value.toFixed(0) : value.toFixed(1));
