/** In display order. The index of each is its bit in a row's `findings`. */
export const findingIds = [
  'expiresSoon',
  'madeElsewhere',
  'neverExpires',
  'livesLong',
  'expiredListed',
  'sameName',
  'manyTokens',
] as const;

export type FindingId = (typeof findingIds)[number];

const bits = Object.fromEntries(findingIds.map((id, place) => [id, 1 << place])) as Record<FindingId, number>;

/** The bit of a finding in a row's `findings`. */
export const findingBit = (id: FindingId): number => bits[id];

/** A user with more live tokens than this has many. */
export const manyTokens = 5;
