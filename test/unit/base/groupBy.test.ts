import assert from 'node:assert/strict';
import { groupBy } from '../../../src/core/base/groupBy.ts';

describe('groupBy', () => {
  it('keeps the order of groups and of values', () => {
    const groups = groupBy(
      ['ant', 'bee', 'asp', 'bug'],
      (word) => word[0],
      (word) => word.toUpperCase(),
    );
    assert.deepEqual(
      [...groups],
      [
        ['a', ['ANT', 'ASP']],
        ['b', ['BEE', 'BUG']],
      ],
    );
  });
});
