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

  const reasons = {
    unreadableLink: 'the API names a next page in a form that cannot be read',
    repeats: 'the API names a page as the next one that was loaded already',
    nothingNew: 'the API sends further pages without anything new',
    tooLong: 'the list is longer than can be loaded here',
  } as const;
  for (const [cutShort, text] of Object.entries(reasons))
    it(`says only why, where no entry is unreadable: ${cutShort}`, () =>
      assert.equal(listGapText({ unreadableItems: 0, cutShort: cutShort as keyof typeof reasons }), text));
});
