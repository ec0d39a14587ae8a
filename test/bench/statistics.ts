/** What a handful of samples say. */
export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** Where the true median lies with at least 95 % (all there is, with few samples): from the samples' order alone. */
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

/** @throws when there is no sample */
export function summarize(samples: readonly number[]): Summary {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (index: number): number => {
    const value = sorted[index];
    if (value === undefined) throw new Error('There is no sample.');
    return value;
  };
  const count = sorted.length;
  const outside = ranksOutside(count);
  return {
    median: (at(Math.floor((count - 1) / 2)) + at(Math.ceil((count - 1) / 2))) / 2,
    min: at(0),
    max: at(count - 1),
    low: at(outside),
    high: at(count - 1 - outside),
    count,
  };
}

/**
 * How many samples at each end lie outside of the median's 95 % interval. That a sample lies below the true median is
 * the toss of a coin, whatever the distribution: with 15 samples it is the fourth to the twelfth.
 */
function ranksOutside(count: number): number {
  let probability = 2 ** -count;
  let tail = probability;
  let outside = 0;
  while (2 * tail <= 0.05) {
    outside += 1;
    probability *= (count - outside + 1) / outside;
    tail += probability;
  }
  return Math.max(0, outside - 1);
}
