import assert from 'node:assert/strict';
import { tokenId } from '../../../src/core/model/token.ts';
import { aToken } from '../../support/builders.ts';
import { cpuMs } from '../../support/cpuTime.ts';
import { inDays, overviewOfRows } from './known.ts';

describe('The Overview of 100,000 tokens', () => {
  it('is made in a moment', () => {
    const rows = Array.from({ length: 100_000 }, (_, index) => ({
      token: aToken({ name: `Token ${index}`, id: tokenId(`token-${index}`), expiresAt: inDays(index % 800) }),
    }));
    const tookMs = cpuMs(() => assert.equal(overviewOfRows(rows).rows.length, 100_000));
    assert.ok(tookMs < 1500, `${tookMs} ms`);
  });
});
