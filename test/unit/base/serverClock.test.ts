import assert from 'node:assert/strict';
import { clockDifferenceMs } from '../../../src/core/base/serverClock.ts';

describe('clockDifferenceMs', () => {
  it('counts from five minutes on, either way', () => {
    assert.equal(clockDifferenceMs(undefined), 0);
    assert.equal(clockDifferenceMs(299_999), 0);
    assert.equal(clockDifferenceMs(300_000), 300_000);
    assert.equal(clockDifferenceMs(-3_600_000), -3_600_000);
  });
});
