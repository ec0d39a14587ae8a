import assert from 'node:assert/strict';
import {
  type Expiry,
  expiryInstant,
  expiryPresets,
  expirySeconds,
  parseExpiry,
  typedExpiryLabel,
} from '../../../src/core/tokens/expiry.ts';
import { localTime, relativeTime, utcTime } from '../../../src/core/base/timeText.ts';
import { cpuMs } from '../../support/cpuTime.ts';

const now = new Date(2026, 10, 25, 13, 0);
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

describe('parseExpiry', () => {
  const durations: [string, number][] = [
    ['45d', 45 * dayMs],
    [' 45 D ', 45 * dayMs],
    ['1 day', dayMs],
    ['2days', 2 * dayMs],
    ['12h', 12 * hourMs],
    ['12 hours', 12 * hourMs],
    ['30m', 30 * minuteMs],
    ['in  30   m', 30 * minuteMs],
    ['expire 30m', 30 * minuteMs],
    ['30 mins', 30 * minuteMs],
    ['1 minute', minuteMs],
    ['2w', 14 * dayMs],
    ['2 weeks', 14 * dayMs],
    ['1y', 365 * dayMs],
    ['100 years', 100 * 365 * dayMs],
  ];
  for (const [text, milliseconds] of durations) {
    it(`reads ${text}`, () =>
      assert.deepEqual(parseExpiry(text, now), { ok: true, expiry: { type: 'after', milliseconds } }));
  }

  const inMonths = (count: number): number => new Date(2026, 10 + count, 25, 13, 0).getTime() - now.getTime();
  for (const [text, months] of [
    ['3mo', 3],
    ['3M', 3],
    ['3 months', 3],
    ['1 month', 1],
    ['in 3 months', 3],
    ['18 mos', 18],
  ] as const)
    it(`reads ${text} as months`, () =>
      assert.deepEqual(parseExpiry(text, now), {
        ok: true,
        expiry: { type: 'after', milliseconds: inMonths(months) },
      }));

  it('ends in a shorter month on its last day', () => {
    const instant = (text: string, at: Date): Date | undefined => {
      const parsed = parseExpiry(text, at);
      return parsed.ok ? expiryInstant(parsed.expiry, at) : undefined;
    };
    assert.deepEqual(instant('1mo', new Date(2027, 0, 31, 13, 0)), new Date(2027, 1, 28, 13, 0));
    assert.deepEqual(instant('13mo', new Date(2027, 0, 31, 13, 0)), new Date(2028, 1, 29, 13, 0));
  });

  const dates: [string, Date][] = [
    ['2027-03-01', new Date(2027, 2, 1, 23, 59, 59)],
    ['2027-3-1', new Date(2027, 2, 1, 23, 59, 59)],
    ['2027-03-01 14:30', new Date(2027, 2, 1, 14, 30)],
    ['2027-03-01  14:30', new Date(2027, 2, 1, 14, 30)],
    ['2027-03-01T14:30', new Date(2027, 2, 1, 14, 30)],
    ['2028-02-29', new Date(2028, 1, 29, 23, 59, 59)],
    ['2026-11-25', new Date(2026, 10, 25, 23, 59, 59)],
    ['Mar 1, 2027', new Date(2027, 2, 1, 23, 59, 59)],
    ['1 March 2027 14:30', new Date(2027, 2, 1, 14, 30)],
    ['Mar 1, 2027 at 2:30 pm', new Date(2027, 2, 1, 14, 30)],
    ['Mar 1, 2027, 12:05 AM', new Date(2027, 2, 1, 0, 5)],
    ['2027-03-01T14:30:15.250Z', new Date(Date.UTC(2027, 2, 1, 14, 30, 15, 250))],
    ['2027-03-01T14:30:15.123456789Z', new Date(Date.UTC(2027, 2, 1, 14, 30, 15, 123))],
    ['2027-03-01T14:30:15+05:30', new Date(Date.UTC(2027, 2, 1, 9, 0, 15))],
    ['2027-03-01 14:30:15 UTC', new Date(Date.UTC(2027, 2, 1, 14, 30, 15))],
    ['20270301T143015Z', new Date(Date.UTC(2027, 2, 1, 14, 30, 15))],
    ['Mar 1, 2027, 2:30 PM EST', new Date(Date.UTC(2027, 2, 1, 19, 30))],
    ['tomorrow', new Date(2026, 10, 26, 23, 59, 59)],
  ];
  for (const [text, instant] of dates) {
    it(`reads ${text}`, () => assert.deepEqual(parseExpiry(text, now), { ok: true, expiry: { type: 'at', instant } }));
  }

  it('reads never', () => assert.deepEqual(parseExpiry('Never', now), { ok: true, expiry: { type: 'never' } }));

  const problems: [string, RegExp][] = [
    ['', /^Enter a duration/],
    ['  ', /^Enter a duration/],
    ['x2027-03-01', /Not understood/],
    ['2027-03-01x', /Not understood/],
    ['soon', /Not understood/],
    ['45', /Not understood/],
    ['-1d', /Not understood/],
    ['never ever', /Not understood/],
    ['as never', /Not understood/],
    ['tomorrow or so', /Not understood/],
    ['not tomorrow', /Not understood/],
    ['it expires in 3 days', /Not understood/],
    ['1.5d', /Not understood/],
    ['1d2h', /Not understood/],
    ['01/03/2027', /Not understood/],
    ['5 fortnights', /Use m \(minutes\)/],
    ['5s', /Use m/],
    ['5ms', /Use m/],
    ['5ds', /Use m/],
    ['5constructor', /Use m/],
    ['5 __proto__', /Not understood/],
    ['0d', /The shortest/],
    ['101y', /more than 100 years/],
    ['999999999y', /more than 100 years/],
    ['2027-02-29', /no such date/],
    ['2027-13-01', /no such date/],
    ['2027-00-10', /no such date/],
    ['2027-01-01 24:00', /no such date/],
    ['2027-01-01 10:60', /no such date/],
    ['0026-01-01', /no such date/],
    ['2026-11-24', /in the past/],
    ['2026-11-25 12:59', /in the past/],
    ['2226-11-24', /more than 100 years/],
    ['3ms', /Use m/],
    ['3 Ms', /Use m/],
    ['0mo', /The shortest/],
    ['999999999mo', /more than 100 years/],
    ['Foo 1, 2027', /Not understood/],
    ['Feb 30, 2027', /no such date/],
    ['Mar 1, 2027, 13:00 PM', /no such date/],
    ['Mar 1, 2027, 2:30 PM XYZ', /Not understood/],
    ['2027-03-01T14:30:15+25:00', /no such date/],
  ];
  for (const [text, problem] of problems) {
    it(`refuses “${text}”`, () => {
      const parsed = parseExpiry(text, now);
      assert.ok(!parsed.ok, 'it is understood');
      assert.match(parsed.problem, problem);
    });
  }
});

describe('a long text', () => {
  const texts = [`2027-03-01${' '.repeat(100_000)}x`, '1'.repeat(100_000), 'a '.repeat(50_000), ' '.repeat(100_000)];
  for (const text of texts)
    it(`is refused at once: ${text.slice(0, 12)}…`, () => {
      const tookMs = cpuMs(() => assert.equal(parseExpiry(text, now).ok, false));
      assert.ok(tookMs < 100, `${tookMs} ms`);
    });
});

describe('what the product prints', () => {
  const zones = [
    'America/New_York',
    'America/Los_Angeles',
    'Asia/Kolkata',
    'Europe/Berlin',
    'UTC',
    'Pacific/Kiritimati',
  ];
  const instants = ['2027-03-01T22:59:00Z', '2027-07-01T00:00:00Z', '2027-12-31T12:00:00Z'].map(
    (text) => new Date(text),
  );
  const pasted = (text: string): Date | undefined => {
    const parsed = parseExpiry(text, now);
    return parsed.ok ? expiryInstant(parsed.expiry, now) : undefined;
  };
  for (const timeZone of zones)
    for (const hourCycle of ['h12', 'h23'] as const)
      it(`is read back as the same instant: ${timeZone}, ${hourCycle}`, () => {
        for (const instant of instants) {
          const local = localTime(instant, { timeZone, hourCycle });
          assert.deepEqual(pasted(local), instant, local);
          assert.deepEqual(pasted(`Expires: ${local} (${utcTime(instant)})`), instant, local);
        }
      });

  it('is read back in its other forms', () => {
    const instant = new Date('2027-03-01T22:59:59Z');
    for (const text of [instant.toISOString(), utcTime(instant), `${localTime(instant)} (${utcTime(instant)})`])
      assert.deepEqual(pasted(text), instant, text);
    for (const text of ['never', 'Never', 'never expires']) assert.ok(parseExpiry(text, now).ok, text);
    for (const text of ['in 12 days', 'expires in 12 days', '12 days · Dec 7, 2026'])
      assert.deepEqual(pasted(text), new Date(now.getTime() + 12 * dayMs), text);
  });
});

describe('typedExpiryLabel', () => {
  const cases: [string, string | undefined][] = [
    ['60d', '60 days · Jan 24, 2027'],
    ['1h', '1 hour · Nov 25, 2026'],
    ['3mo', '3 months · Feb 25, 2027'],
    ['2027-03-01', 'Mar 1, 2027 · in 3 months'],
    ['never', 'Never'],
    ['soon', undefined],
    ['', undefined],
  ];
  for (const [text, label] of cases)
    it(`says ${String(label)} of “${text}”`, () => assert.equal(typedExpiryLabel(text, now), label));
});

describe('expirySeconds', () => {
  const cases: [string, Expiry, number | undefined][] = [
    ['never', { type: 'never' }, undefined],
    ['a duration', { type: 'after', milliseconds: hourMs }, 3600],
    ['a part of a second', { type: 'after', milliseconds: 1 }, 1],
    ['an instant', { type: 'at', instant: new Date(now.getTime() + 90_400) }, 90],
    ['an instant that is past by now', { type: 'at', instant: new Date(0) }, 1],
  ];
  for (const [what, expiry, seconds] of cases) {
    it(`is ${seconds} for ${what}`, () => assert.equal(expirySeconds(expiry, now), seconds));
  }

  it('counts from the moment of sending', () => {
    const expiry: Expiry = { type: 'at', instant: new Date(now.getTime() + hourMs) };
    assert.equal(expirySeconds(expiry, new Date(now.getTime() + 10 * minuteMs)), 3000);
    assert.equal(expirySeconds({ type: 'after', milliseconds: hourMs }, new Date(0)), 3600);
  });
});

describe('expiryPresets', () => {
  it('mean what they say', () => {
    const days = expiryPresets.map(({ label, expiry }) => [
      label,
      ((expiryInstant(expiry, now)?.getTime() ?? NaN) - now.getTime()) / hourMs,
    ]);
    assert.deepEqual(days, [
      ['1 hour', 1],
      ['1 day', 24],
      ['7 days', 168],
      ['30 days', 720],
      ['90 days', 2160],
      ['1 year', 8760],
      ['Never', NaN],
    ]);
  });
});

describe('relativeTime', () => {
  const zone = { timeZone: 'Europe/Berlin' };
  const noon = new Date('2026-11-25T11:00:00Z');
  const cases: [number, string][] = [
    [0, 'just now'],
    [1, 'in less than a minute'],
    [-1000, 'just now'],
    [59_000, 'in less than a minute'],
    [minuteMs, 'in 1 minute'],
    [59.9 * minuteMs, 'in 59 minutes'],
    [-5 * minuteMs, '5 minutes ago'],
    [hourMs, 'in 1 hour'],
    [11 * hourMs, 'in 11 hours'],
    [-13 * hourMs, 'yesterday'],
    [12 * hourMs, 'tomorrow'],
    [dayMs, 'tomorrow'],
    [2 * dayMs, 'in 2 days'],
    [-3 * dayMs, '3 days ago'],
    [30 * dayMs, 'in 30 days'],
    [59 * dayMs, 'in 59 days'],
    [60 * dayMs, 'in 2 months'],
    [-60 * dayMs, '2 months ago'],
    [90 * dayMs, 'in 3 months'],
    [365 * dayMs, 'in 12 months'],
    [729 * dayMs, 'in 24 months'],
    [730 * dayMs, 'in 2 years'],
    [3650 * dayMs, 'in 10 years'],
  ];
  for (const [ms, text] of cases) {
    it(`says “${text}”`, () => assert.equal(relativeTime(new Date(noon.getTime() + ms), noon, zone), text));
  }

  it('means by tomorrow the next day of the calendar, in the zone', () => {
    const evening = new Date('2026-11-25T20:00:00Z');
    const inAWhile = new Date('2026-11-26T09:00:00Z');
    assert.equal(relativeTime(inAWhile, evening, zone), 'tomorrow');
    assert.equal(relativeTime(new Date('2026-11-26T04:00:00Z'), evening, zone), 'in 8 hours');
    assert.equal(relativeTime(inAWhile, evening, { timeZone: 'Pacific/Kiritimati' }), 'in 13 hours');
  });

  it('counts days over a change to and from summer time', () => {
    const spring = new Date('2026-03-28T11:00:00Z');
    assert.equal(relativeTime(new Date('2026-03-29T21:30:00Z'), spring, zone), 'tomorrow');
    assert.equal(relativeTime(new Date('2026-03-30T10:00:00Z'), spring, zone), 'in 2 days');
    const autumn = new Date('2026-10-24T10:00:00Z');
    assert.equal(relativeTime(new Date('2026-10-25T22:59:00Z'), autumn, zone), 'tomorrow');
  });

  it('speaks other languages', () => {
    assert.equal(relativeTime(new Date(noon.getTime() + dayMs), noon, { ...zone, locale: 'de' }), 'morgen');
  });
});

describe('localTime and utcTime', () => {
  const instant = new Date('2027-03-01T22:59:59Z');

  it('name the zone, always', () => {
    assert.match(localTime(instant, { timeZone: 'Europe/Berlin' }), /^Mar 1, 2027, 11:59\sPM GMT\+1$/);
    assert.match(localTime(instant, { timeZone: 'America/New_York' }), /^Mar 1, 2027, 5:59\sPM EST$/);
    assert.match(localTime(new Date('2027-07-01T12:00:00Z'), { timeZone: 'Europe/Berlin' }), /GMT\+2$/);
    assert.equal(utcTime(instant), '2027-03-01 22:59:59 UTC');
  });
});
