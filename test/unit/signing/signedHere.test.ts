import assert from 'node:assert/strict';
import {
  isFor,
  presentSigned,
  recipientName,
  rollingEffect,
  signedText,
} from '../../../src/core/signing/signedHere.ts';
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

describe('rollingEffect', () => {
  it('counts what is signed and alive, and names for whom and where it was delivered', () => {
    assert.deepEqual(
      rollingEffect([aLedgerEntry('a', { expiresAt: now }), aLedgerEntry('b', { isSigned: false })], now),
      { summary: 'Rolling the Secret Key ends no token that was signed here.', detail: '' },
    );
    assert.deepEqual(rollingEffect([aLedgerEntry('a')], now), {
      summary: 'Rolling the Secret Key ends 1 token that was signed here.',
      detail: 'For hana@example.com.',
    });
    const many = Array.from({ length: 7 }, (_, index) =>
      aLedgerEntry(`${index}`, { recipient: { externalId: `x-${index}` }, deliveredTo: ['to .env as A'] }),
    );
    const endless = aLedgerEntry('a', { recipient: { externalId: 'x-0' }, expiresAt: undefined });
    assert.deepEqual(rollingEffect([...many, endless], now), {
      summary: 'Rolling the Secret Key ends 8 tokens that were signed here.',
      detail: 'For x-0, x-1, x-2, x-3, x-4 and 2 more; delivered to .env as A.',
    });
  });
});

describe('presentSigned', () => {
  const format = { locale: 'en-US', timeZone: 'UTC' };
  it('says that it was signed here, until when, and where it went', () => {
    const entry = aLedgerEntry('a', { deliveredTo: ['to .env as TOKEN'] });
    const { label, description, accessibleLabel, tooltip } = presentSigned(entry, now, 7, format);
    assert.deepEqual([label, description], ['Signed here', 'tomorrow']);
    assert.equal(accessibleLabel, 'Signed here, user token, expires tomorrow');
    assert.match(tooltip.join('\n'), /^Signed here for hana@example\.com\n.*\n.*\nDelivered: to \.env as TOKEN\n/);
    assert.equal(signedText(entry, now, format), 'expires tomorrow · to .env as TOKEN');
    assert.equal(signedText(aLedgerEntry('b', { expiresAt: undefined }), now), 'never expires');
    assert.equal(recipientName({ recipient: undefined }), 'unknown user');
  });
});
