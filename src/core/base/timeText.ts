const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** How time is shown: the user's locale and zone. Undefined: the system's. */
export interface TimeFormat {
  readonly locale?: string | undefined;
  readonly timeZone?: string | undefined;
  readonly hourCycle?: HourCycle | undefined;
}

/** Whether hours are counted to 12 or to 24. */
export type HourCycle = 'h12' | 'h23';

/**
 * The hour cycle of the system's locale. All texts are English, which on its own would mean AM and PM. The
 * environment's locale for times counts where it is set, else the host's.
 */
export function hourCycleOf(environment: Readonly<Partial<Record<string, string>>>): HourCycle {
  const { LC_ALL, LC_TIME, LANG } = environment;
  const named = [LC_ALL, LC_TIME, LANG].find((name) => name !== undefined && name !== '') ?? '';
  // "de_DE.UTF-8@euro" is "de-DE"; "C" and "POSIX" name no locale.
  const tag = /^[a-z]{2,3}(?:_[A-Z]{2})?/.exec(named)?.[0].replace('_', '-');
  const cycle = new Intl.DateTimeFormat(tag, { hour: 'numeric' }).resolvedOptions().hourCycle;
  return cycle === 'h23' || cycle === 'h24' ? 'h23' : 'h12';
}

let systemHourCycle: HourCycle | undefined;

/** Empty in a browser: pages show times too. */
const environment = (): Readonly<Partial<Record<string, string>>> =>
  (globalThis as { readonly process?: { readonly env: Readonly<Partial<Record<string, string>>> } }).process?.env ?? {};

/** Formatters cost far more to make than to use, and a list has thousands of rows. */
const formatters = new Map<string, Intl.RelativeTimeFormat | Intl.DateTimeFormat>();

function cached<T extends Intl.RelativeTimeFormat | Intl.DateTimeFormat>(key: string, make: () => T): T {
  let formatter = formatters.get(key) as T | undefined;
  if (formatter === undefined) {
    formatter = make();
    formatters.set(key, formatter);
  }
  return formatter;
}

/** "in 12 days", "tomorrow", "3 days ago": days are calendar days, so that "tomorrow" is tomorrow. */
export function relativeTime(instant: Date, now: Date, format: TimeFormat = {}): string {
  const locale = format.locale ?? 'en';
  const relative = cached(`relative ${locale}`, () => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }));
  const differenceMs = instant.getTime() - now.getTime();
  const distanceMs = Math.abs(differenceMs);
  if (distanceMs < minuteMs) return differenceMs <= 0 ? 'just now' : 'in less than a minute';
  if (distanceMs < hourMs) return relative.format(Math.trunc(differenceMs / minuteMs), 'minute');
  const days = calendarDay(instant, format) - calendarDay(now, format);
  if (days === 0 || distanceMs < 12 * hourMs) return relative.format(Math.trunc(differenceMs / hourMs), 'hour');
  if (Math.abs(days) < 60) return relative.format(days, 'day');
  if (Math.abs(days) < 730) return relative.format(Math.round(days / 30.44), 'month');
  return relative.format(Math.round(days / 365.25), 'year');
}

/** The next time at which the relative text of an instant may change. It may still read the same then. */
export function nextTextChange(instant: Date, now: Date): Date {
  const nowMs = now.getTime();
  const differenceMs = instant.getTime() - nowMs;
  const distanceMs = Math.abs(differenceMs);
  const midnight = new Date(now);
  midnight.setHours(24, 0, 0, 0);
  if (distanceMs < minuteMs) return new Date(differenceMs > 0 ? instant : instant.getTime() + minuteMs);
  const stepMs = distanceMs < hourMs ? minuteMs : hourMs;
  // Future times are rounded down, so they change just after a whole step; past times change at the step.
  const untilStepMs = differenceMs > 0 ? (differenceMs % stepMs) + 1 : stepMs - (distanceMs % stepMs);
  if (distanceMs < 12 * hourMs) return new Date(nowMs + untilStepMs);
  const nearMs = differenceMs >= 12 * hourMs ? instant.getTime() - 12 * hourMs + 1 : Infinity;
  const sameDay = calendarDay(instant, {}) === calendarDay(now, {});
  return new Date(Math.min(midnight.getTime(), nearMs, sameDay ? nowMs + untilStepMs : Infinity));
}

/** The number of the day in the zone's calendar. */
function calendarDay(instant: Date, { timeZone }: TimeFormat): number {
  // The local zone needs no calendar, which would cost more than the rest of a row.
  if (timeZone === undefined) return Math.floor((instant.getTime() - instant.getTimezoneOffset() * minuteMs) / dayMs);
  // Swedish dates are ISO dates.
  const calendar = cached(`day ${timeZone}`, () => new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }));
  return Math.round(Date.parse(`${calendar.format(instant)}T00:00:00Z`) / dayMs);
}

/** "Mar 1, 2027": the day, in local time. */
export function localDay(instant: Date, { locale = 'en', timeZone }: TimeFormat = {}): string {
  return cached(
    `date ${locale} ${timeZone}`,
    () => new Intl.DateTimeFormat(locale, { year: 'numeric', month: 'short', day: 'numeric', timeZone }),
  ).format(instant);
}

/** "Mar 1, 2027, 11:59 PM GMT+1": local time, with its zone. */
export function localTime(instant: Date, { locale = 'en', timeZone, hourCycle }: TimeFormat = {}): string {
  const cycle = hourCycle ?? (systemHourCycle ??= hourCycleOf(environment()));
  return cached(
    `local ${locale} ${timeZone} ${cycle}`,
    () =>
      new Intl.DateTimeFormat(locale, {
        year: 'numeric',
        month: 'short',
        day: 'numeric',
        hour: 'numeric',
        minute: '2-digit',
        hourCycle: cycle,
        timeZoneName: 'short',
        timeZone,
      }),
  ).format(instant);
}

/** "2027-03-01 22:59:59 UTC" */
export function utcTime(instant: Date): string {
  return `${instant.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
