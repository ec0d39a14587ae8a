import assert from 'node:assert/strict';
import { type CopyFormat, describeFormat, formatValue } from '../../../src/core/delivery/copyFormat.ts';
import { Secret } from '../../../src/core/base/secret.ts';

describe('formatValue', () => {
  const cases: readonly (readonly [CopyFormat, copied: string, described: string])[] = [
    [{ type: 'value' }, 'eyJ.a', 'the value'],
    [{ type: 'variable', name: 'TOKEN' }, 'TOKEN=eyJ.a', 'TOKEN=…'],
    [{ type: 'export', name: 'TOKEN' }, 'export TOKEN=eyJ.a', 'export TOKEN=…'],
    [{ type: 'powershell', name: 'TOKEN' }, "$env:TOKEN='eyJ.a'", '$env:TOKEN=…'],
    [{ type: 'header' }, 'Authorization: Bearer eyJ.a', 'Authorization: Bearer …'],
  ];
  for (const [format, copied, described] of cases) {
    it(`makes ${described}`, () => {
      assert.equal(formatValue(new Secret('eyJ.a'), format).reveal(), copied);
      assert.equal(describeFormat(format), described);
    });
  }

  it('quotes what a shell would take apart', () => {
    const value = new Secret("it's $HOME");
    assert.equal(formatValue(value, { type: 'export', name: 'A' }).reveal(), "export A='it'\\''s $HOME'");
    assert.equal(formatValue(value, { type: 'powershell', name: 'A' }).reveal(), "$env:A='it''s $HOME'");
  });
});
