const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** How time is shown: the user's locale and zone. Undefined: the system's. */
export interface TimeFormat {
  readonly locale?: string | undefined;
  readonly timeZone?: string | undefined;
}

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

/** The number of the day in the zone's calendar. */
function calendarDay(instant: Date, { timeZone }: TimeFormat): number {
  // The computer's own zone needs no calendar, which would cost more than all else of a row.
  if (timeZone === undefined) return Math.floor((instant.getTime() - instant.getTimezoneOffset() * minuteMs) / dayMs);
  // Swedish dates are ISO dates.
  const calendar = cached(`day ${timeZone}`, () => new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }));
  return Math.round(Date.parse(`${calendar.format(instant)}T00:00:00Z`) / dayMs);
}

/** "Mar 1, 2027, 11:59 PM GMT+1": local time, with its zone. */
export function localTime(instant: Date, { locale = 'en', timeZone }: TimeFormat = {}): string {
  return cached(
    `local ${locale} ${timeZone}`,
    () =>
      new Intl.DateTimeFormat(locale, {
        year: 'numeric',
        month: 'short',
        day: 'numeric',
        hour: 'numeric',
        minute: '2-digit',
        timeZoneName: 'short',
        timeZone,
      }),
  ).format(instant);
}

/** "2027-03-01 22:59:59 UTC" */
export function utcTime(instant: Date): string {
  return `${instant.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
