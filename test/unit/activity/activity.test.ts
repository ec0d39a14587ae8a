import assert from 'node:assert/strict';
import type { Issuance } from '../../../src/core/issuance/issuance.ts';
import { type Place, plainClipboard } from '../../../src/core/delivery/place.ts';
import { activityOf } from '../../../src/core/activity/activity.ts';
import { tokenId } from '../../../src/core/model/token.ts';
import { userId } from '../../../src/core/model/user.ts';
import { anIssuance } from '../../support/builders.ts';

const at = new Date('2026-11-25T12:00:00Z');
const since = new Date('2026-11-25T11:00:00Z');

describe('activityOf', () => {
  const progress: [Partial<Issuance>, string | undefined][] = [
    [{ phase: 'intended' }, undefined],
    [{ phase: 'intended', outcomeUnknownSince: since }, 'outcomeUnknown'],
    [{ phase: 'answered' }, 'issued'],
    [{ phase: 'answered', outcomeUnknownSince: since }, 'outcomeUnknown'],
    [{ phase: 'stored' }, undefined],
    [{ phase: 'delivered' }, 'delivered'],
    [{ phase: 'resolved', resolution: 'discarded' }, 'discarded'],
    [{ phase: 'resolved', resolution: 'expired' }, 'discarded'],
    [{ phase: 'resolved', resolution: 'revoked' }, undefined],
    [{ phase: 'resolved', resolution: 'notCreated' }, undefined],
  ];
  for (const [parts, what] of progress) {
    it(`notes ${what ?? 'nothing'} for ${JSON.stringify(parts)}`, () => {
      assert.equal(activityOf(anIssuance(parts), at)?.what, what);
    });
  }

  it('holds metadata only', () => {
    const recipient = { userId: userId('user-1'), externalId: 'usr_1', email: 'hana@example.com' };
    const request = { kind: 'user', name: 'Inbox', recipient, expirySeconds: 60 } as const;
    const issuance = anIssuance({ request, phase: 'answered', tokenId: tokenId('token-1') });
    assert.deepEqual(activityOf(issuance, at), {
      at,
      what: 'issued',
      tokenKind: 'user',
      name: 'Inbox',
      tokenId: 'token-1',
      recipient: 'hana@example.com',
      result: undefined,
    });
  });

  it('tells what was signed here from what MagicBell issued', () => {
    const request = { kind: 'user', name: undefined, expirySeconds: 60, isSigned: true } as const;
    assert.equal(activityOf(anIssuance({ request, phase: 'answered' }), at)?.what, 'signed');
    assert.equal(activityOf(anIssuance({ request, phase: 'delivered' }), at)?.what, 'delivered');
  });

  it('says how a value was given up', () => {
    assert.equal(activityOf(anIssuance({ phase: 'resolved', resolution: 'expired' }), at)?.result, 'expired');
  });

  it('says where a value went, also when it did not get everywhere', () => {
    const env: Place = { type: 'dotenv', folder: '/w', path: '/w/.env', shown: '.env', variable: 'TOKEN', agreed: [] };
    const delivered = anIssuance({ phase: 'delivered', placesDone: [env, plainClipboard] });
    assert.equal(activityOf(delivered, at)?.result, 'to .env as TOKEN and to the clipboard');
    const discarded = anIssuance({ phase: 'resolved', resolution: 'discarded', placesDone: [plainClipboard] });
    assert.equal(activityOf(discarded, at)?.result, 'discarded, to the clipboard');
  });
});
