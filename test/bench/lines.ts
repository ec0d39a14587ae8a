import { type Summary, summarize } from './statistics.ts';

/** The same thing measured of the extension and of the floor, one right after the other. */
export interface Pair {
  readonly ours: number;
  readonly floor: number;
}

/** One line of the budget, judged by the ratio of two things in one run. */
export interface RatioLine {
  readonly kind: 'ratio';
  readonly name: string;
  readonly floorName: string;
  readonly unit: 'ms' | 'MB';
  readonly pairs: readonly Pair[];
  readonly limit: number;
  /** Reported, and no reason to fail. */
  readonly isAim?: boolean;
}

/** One line of the budget, judged by a number that does not depend on the machine. */
export interface CountLine {
  readonly kind: 'count';
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  readonly limit: number;
}

/** A line that is met up to the limit. */
export const count = (name: string, value: number, limit: number, unit: string): CountLine => ({
  kind: 'count',
  name,
  value,
  limit,
  unit,
});

export type Line = RatioLine | CountLine;

/** A line with what came of it. */
export interface Verdict {
  readonly line: Line;
  readonly isMet: boolean;
  /** Of ratio lines: the extension's figures, the floor's, and the ratios of the pairs. */
  readonly ours?: Summary;
  readonly floor?: Summary;
  readonly ratio?: Summary;
}

/**
 * A ratio is judged by the median of its double pairs: two windows one after the other, in which either was measured
 * first once. Who is first also pays for what VS Code does for the first time, which the mean of both takes out.
 */
export function judge(line: Line): Verdict {
  if (line.kind === 'count') return { line, isMet: line.value <= line.limit };
  const ratio = summarize(ratiosInTwos(line.pairs.map(({ ours, floor }) => ours / floor)));
  return {
    line,
    isMet: ratio.median <= line.limit,
    ours: summarize(line.pairs.map(({ ours }) => ours)),
    floor: summarize(line.pairs.map(({ floor }) => floor)),
    ratio,
  };
}

/** The geometric mean of each two ratios, since twice as much and half as much are the same distance from equal. */
function ratiosInTwos(ratios: readonly number[]): number[] {
  if (ratios.length % 2 === 1)
    throw new Error(`${ratios.length} pairs: one has no other one that was measured the other way round.`);
  return ratios.flatMap((second, index) => (index % 2 === 1 ? [Math.sqrt((ratios[index - 1] ?? NaN) * second)] : []));
}

/** Whether the bench passes: an aim that is missed is only reported. */
export const isPassed = (verdicts: readonly Verdict[]): boolean =>
  verdicts.every(({ line, isMet }) => isMet || (line.kind === 'ratio' && line.isAim === true));
