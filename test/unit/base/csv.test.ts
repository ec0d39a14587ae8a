import assert from 'node:assert/strict';
import { csv } from '../../../src/core/base/csv.ts';

describe('csv', () => {
  it('ends every line with CR LF and leaves plain cells as they are', () => {
    assert.equal(
      csv([
        ['a', 'b c'],
        ['ü', undefined],
      ]),
      'a,b c\r\nü,\r\n',
    );
  });

  const quotedCells: [string, string][] = [
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', '"two\nlines"'],
    ['two\r\nlines', '"two\r\nlines"'],
  ];
  for (const [cell, expected] of quotedCells) {
    it(`quotes ${JSON.stringify(cell)}`, () => assert.equal(csv([[cell]]), `${expected}\r\n`));
  }

  for (const sign of ['=', '+', '-', '@', '\t', '\r', '\n', '\uFF1D', '\uFF0B', '\uFF0D', '\uFF20']) {
    it(`makes no formula of a cell that starts with ${JSON.stringify(sign)}`, () => {
      assert.equal(csv([[`${sign}HYPERLINK("x")`]]), `"'${sign}HYPERLINK(""x"")"\r\n`);
      assert.equal(csv([[`a${sign}`]]).startsWith('a') || csv([[`a${sign}`]]).startsWith('"a'), true);
    });
  }
});
