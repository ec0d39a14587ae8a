import assert from 'node:assert/strict';
import { hourCycleOf, localDay, localTime, nextTextChange, relativeTime } from '../../../src/core/base/timeText.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

describe('hourCycleOf', () => {
  const cases: [Record<string, string>, string][] = [
    [{ LANG: 'en_US.UTF-8' }, 'h12'],
    [{ LANG: 'de_DE.UTF-8' }, 'h23'],
    [{ LANG: 'de' }, 'h23'],
    [{ LANG: 'en_US.UTF-8', LC_TIME: 'en_GB.UTF-8' }, 'h23'],
    [{ LANG: 'de_DE', LC_TIME: 'de_DE', LC_ALL: 'en_US' }, 'h12'],
    [{ LANG: 'de_DE@euro', LC_TIME: '', LC_ALL: '' }, 'h23'],
  ];
  for (const [environment, cycle] of cases)
    it(`is ${cycle} for ${JSON.stringify(environment)}`, () => assert.equal(hourCycleOf(environment), cycle));

  it('asks the host where the environment names no locale', () => {
    const { hourCycle } = new Intl.DateTimeFormat(undefined, { hour: 'numeric' }).resolvedOptions();
    const own = hourCycle === 'h23' ? 'h23' : 'h12';
    for (const LANG of ['C', 'C.UTF-8', 'POSIX', '']) assert.equal(hourCycleOf({ LANG }), own);
  });
});

describe('localTime', () => {
  const evening = new Date('2027-03-01T22:59:00Z');
  const text = (hourCycle: 'h12' | 'h23', instant = evening): string =>
    localTime(instant, { timeZone: 'Europe/Berlin', hourCycle }).replace('\u202F', ' ');

  it('follows the hour cycle', () => {
    assert.equal(text('h12'), 'Mar 1, 2027, 11:59 PM GMT+1');
    assert.equal(text('h23'), 'Mar 1, 2027, 23:59 GMT+1');
    assert.equal(text('h23', new Date('2027-03-01T23:05:00Z')), 'Mar 2, 2027, 00:05 GMT+1');
  });

  it('has a short form without the time', () =>
    assert.equal(localDay(evening, { timeZone: 'Europe/Berlin' }), 'Mar 1, 2027'));
});

describe('nextTextChange', () => {
  const noon = new Date(2026, 10, 25, 12, 0, 30, 250);
  const distances = [
    0,
    1,
    59_999,
    minuteMs,
    90_000,
    59 * minuteMs + 59_999,
    hourMs,
    5.3 * hourMs,
    11.5 * hourMs,
    11.999 * hourMs,
    12 * hourMs,
    13 * hourMs,
    20 * hourMs,
    dayMs,
    3 * dayMs,
    12.2 * dayMs,
    70 * dayMs,
    800 * dayMs,
  ];
  for (const distance of distances.flatMap((ms) => [ms, -ms]))
    it(`is the first instant at which another text stands, ${distance} ms from now`, () => {
      const instant = new Date(noon.getTime() + distance);
      const next = nextTextChange(instant, noon).getTime();
      const textAt = (ms: number): string => relativeTime(instant, new Date(ms));
      assert.ok(next > noon.getTime() && next - noon.getTime() <= dayMs, `${next - noon.getTime()} ms later`);
      assert.equal(textAt(next - 1), textAt(noon.getTime()));
      // Days change at midnight, months and years at one of them.
      if (new Date(next).getHours() !== 0) assert.notEqual(textAt(next), textAt(noon.getTime()));
    });
});
