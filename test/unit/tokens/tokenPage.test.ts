import assert from 'node:assert/strict';
import { type TokenPageContent, tokenPage } from '../../../src/core/tokens/tokenPage.ts';
import { unknownInstant } from '../../../src/core/model/token.ts';
import { aToken, aTokenWithoutId, aUser } from '../../support/builders.ts';

const now = new Date('2026-11-25T12:00:00Z');
const format = { locale: 'en-US', timeZone: 'Europe/Berlin' };
const page = (parts: Partial<TokenPageContent>) =>
  tokenPage(
    { token: aToken(), user: undefined, history: [], wasIssuedHere: false, destinations: [], ...parts },
    now,
    format,
  ).replaceAll('\u202F', ' ');

describe('tokenPage', () => {
  it('says what is known, in local time and UTC', () => {
    const text = page({ token: aToken({ expiresAt: new Date('2026-12-07T12:00:00Z') }), wasIssuedHere: true });
    for (const line of [
      'CI deploy',
      'State: expires in 12 days',
      'Kind: project token, for the whole project',
      'ID: token-1',
      'Created: Nov 25, 2026, 1:00 PM GMT+1 (2026-11-25 12:00:00 UTC)',
      'Expires: Dec 7, 2026, 1:00 PM GMT+1 (2026-12-07 12:00:00 UTC)',
      'Issued: from VS Code on this computer',
      'nothing is recorded',
    ])
      assert.ok(text.split('\n').includes(line), `${line}\nin\n${text}`);
    assert.doesNotMatch(text, /^(User|Revoked|Last used):/m);
  });

  it('says where its value went', () => {
    const text = page({ destinations: ['to .env as TOKEN', 'to gh secret set TOKEN'] });
    assert.match(text, /^Delivered: to \.env as TOKEN; to gh secret set TOKEN$/m);
    assert.doesNotMatch(page({}), /^Delivered:/m);
  });

  it('says what is not known', () => {
    const text = page({ token: aToken({ createdAt: unknownInstant, isExpiryUnknown: true }) });
    assert.match(text, /^State: expiry unknown$/m);
    assert.match(text, /^Created: unknown\nExpires: unknown$/m);
  });

  it('says whose a user token is', () => {
    const token = aToken({ kind: 'user' });
    const user = aUser({ firstName: 'Hana', externalId: 'usr_1' });
    assert.match(page({ token, user }), /^User: hana@example\.com, Hana, external ID usr_1, ID user-1$/m);
    assert.match(page({ token }), /^User: unknown$/m);
  });

  it('is the whole truth of a user token that is over', () => {
    const at = new Date('2026-11-25T11:00:00Z');
    const token = { ...aTokenWithoutId(), kind: 'user', revokedAt: at, lastUsedAt: at } as const;
    const user = aUser({ email: undefined, firstName: 'Hana', lastName: 'Ito' });
    assert.equal(
      page({ token, user }),
      [
        'CI deploy',
        '',
        'State: revoked',
        'Kind: user token, for one user’s inbox',
        'User: Hana Ito, ID user-1',
        'ID: not sent by the API: the token cannot be revoked here',
        'Created: Nov 25, 2026, 1:00 PM GMT+1 (2026-11-25 12:00:00 UTC)',
        'Expires: never',
        'Revoked: Nov 25, 2026, 12:00 PM GMT+1 (2026-11-25 11:00:00 UTC)',
        'Last used: Nov 25, 2026, 12:00 PM GMT+1 (2026-11-25 11:00:00 UTC)',
        'Issued: elsewhere, or not recorded here',
        '',
        'What was done to it from here, newest first:',
        'nothing is recorded',
        '',
        'What can be done, by the menu of its row or the command palette:',
        '',
      ].join('\n'),
    );
  });

  it('names a user by email and by name, each once', () => {
    const userLine = (parts: Parameters<typeof aUser>[0]) =>
      /^User: (.*)$/m.exec(page({ token: aToken({ kind: 'user' }), user: aUser(parts) }))?.[1];
    assert.equal(userLine({}), 'hana@example.com, ID user-1');
    assert.equal(userLine({ firstName: 'Hana', lastName: 'Ito' }), 'hana@example.com, Hana Ito, ID user-1');
    assert.equal(userLine({ lastName: 'Ito' }), 'hana@example.com, Ito, ID user-1');
  });

  it('offers only what can be done', () => {
    const actions = (parts: Parameters<typeof page>[0]) => page(parts).match(/^MagicBell: .*$/gm) ?? [];
    assert.deepEqual(actions({}), ['MagicBell: Copy Token ID', 'MagicBell: Rotate Token…', 'MagicBell: Revoke Token…']);
    assert.deepEqual(actions({ token: aToken({ revokedAt: now }) }), ['MagicBell: Copy Token ID']);
    assert.deepEqual(actions({ token: aTokenWithoutId() }), []);
  });

  it('lists what was done from here', () => {
    assert.match(
      page({ history: ['then: Revoked', 'before: Issued'] }),
      /newest first:\nthen: Revoked\nbefore: Issued\n/,
    );
  });

  it('keeps hostile names in their lines, as plain text', () => {
    const token = aToken({ kind: 'user', name: 'a\nState: revoked\u202E[x](command:y)' });
    const user = aUser({ email: 'b\nID: c', firstName: '$(key)\n' });
    const text = page({ token, user });
    assert.equal(text.match(/^State: /gm)?.length, 1);
    assert.equal(text.match(/^ID: /gm)?.length, 1);
    assert.ok(!text.includes('\u202E') && !text.includes('$(') && !text.includes(']('));
  });
});
