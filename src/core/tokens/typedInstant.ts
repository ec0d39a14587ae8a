const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** The zones that English texts name by letters, in hours from UTC. Other zones read "GMT+5:30". */
const zones = new Map<string, number>([
  ['z', 0],
  ['utc', 0],
  ['gmt', 0],
  ['est', -5],
  ['edt', -4],
  ['cst', -6],
  ['cdt', -5],
  ['mst', -7],
  ['mdt', -6],
  ['pst', -8],
  ['pdt', -7],
  ['akst', -9],
  ['akdt', -8],
  ['hst', -10],
  ['hdt', -9],
]);

interface Day {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** The time after a day; without one, the whole day is meant. */
interface Time {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
  /** Minutes ahead of UTC; undefined: local time. */
  readonly offsetMinutes: number | undefined;
}

/**
 * The instant in a text: an ISO date, with or without time and zone, or the same with the month's name. A day without a
 * time means its end. Undefined: the text has another form.
 */
export function readTypedInstant(text: string): Date | 'noSuchDate' | undefined {
  // "Mar 1, 2027, 11:59 PM GMT+1 (2027-03-01 22:59:59 UTC)": the part in brackets is exact to the second.
  const exact = /\((\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC)\)$/.exec(text)?.[1];
  const found = readDay(exact ?? text);
  if (found === undefined) return undefined;
  const rest = found.rest.replace(/^(?:,? *at |[t, ]+)/i, '').trim();
  // A row of this extension adds the distance: "Jan 28, 2027 · in 2 months".
  const time = readTime(rest.replace(/^· .*$/, ''));
  return time === undefined ? undefined : toInstant(found.day, time);
}

function readDay(text: string): { readonly day: Day; readonly rest: string } | undefined {
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)/.exec(text) ?? /^(\d{4})(\d\d)(\d\d)(?=T\d{6}Z?$)/i.exec(text);
  if (iso !== null) {
    const [all, year, month, day] = iso;
    return { day: { year: Number(year), month: Number(month), day: Number(day) }, rest: text.slice(all.length) };
  }
  const monthFirst = /^([a-z]{3,9})\.? (\d{1,2}),? (\d{4})(?!\d)/i.exec(text);
  const dayFirst = /^(\d{1,2}) ([a-z]{3,9})\.?,? (\d{4})(?!\d)/i.exec(text);
  const [all = '', name = '', day, year] =
    monthFirst ?? (dayFirst === null ? [] : [dayFirst[0], dayFirst[2], dayFirst[1], dayFirst[3]]);
  const month = months.indexOf(name.slice(0, 3).toLowerCase()) + 1;
  if (month === 0) return undefined;
  return { day: { year: Number(year), month, day: Number(day) }, rest: text.slice(all.length) };
}

function readTime(text: string): Time | undefined {
  if (text === '') return { hour: 23, minute: 59, second: 59, millisecond: 0, offsetMinutes: undefined };
  const found =
    /^(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?: ?([ap])\.?m\.?)?(?: ?([a-z].*|[+-].*))?$/i.exec(text) ??
    /^(\d\d)(\d\d)(\d\d)()()(Z?)$/i.exec(text);
  if (found === null) return undefined;
  const [, hours = '', minute = '', second = '0', fraction = '', half = '', zone = ''] = found;
  const offsetMinutes = zone === '' ? undefined : readZone(zone);
  if (zone !== '' && offsetMinutes === undefined) return undefined;
  return {
    hour: half === '' ? Number(hours) : hourOfHalf(Number(hours), half),
    minute: Number(minute),
    second: Number(second),
    millisecond: Number(fraction.padEnd(3, '0').slice(0, 3)),
    offsetMinutes,
  };
}

/** 12 AM and 12 PM come before 1. Returns 24, which is no hour of a day, for an hour that is out of range. */
function hourOfHalf(hour: number, half: string): number {
  if (hour < 1 || hour > 12) return 24;
  return (hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
}

/** Minutes ahead of UTC. */
function readZone(text: string): number | undefined {
  const named = zones.get(text.toLowerCase());
  if (named !== undefined) return named * 60;
  const found = /^(?:gmt|utc)?([+-])(\d{1,2})(?::?(\d\d))?$/i.exec(text.replace('−', '-'));
  if (found === null) return undefined;
  const minutes = Number(found[2]) * 60 + Number(found[3] ?? 0);
  return found[1] === '-' ? -minutes : minutes;
}

function toInstant({ year, month, day }: Day, time: Time): Date | 'noSuchDate' {
  const { hour, minute, second, millisecond, offsetMinutes } = time;
  const asUtc = new Date(Date.UTC(year, month - 1, day, hour, minute, second, millisecond));
  const isReal =
    asUtc.getUTCFullYear() === year &&
    asUtc.getUTCMonth() === month - 1 &&
    asUtc.getUTCDate() === day &&
    hour < 24 &&
    minute < 60 &&
    second < 60 &&
    (offsetMinutes === undefined || Math.abs(offsetMinutes) <= 14 * 60);
  if (!isReal) return 'noSuchDate';
  if (offsetMinutes !== undefined) return new Date(asUtc.getTime() - offsetMinutes * minuteMs);
  const local = new Date(year, month - 1, day, hour, minute, second, millisecond);
  // A time that the clocks skip becomes the next one that exists; a day of 23 hours still ends on that day.
  return Math.abs(local.getTime() - local.getTimezoneOffset() * minuteMs - asUtc.getTime()) <= hourMs
    ? local
    : 'noSuchDate';
}
