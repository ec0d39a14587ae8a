import assert from 'node:assert/strict';
import { fillTemplate } from '../../../src/core/delivery/commandTemplates.ts';
import { parseOwnTemplates } from '../../../src/core/delivery/ownTemplates.ts';

describe('parseOwnTemplates', () => {
  it('reads a command, and asks for what stands in braces, each once', () => {
    const command = ['vault', 'kv', 'put', '{path}/{path}', '{variable}=-'];
    const [template] = parseOwnTemplates([{ label: ' Vault ', command }]);
    assert.ok(template);
    assert.equal(template.label, 'Vault');
    assert.deepEqual(template.asks, [{ key: 'path', prompt: 'path:' }]);
    const answers = new Map([
      ['path', 'secret/app'],
      ['variable', 'TOKEN'],
    ]);
    assert.deepEqual(fillTemplate(template, answers), [['vault', 'kv', 'put', 'secret/app/secret/app', 'TOKEN=-']]);
  });

  const strangers: unknown[] = [
    undefined,
    'vault',
    [null],
    [{ label: 'x' }],
    [{ label: '', command: ['vault'] }],
    [{ label: 'x', command: [] }],
    [{ label: 'x', command: 'vault kv put' }],
    [{ label: 'x', command: [''] }],
    [{ label: 'x', command: ['{program}'] }],
    [{ label: 'x', command: ['vault', 1] }],
    [{ label: 'x', command: ['vault', 'a\0b'] }],
  ];
  for (const stranger of strangers) {
    it(`reads none from ${JSON.stringify(stranger)}`, () => assert.deepEqual(parseOwnTemplates(stranger), []));
  }

  it('reads what is right beside what is not, and a bounded number', () => {
    const good = { label: 'Vault', command: ['vault'] };
    assert.equal(parseOwnTemplates([null, good]).length, 1);
    assert.equal(parseOwnTemplates(Array.from({ length: 1000 }, () => good)).length, 50);
  });
});
