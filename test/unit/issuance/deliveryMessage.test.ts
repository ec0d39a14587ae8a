import assert from 'node:assert/strict';
import type { DeliveryOutcome } from '../../../src/core/delivery/clipboard.ts';
import { type WayOut, afterDelivery, describeDelivery } from '../../../src/core/issuance/deliveryMessage.ts';
import { anIssuance } from '../../support/builders.ts';

const asItIs = { type: 'value' } as const;

describe('describeDelivery', () => {
  const cases: [DeliveryOutcome, string, readonly WayOut[]][] = [
    ['confirmed', 'The value of “CI deploy” is copied. It cannot be shown again.', []],
    [
      'replaced',
      'Something else was copied in the same moment, so the value of “CI deploy” may not be on the clipboard. It is kept until you copy it.',
      ['Copy Again', 'Revoke…'],
    ],
    [
      'unreadable',
      'The value of “CI deploy” was copied, but the clipboard cannot be read to be sure. Paste it where you need it. It is kept until you say that you have it.',
      ['Copy Again', 'I Have It'],
    ],
    [
      'failed',
      'The value of “CI deploy” could not be copied. It is kept until you copy it.',
      ['Copy Again', 'To .env…', 'Revoke…'],
    ],
  ];
  for (const [outcome, message, ways] of cases) {
    it(`says plainly what happened when the copy is ${outcome}`, () => {
      assert.deepEqual(describeDelivery(outcome, anIssuance(), asItIs), { message, ways });
    });
  }

  it('says how it was copied', () => {
    const { message } = describeDelivery('confirmed', anIssuance(), { type: 'header' });
    assert.match(message, / is copied as Authorization: Bearer …\. It cannot be shown again\.$/);
  });

  it('says of a token that was signed here what else is to know', () => {
    const { request } = anIssuance();
    assert.match(
      afterDelivery({ request: { ...request, isSigned: true } }),
      /^Signed here, .+ cannot be shown again\./,
    );
  });
});
