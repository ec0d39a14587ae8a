import assert from 'node:assert/strict';
import { listGapText } from '../../../src/core/tokens/listGap.ts';

describe('listGapText', () => {
  it('says what is missing and why', () => {
    assert.equal(listGapText({ unreadableItems: 1, cutShort: undefined }), '1 entry cannot be read');
    assert.equal(listGapText({ unreadableItems: 3, cutShort: undefined }), '3 entries cannot be read');
    assert.equal(
      listGapText({ unreadableItems: 2, cutShort: 'tooLong' }),
      '2 entries cannot be read; the list is longer than can be loaded here',
    );
  });

  it('has a text of its own for each reason', () => {
    const reasons = ['unreadableLink', 'repeats', 'nothingNew', 'tooLong'] as const;
    const texts = reasons.map((cutShort) => listGapText({ unreadableItems: 0, cutShort }));
    assert.equal(new Set(texts).size, 4);
    for (const text of texts) assert.doesNotMatch(text, /entries cannot|undefined/);
  });
});
