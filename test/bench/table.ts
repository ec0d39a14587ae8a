import type { Verdict } from './lines.ts';
import type { Summary } from './statistics.ts';
import type { Part } from './weight.ts';

/** Rows of text, the heads first. */
export type Table = readonly (readonly string[])[];

/** The budget, line by line. */
export function budgetTable(verdicts: readonly Verdict[]): Table {
  return [
    ['line', 'ours', 'floor', 'ratio (min–max)', '95 %', 'limit', 'pairs', ''],
    ...verdicts.map((verdict) => rowOf(verdict)),
  ];
}

function rowOf({ line, isMet, ours, floor, ratio }: Verdict): string[] {
  if (line.kind === 'count' || ratio === undefined || ours === undefined || floor === undefined) {
    const { value, unit } = line as Extract<typeof line, { kind: 'count' }>;
    return [line.name, `${round(value)} ${unit}`, '', '', '', `≤ ${line.limit}`, '', isMet ? 'met' : 'MISSED'];
  }
  const figure = ({ median, min, max }: Summary): string =>
    `${round(median)} ${line.unit} (${round(min)}–${round(max)})`;
  const straddles = ratio.low <= line.limit && ratio.high > line.limit;
  return [
    `${line.name} ÷ ${line.floorName}`,
    figure(ours),
    figure(floor),
    `${ratio.median.toFixed(2)} (${ratio.min.toFixed(2)}–${ratio.max.toFixed(2)})`,
    `${ratio.low.toFixed(2)}–${ratio.high.toFixed(2)}`,
    `≤ ${line.limit}${line.isAim === true ? ' (aim)' : ''}`,
    String(line.pairs.length),
    `${isMet ? 'met' : line.isAim === true ? 'missed' : 'MISSED'}${straddles ? ', within the noise' : ''}`,
  ];
}

/** What ships, in kB. */
export function weightTable(parts: readonly Part[]): Table {
  const kilobytes = (bytes: number): string => (bytes / 1000).toFixed(1);
  const sum = (of: (part: Part) => number): string => kilobytes(parts.reduce((all, part) => all + of(part), 0));
  return [
    ['part', 'activation path', 'all'],
    ...parts.map(({ name, activation, total }) => [
      name,
      activation === 0 ? '' : kilobytes(activation),
      kilobytes(total),
    ]),
    ['all of it, without what joins the files', sum(({ activation }) => activation), sum(({ total }) => total)],
  ];
}

/** For a terminal. */
export function asText(table: Table): string {
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((row) => (row[column] ?? '').length)));
  return table
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** For a document. */
export function asMarkdown([heads = [], ...rows]: Table): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Three figures are more than any of these means. */
function round(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return String(Number(value.toFixed(digits)));
}
