import assert from 'node:assert/strict';
import { format, inspect } from 'node:util';
import { serialize } from 'node:v8';
import { Secret } from '../../../src/core/base/secret.ts';

describe('Secret', () => {
  const value = 'VALUE-1';
  const secret = new Secret(value);

  const prints: [string, () => string][] = [
    ['JSON', () => JSON.stringify(secret)],
    ['JSON inside of other things', () => JSON.stringify({ a: [secret] })],
    ['inspect', () => inspect(secret, { showHidden: true, depth: 9 })],
    ['inspect without its own way', () => inspect(secret, { customInspect: false, showHidden: true })],
    ['inspect inside of other things', () => inspect({ a: [new Map([['k', secret]])] }, { depth: 9 })],
    ['format', () => format('%s %o %O %j', secret, secret, secret, secret)],
    ['String', () => String(secret)],
    ['a template', () => `a ${secret as unknown as string}`],
    ['concatenation', () => 'a' + (secret as unknown as string)],
    ['spreading', () => JSON.stringify({ ...(secret as object) })],
    ['Object.entries', () => JSON.stringify(Object.entries(secret))],
    ['all property names', () => Reflect.ownKeys(secret).join()],
    ['structuredClone', () => inspect(structuredClone({ secret }), { showHidden: true })],
    ['serialize', () => serialize({ secret }).toString('latin1')],
    ['an error’s cause', () => inspect(new Error('x', { cause: secret }))],
    ['an error’s message', () => new Error(String(secret)).stack ?? ''],
    ['joining', () => [secret].join()],
  ];
  for (const [how, print] of prints) {
    it(`does not show by ${how}`, () => assert.doesNotMatch(print(), /VALUE/));
  }

  it('says that something is there', () => {
    assert.equal(
      `${JSON.stringify(secret)} ${inspect(secret)} ${String(secret)}`,
      '"<redacted>" <redacted> <redacted>',
    );
  });

  it('gives itself away by one method only', () => assert.equal(secret.reveal(), value));

  it('is equal by its value', () => {
    assert.equal(secret.equals(new Secret('VALUE-1')), true);
    assert.equal(secret.equals(new Secret('VALUE-2')), false);
  });
});
