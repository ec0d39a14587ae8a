const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** When a token should expire: never, so long after it is made, or at an instant. */
export type Expiry =
  | { readonly type: 'never' }
  | { readonly type: 'after'; readonly milliseconds: number }
  | { readonly type: 'at'; readonly instant: Date };

export interface ExpiryPreset {
  readonly id: ExpiryPresetId;
  readonly label: string;
  readonly expiry: Expiry;
}

export type ExpiryPresetId = '1h' | '1d' | '7d' | '30d' | '90d' | '1y' | 'never';

const afterDays = (days: number): Expiry => ({ type: 'after', milliseconds: days * dayMs });

/** In the order they are offered. The ids are the values of the setting `defaultExpiry`. */
export const expiryPresets: readonly ExpiryPreset[] = [
  { id: '1h', label: '1 hour', expiry: { type: 'after', milliseconds: hourMs } },
  { id: '1d', label: '1 day', expiry: afterDays(1) },
  { id: '7d', label: '7 days', expiry: afterDays(7) },
  { id: '30d', label: '30 days', expiry: afterDays(30) },
  { id: '90d', label: '90 days', expiry: afterDays(90) },
  { id: '1y', label: '1 year', expiry: afterDays(365) },
  { id: 'never', label: 'Never', expiry: { type: 'never' } },
];

/** The instant an expiry means when the token is made now. Undefined: never. */
export function expiryInstant(expiry: Expiry, now: Date): Date | undefined {
  switch (expiry.type) {
    case 'never':
      return undefined;
    case 'after':
      return new Date(now.getTime() + expiry.milliseconds);
    case 'at':
      return expiry.instant;
  }
}

/** What the API takes: whole seconds ≥ 1 from now. Undefined: never. */
export function expirySeconds(expiry: Expiry, now: Date): number | undefined {
  const instant = expiryInstant(expiry, now);
  return instant === undefined ? undefined : Math.max(1, Math.round((instant.getTime() - now.getTime()) / 1000));
}

const units = new Map([
  ['m', minuteMs],
  ['min', minuteMs],
  ['minute', minuteMs],
  ['h', hourMs],
  ['hour', hourMs],
  ['d', dayMs],
  ['day', dayMs],
  ['w', 7 * dayMs],
  ['week', 7 * dayMs],
  ['y', 365 * dayMs],
  ['year', 365 * dayMs],
]);

/** Longer is a typing error, or wants "never". */
const longestMs = 100 * 365 * dayMs;

export type ParsedExpiry =
  { readonly ok: true; readonly expiry: Expiry } | { readonly ok: false; readonly problem: string };

const fail = (problem: string): ParsedExpiry => ({ ok: false, problem });

/**
 * Reads what a person types: "45d", "12 hours", "2027-03-01" (the end of that day, local time),
 * "2027-03-01 14:30" (local time), or "never".
 */
export function parseExpiry(text: string, now: Date): ParsedExpiry {
  const trimmed = text.trim().toLowerCase();
  if (trimmed === '') return fail('Enter a duration like 45d or 12h, or a date like 2027-03-01.');
  if (trimmed === 'never') return { ok: true, expiry: { type: 'never' } };
  const duration = /^(\d{1,9})\s*([a-z]+)$/.exec(trimmed);
  if (duration !== null) {
    const word = duration[2] ?? '';
    // Only words have a plural: "ms" is no minutes.
    const unit = units.get(word.length > 2 ? word.replace(/s$/, '') : word);
    if (unit === undefined) return fail('Use m (minutes), h (hours), d (days), w (weeks) or y (years), like 45d.');
    return within({ type: 'after', milliseconds: Number(duration[1]) * unit }, now);
  }
  const date = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[t ]+(\d{1,2}):(\d{2}))?$/.exec(trimmed);
  if (date !== null) {
    const [year = 0, month = 0, day = 0] = date.slice(1, 4).map(Number);
    const [hour, minute] = date[4] === undefined ? [23, 59] : [Number(date[4]), Number(date[5])];
    const instant = new Date(year, month - 1, day, hour, minute, date[4] === undefined ? 59 : 0);
    const isReal =
      instant.getFullYear() === year &&
      instant.getMonth() === month - 1 &&
      instant.getDate() === day &&
      hour < 24 &&
      minute < 60;
    if (!isReal) return fail('There is no such date.');
    return within({ type: 'at', instant }, now);
  }
  return fail('Not understood. Enter a duration like 45d or 12h, or a date like 2027-03-01.');
}

function within(expiry: Expiry, now: Date): ParsedExpiry {
  const fromNowMs = (expiryInstant(expiry, now)?.getTime() ?? 0) - now.getTime();
  if (fromNowMs < 1000)
    return fail(expiry.type === 'at' ? 'That is in the past.' : 'The shortest expiry is one second.');
  // Also for what is beyond all dates, and so is no number.
  if (!(fromNowMs <= longestMs))
    return fail('That is more than 100 years away. Choose "Never" for a token that does not expire.');
  return { ok: true, expiry };
}
