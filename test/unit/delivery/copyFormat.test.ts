import assert from 'node:assert/strict';
import { type CopyFormat, describeFormat, formatValue } from '../../../src/core/delivery/copyFormat.ts';
import { Secret } from '../../../src/core/base/secret.ts';

describe('formatValue', () => {
  const cases: readonly (readonly [CopyFormat, copied: string, described: string])[] = [
    [{ type: 'value' }, 'eyJ.a', 'the value'],
    [{ type: 'variable', name: 'TOKEN' }, 'TOKEN=eyJ.a', 'TOKEN=…'],
    [{ type: 'header' }, 'Authorization: Bearer eyJ.a', 'Authorization: Bearer …'],
  ];
  for (const [format, copied, described] of cases) {
    it(`makes ${described}`, () => {
      assert.equal(formatValue(new Secret('eyJ.a'), format).reveal(), copied);
      assert.equal(describeFormat(format), described);
    });
  }
});
