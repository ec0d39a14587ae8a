import assert from 'node:assert/strict';
import { readTypedInstant } from '../../../src/core/tokens/typedInstant.ts';
import { inTimeZone } from '../../support/timeZone.ts';

describe('readTypedInstant', () => {
  const utc = (hour: number, minute = 0, second = 0, ms = 0): Date =>
    new Date(Date.UTC(2027, 2, 1, hour, minute, second, ms));
  const local = (hour: number, minute = 0, second = 0, day = 1): Date => new Date(2027, 2, day, hour, minute, second);
  const endOfDay = local(23, 59, 59);
  const cases: [string, Date | 'noSuchDate' | undefined][] = [
    ['2027-03-01T14:30:15-05:30', utc(20, 0, 15)],
    ['2027-03-01 14:30 GMT−3', utc(17, 30)],
    ['2027-03-01 14:30 UTC+0530', utc(9)],
    ['2027-03-01 14:30 +14', utc(0, 30)],
    ['2027-03-01T14:30:15,5Z', utc(14, 30, 15, 500)],
    ['20270301T143015', local(14, 30, 15)],
    ['20270301T143015z', utc(14, 30, 15)],
    ['15 March 2027', local(23, 59, 59, 15)],
    ['1 Mar. 2027', endOfDay],
    ['march 1 2027', endOfDay],
    ['Mar 1, 2027 · in 3 months', endOfDay],
    ['Mar 1, 2027,  2:30p.m.', local(14, 30)],
    ['Mar 1, 2027 2:30pm', local(14, 30)],
    ['Mar 1, 2027 at 14:30', local(14, 30)],
    ['Mar 1, 2027, at 14:30', local(14, 30)],
    ['Mar 1, 2027at 14:30', local(14, 30)],
    ['2027-03-01 0:30 PM', 'noSuchDate'],
    ['2027-03-01 23:59:60', 'noSuchDate'],
    ['2027-03-01 14:30 -14:01', 'noSuchDate'],
    ['2027-03-01 x14:30', undefined],
    ['2027-03-01 14:30x', undefined],
    ['2027-03-01 14:30 GMT+1x', undefined],
    ['2027-03-01 14:30 xGMT+1', undefined],
    ['2027-03-01 14:30?', undefined],
    ['2027-03-01 14:30 · in 3 months', undefined],
    ['20270301T143015Zx', undefined],
    ['20270301T1430150', undefined],
    ['x20270301T143015Z', undefined],
    ['1 x2027-03-01', undefined],
    ['x Mar 1, 2027', undefined],
    ['x1 Mar 2027', undefined],
    ['Mar 1, 20271', undefined],
    ['(2027-03-01 22:59:59 UTC) or so', undefined],
  ];
  for (const [text, expected] of cases)
    it(`reads “${text}”`, () => {
      assert.deepEqual(readTypedInstant(text), expected);
    });

  it('means the clock of this computer where no zone is named', () =>
    inTimeZone('America/New_York', () => {
      assert.deepEqual(readTypedInstant('2027-03-01 14:30'), new Date('2027-03-01T19:30:00Z'));
      // The clocks go from 2:00 to 3:00 on that day.
      assert.deepEqual(readTypedInstant('2027-03-14 02:30'), new Date('2027-03-14T07:30:00Z'));
    }));

  it('knows no day that was skipped by a whole country', () =>
    inTimeZone('Pacific/Apia', () => {
      assert.equal(readTypedInstant('2011-12-30 12:00'), 'noSuchDate');
      assert.deepEqual(readTypedInstant('2011-12-31 12:00'), new Date('2011-12-30T22:00:00Z'));
    }));
});
