import assert from 'node:assert/strict';
import type { ExpiryWarning } from '../../../src/core/reminders/expiryWatch.ts';
import { noticeText, warningDetails } from '../../../src/core/reminders/expiryWords.ts';
import { tokenId } from '../../../src/core/model/token.ts';
import { aToken, aUser } from '../../support/builders.ts';

const now = new Date('2026-11-25T12:00:00Z');
const dayMs = 24 * 60 * 60_000;
const warning = (days: number, parts: Partial<ExpiryWarning> = {}): ExpiryWarning => ({
  connectionId: 'acme',
  token: aToken({ id: tokenId('0195f9a4-b3f2c1'), expiresAt: new Date(now.getTime() + days * dayMs) }),
  owner: undefined,
  ...parts,
});

describe('What is said of expiries', () => {
  const notices: [days: number[], text: string][] = [
    [[2], '“CI deploy” expires in 2 days.'],
    [[-1], '“CI deploy” expired yesterday.'],
    [[2, 3], 'MagicBell tokens: 2 expire soon.'],
    [[-2, 3], 'MagicBell tokens: 1 expires soon, 1 has expired.'],
    [[-2, -3, 5, 6, 7], 'MagicBell tokens: 3 expire soon, 2 have expired.'],
  ];
  for (const [days, text] of notices)
    it(text, () =>
      assert.equal(
        noticeText(
          days.map((each) => warning(each)),
          () => now,
        ),
        text,
      ),
    );

  it('names whom a token was signed for: it has neither a name nor an id of MagicBell', () => {
    const token = { ...warning(2).token, kind: 'user' as const, name: 'Signed here' };
    const signed = warning(2, { token, owner: aUser(), isSigned: true });
    assert.equal(
      noticeText([signed], () => now),
      'The token signed for hana@example.com expires in 2 days.',
    );
    assert.equal(warningDetails(signed, undefined, now), 'expires in 2 days · user token of hana@example.com');
  });

  it('goes by the clock of each warning’s own connection', () => {
    const threeHoursAhead = (id: string): Date => new Date(now.getTime() + (id === 'ahead' ? dayMs / 8 : 0));
    const inAnHour = warning(1 / 24);
    assert.equal(
      noticeText([inAnHour, { ...inAnHour, connectionId: 'ahead' }], threeHoursAhead),
      'MagicBell tokens: 1 expires soon, 1 has expired.',
    );
    const [ahead] = [{ ...inAnHour, connectionId: 'ahead' }];
    assert.equal(noticeText([ahead], threeHoursAhead), '“CI deploy” expired 2 hours ago.');
  });

  it('names the owner and the project of a row', () => {
    const token = { ...warning(2).token, kind: 'user' as const };
    assert.equal(
      warningDetails(warning(2, { token, owner: aUser() }), 'Acme (production)', now),
      'expires in 2 days · user token of hana@example.com · Acme (production) · …b3f2c1',
    );
    assert.equal(warningDetails(warning(2), undefined, now), 'expires in 2 days · project token · …b3f2c1');
  });
});
