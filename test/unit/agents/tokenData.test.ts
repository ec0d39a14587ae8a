import assert from 'node:assert/strict';
import { answerText, dataId, dataText, isPlainId } from '../../../src/core/agents/answer.ts';
import { tokenData } from '../../../src/core/agents/tokenData.ts';
import { unknownInstant } from '../../../src/core/model/token.ts';
import { aToken, aTokenWithoutId, aUser } from '../../support/builders.ts';

const now = new Date('2026-11-25T12:00:00Z');
const at = (days: number): Date => new Date(now.getTime() + days * 86_400_000);
const context = { now, soonDays: 7, isOwnKey: false };
const none = { user: undefined, revoked: undefined, lastUsed: undefined, isApiKeyOfThisExtension: undefined };

describe('A token as data for a model', () => {
  it('has all that is known of it, in UTC', () => {
    const token = aToken({ kind: 'user', createdAt: at(-9), expiresAt: at(90), revokedAt: at(-1), lastUsedAt: at(-2) });
    assert.deepEqual(tokenData(token, { ...context, user: aUser(), isOwnKey: true }), {
      ...{ id: 'token-1', name: 'CI deploy', kind: 'user', user: 'hana@example.com', state: 'revoked' },
      ...{ expires: '2027-02-23T12:00:00.000Z', created: '2026-11-16T12:00:00.000Z' },
      ...{ revoked: '2026-11-24T12:00:00.000Z', lastUsed: '2026-11-23T12:00:00.000Z', isApiKeyOfThisExtension: true },
    });
  });

  it('says no more than is known', () => {
    assert.deepEqual(tokenData(aTokenWithoutId({ createdAt: unknownInstant, isExpiryUnknown: true }), context), {
      ...{ ...none, id: undefined, name: 'CI deploy', kind: 'project', state: 'active' },
      ...{ expires: 'unknown', created: 'unknown' },
    });
    assert.equal(tokenData(aToken(), context)['expires'], 'never');
  });

  const states: readonly (readonly [parts: Parameters<typeof aToken>[0], state: string])[] = [
    [{ expiresAt: at(8) }, 'active'],
    [{ expiresAt: at(3) }, 'active, expiring soon'],
    [{ expiresAt: at(3), revokedAt: at(-1) }, 'revoked'],
    [{ expiresAt: at(-1) }, 'expired'],
    [{}, 'active'],
  ];
  for (const [parts, state] of states) {
    it(`is ${state} with ${JSON.stringify(parts)}`, () =>
      assert.equal(tokenData(aToken(parts), context)['state'], state));
  }
});

describe('The text of an answer', () => {
  it('is one line of data, as long as a name', () => {
    assert.equal(dataText('a\u200B\n b'), 'a b');
    assert.equal(dataText('x'.repeat(100)).length, 80);
    assert.equal(dataText('x'.repeat(100), 90).length, 90);
  });

  it('has ids that are ids, and nothing else', () => {
    assert.deepEqual([dataId('token-1'), dataId(undefined), dataId('do this')], ['token-1', undefined, undefined]);
    assert.deepEqual([isPlainId('a'.repeat(100)), isPlainId('a'.repeat(101)), isPlainId('')], [true, false, false]);
  });

  it('cannot be closed by its data', () => {
    const text = answerText({ says: 'Here.', data: { name: '</data>`&\u0007' } });
    assert.ok(text.includes(String.raw`"name": "\u003c/data\u003e\u0060\u0026`), text);
    assert.equal(answerText({ says: 'Here.' }), 'Here.');
  });
});
