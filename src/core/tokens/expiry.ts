import { type TimeFormat, localDay, relativeTime } from '../base/timeText.ts';
import { readTypedInstant } from './typedInstant.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** When a token should expire: never, some time after its creation, or at an instant. */
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

/** The instant of an expiry for a token that is created now. Undefined: never. */
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

/** The value for the API: whole seconds ≥ 1 from now. Undefined: never. */
export function expirySeconds(expiry: Expiry, now: Date): number | undefined {
  const instant = expiryInstant(expiry, now);
  return instant === undefined ? undefined : Math.max(1, Math.round((instant.getTime() - now.getTime()) / 1000));
}

export type ParsedExpiry =
  { readonly ok: true; readonly expiry: Expiry } | { readonly ok: false; readonly problem: string };

/** The hint in an empty box. */
const expiryExamples = 'like 45d, 12h, 3mo or 2027-03-01';

type Unit = 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year';

const lengthsMs: Readonly<Record<Exclude<Unit, 'month'>, number>> = {
  minute: minuteMs,
  hour: hourMs,
  day: dayMs,
  week: 7 * dayMs,
  year: 365 * dayMs,
};

const units = new Map<string, Unit>([
  ['m', 'minute'],
  ['min', 'minute'],
  ['minute', 'minute'],
  ['h', 'hour'],
  ['hr', 'hour'],
  ['hour', 'hour'],
  ['d', 'day'],
  ['day', 'day'],
  ['w', 'week'],
  ['wk', 'week'],
  ['week', 'week'],
  ['mo', 'month'],
  ['mon', 'month'],
  ['mth', 'month'],
  ['month', 'month'],
  ['y', 'year'],
  ['yr', 'year'],
  ['year', 'year'],
]);

/** A longer duration is a typing error, or means "never". */
const longestMs = 100 * 365 * dayMs;
const longestText = 200;

interface Failure {
  readonly ok: false;
  readonly problem: string;
}

interface Understood {
  readonly ok: true;
  readonly expiry: Expiry;
  /** The understood duration in words: "60 days". */
  readonly words: string;
}

const fail = (problem: string): Failure => ({ ok: false, problem });

/**
 * Reads what a person types: "45d", "12 hours", "3mo", "2027-03-01" (the end of that day, local time), "2027-03-01
 * 14:30" (local time), or "never"; and what this product prints or exports, pasted back, as the same instant.
 */
export function parseExpiry(text: string, now: Date): ParsedExpiry {
  const read = understand(text, now);
  return read.ok ? { ok: true, expiry: read.expiry } : read;
}

/** How a typed text is understood: "60 days · Jan 28, 2027". Undefined when it is not. */
export function typedExpiryLabel(text: string, now: Date, format?: TimeFormat): string | undefined {
  const read = understand(text, now);
  if (!read.ok) return undefined;
  const instant = expiryInstant(read.expiry, now);
  if (instant === undefined) return read.words;
  return read.expiry.type === 'after'
    ? `${read.words} · ${localDay(instant, format)}`
    : `${localDay(instant, format)} · ${relativeTime(instant, now, format)}`;
}

function understand(text: string, now: Date): Understood | Failure {
  const trimmed = text.trim();
  if (trimmed === '') return fail(`Enter a duration or a date, ${expiryExamples}.`);
  const notUnderstood = fail(`Not understood. Enter a duration or a date, ${expiryExamples}.`);
  if (trimmed.length > longestText) return notUnderstood;
  // The form of rows and tooltips: "expires in 12 days", "Expires: Mar 1, 2027, 11:59 PM GMT+1 (…)".
  const bare = trimmed.replaceAll(/\s+/g, ' ').replace(/^expires?:? /i, '');
  if (/^never(?: expires)?\.?$/i.test(bare)) return { ok: true, expiry: { type: 'never' }, words: 'Never' };
  return readDuration(bare, now) ?? readDate(bare, now) ?? notUnderstood;
}

function readDuration(text: string, now: Date): Understood | Failure | undefined {
  // A row of this extension adds the day: "60 days · Jan 28, 2027".
  const found = /^(?:in +)?(\d{1,9}) ?([a-z]+)(?: · .*)?$/i.exec(text);
  if (found === null) return undefined;
  const [, number = '', word = ''] = found;
  const count = Number(number);
  const unit = unitOf(word);
  if (unit === undefined)
    return fail('Use m (minutes), h (hours), d (days), w (weeks), mo (months) or y (years), like 45d.');
  const milliseconds = unit === 'month' ? monthsMs(count, now) : count * lengthsMs[unit];
  return within({ expiry: { type: 'after', milliseconds }, words: `${count} ${unit}${count === 1 ? '' : 's'}` }, now);
}

function unitOf(word: string): Unit | undefined {
  // A capital M means months in other tools, so it must not be read as minutes.
  if (word === 'M') return 'month';
  const lower = word.toLowerCase();
  // Only whole words have a plural: "ms" does not mean minutes.
  return units.get(lower.length > 2 || lower === 'mos' ? lower.replace(/s$/, '') : lower);
}

/** The time until the same day of a later month, or until its last day where there is no such day. */
function monthsMs(count: number, now: Date): number {
  const end = new Date(now);
  end.setMonth(now.getMonth() + count);
  if (end.getDate() !== now.getDate()) end.setDate(0);
  return end.getTime() - now.getTime();
}

function readDate(text: string, now: Date): Understood | Failure | undefined {
  const instant = /^tomorrow$/i.test(text) ? endOfTomorrow(now) : readTypedInstant(text);
  if (instant === undefined) return undefined;
  if (instant === 'noSuchDate') return fail('There is no such date.');
  return within({ expiry: { type: 'at', instant }, words: text }, now);
}

const endOfTomorrow = (now: Date): Date => new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, 23, 59, 59);

function within(typed: Omit<Understood, 'ok'>, now: Date): Understood | Failure {
  const { expiry } = typed;
  const fromNowMs = (expiryInstant(expiry, now)?.getTime() ?? 0) - now.getTime();
  if (fromNowMs < 1000)
    return fail(expiry.type === 'at' ? 'That is in the past.' : 'The shortest expiry is one second.');
  // Also true for NaN, from dates beyond the range.
  if (!(fromNowMs <= longestMs))
    return fail('That is more than 100 years away. Choose "Never" for a token that does not expire.');
  return { ok: true, ...typed };
}
