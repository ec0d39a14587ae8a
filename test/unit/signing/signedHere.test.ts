import assert from 'node:assert/strict';
import { isFor, rollingText } from '../../../src/core/signing/signedHere.ts';
import { userId } from '../../../src/core/model/user.ts';
import { aLedgerEntry, aUser } from '../../support/builders.ts';

const now = new Date('2026-11-30T12:00:00Z');

describe('isFor', () => {
  const hana = aUser({ externalId: 'x-1' });
  it('goes by MagicBell’s id, then by the external id, then by the e-mail', () => {
    assert.equal(isFor({ recipient: { userId: hana.id, email: 'old@example.com' } }, hana), true);
    assert.equal(isFor({ recipient: { userId: userId('user-2'), email: 'hana@example.com' } }, hana), false);
    assert.equal(isFor({ recipient: { externalId: 'x-1', email: 'old@example.com' } }, hana), true);
    assert.equal(isFor({ recipient: { externalId: 'x-2', email: 'hana@example.com' } }, hana), false);
    assert.equal(isFor({ recipient: { email: 'Hana@Example.com' } }, hana), true);
    assert.equal(isFor({ recipient: { email: 'joe@example.com' } }, hana), false);
    assert.equal(isFor({ recipient: {} }, aUser({ email: undefined })), false);
    assert.equal(isFor({ recipient: undefined }, hana), false);
  });
});

describe('rollingText', () => {
  it('counts what is signed and alive, and names for whom', () => {
    assert.equal(
      rollingText([aLedgerEntry('a', { expiresAt: now }), aLedgerEntry('b', { isSigned: false })], now),
      'Rolling the Secret Key ends no token that was signed here.',
    );
    assert.equal(rollingText([aLedgerEntry('a')], now), 'Rolling the Secret Key ends 1 token of hana@example.com.');
    const many = Array.from({ length: 7 }, (_, index) =>
      aLedgerEntry(`${index}`, { recipient: { externalId: `x-${index}` } }),
    );
    assert.equal(
      rollingText([...many, aLedgerEntry('a', { recipient: { externalId: 'x-0' }, expiresAt: undefined })], now),
      'Rolling the Secret Key ends 8 tokens of x-0, x-1, x-2, x-3, x-4 and 2 more.',
    );
  });
});
