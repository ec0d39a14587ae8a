import assert from 'node:assert/strict';
import { serverNow } from '../../../src/core/base/serverClock.ts';

describe('serverNow', () => {
  const now = new Date('2026-11-30T12:00:00Z');
  it('is by the server’s clock from five minutes of difference on, either way', () => {
    assert.equal(serverNow(now, undefined), now);
    assert.equal(serverNow(now, 299_999), now);
    assert.deepEqual(serverNow(now, 300_000), new Date('2026-11-30T12:05:00Z'));
    assert.deepEqual(serverNow(now, -3_600_000), new Date('2026-11-30T11:00:00Z'));
  });
});
