import assert from 'node:assert/strict';
import { describeWait } from '../../src/core/describeWait.ts';

describe('describeWait', () => {
  const until = new Date('2026-11-25T13:03:20Z');
  const format = { locale: 'de', timeZone: 'Europe/Berlin' };
  it('says until when and why', () => {
    assert.equal(
      describeWait(until, 'serverBusy', format),
      'waiting until 14:03:20, because MagicBell asks for a pause',
    );
    assert.equal(
      describeWait(until, 'budget', format),
      'waiting until 14:03:20, because this minute’s requests are used up',
    );
    assert.equal(describeWait(until, 'retry', format), 'waiting until 14:03:20 to try again');
  });
});
