import assert from 'node:assert/strict';
import { csv } from '../../../src/core/base/csv.ts';

const mark = '\uFEFF';

describe('csv', () => {
  it('begins with a byte order mark, by which spreadsheets know UTF-8', () => {
    const bytes = Buffer.from(csv([['Straße']]));
    assert.deepEqual([...bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf]);
    assert.equal(bytes.subarray(3).toString('utf8'), 'Straße\r\n');
  });

  it('ends every line with CR LF and leaves plain cells as they are', () => {
    assert.equal(
      csv([
        ['a', 'b c'],
        ['ü', undefined],
      ]),
      `${mark}a,b c\r\nü,\r\n`,
    );
  });

  const quotedCells: [string, string][] = [
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['a;b', '"a;b"'],
    ['two\nlines', '"two\nlines"'],
    ['two\r\nlines', '"two\r\nlines"'],
  ];
  for (const [cell, expected] of quotedCells) {
    it(`quotes ${JSON.stringify(cell)}`, () => assert.equal(csv([[cell]]), `${mark}${expected}\r\n`));
  }

  for (const sign of ['=', '+', '-', '@', '\t', '\r', '\n', '\uFF1D', '\uFF0B', '\uFF0D', '\uFF20']) {
    it(`makes no formula of a cell that starts with ${JSON.stringify(sign)}`, () => {
      assert.equal(csv([[`${sign}HYPERLINK("x")`]]), `${mark}"'${sign}HYPERLINK(""x"")"\r\n`);
      assert.match(csv([[`a${sign}`]]), /^\uFEFF"?a[^']/);
    });
  }

  // A spreadsheet that splits at semicolons does not honour quotes in the middle of its cells.
  for (const separator of [';', '\t', '\n', '\r\n', '|', '; ']) {
    it(`makes no formula of what follows ${JSON.stringify(separator)}`, () => {
      assert.equal(csv([[`a${separator}=1+1`]]), `${mark}"a${separator}'=1+1"\r\n`);
    });
  }

  it('leaves signs within a word alone', () => {
    const text = 'first-second a=b me@example.com 1+1';
    assert.equal(csv([[text]]), `${mark}${text}\r\n`);
  });

  it('is linear in the length of a cell', () => {
    const before = process.cpuUsage();
    csv([[';\t'.repeat(200_000)], ['\n'.repeat(200_000)]]);
    const tookMs = process.cpuUsage(before).user / 1000;
    assert.ok(tookMs < 1000, `${tookMs} ms`);
  });
});
