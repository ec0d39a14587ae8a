import assert from 'node:assert/strict';
import { tokenId, unknownInstant } from '../../../src/core/model/token.ts';
import { userId } from '../../../src/core/model/user.ts';
import {
  compareTokens,
  expiryText,
  presentToken,
  presentUser,
  shortId,
  shortName,
  tokenName,
  userName,
} from '../../../src/core/tokens/tokenPresentation.ts';
import { aToken, aTokenWithoutId, aUser } from '../../support/builders.ts';

const now = new Date('2026-11-25T12:00:00Z');
const dayMs = 86_400_000;
const inDays = (days: number): Date => new Date(now.getTime() + days * dayMs);
const format = { timeZone: 'Europe/Berlin' };

describe('presentToken', () => {
  const unknown = aToken({ isExpiryUnknown: true });
  const cases: [string, ReturnType<typeof aToken>, string, string, string][] = [
    ['that never expires', aToken(), 'never', 'never expires', 'key'],
    ['that expires in a while', aToken({ expiresAt: inDays(12) }), 'in 12 days', 'expires in 12 days', 'key'],
    ['that expires in months', aToken({ expiresAt: inDays(90) }), 'in 3 months', 'expires in 3 months', 'key'],
    ['that expires in a week', aToken({ expiresAt: inDays(7) }), 'in 7 days', 'expires in 7 days', 'warning'],
    [
      'that expires just later',
      aToken({ expiresAt: new Date(inDays(7).getTime() + 1) }),
      'in 7 days',
      'expires in 7 days',
      'key',
    ],
    ['that expires tomorrow', aToken({ expiresAt: inDays(1) }), 'tomorrow', 'expires tomorrow', 'warning'],
    ['that expires now', aToken({ expiresAt: now }), 'just now', 'expired just now', 'error'],
    ['that is expired', aToken({ expiresAt: inDays(-3) }), '3 days ago', 'expired 3 days ago', 'error'],
    ['that is revoked', aToken({ expiresAt: inDays(-3), revokedAt: inDays(-4) }), 'revoked', 'revoked', 'circle-slash'],
    ['of unknown expiry', unknown, 'expiry unknown', 'expiry unknown', 'question'],
    ['of unknown expiry that is revoked', { ...unknown, revokedAt: now }, 'revoked', 'revoked', 'circle-slash'],
  ];
  for (const [what, token, description, heard, icon] of cases) {
    it(`tells of a token ${what} by words and icon`, () => {
      const row = presentToken(token, now, 7, format);
      assert.deepEqual([row.label, row.description, row.icon], ['CI deploy', description, icon]);
      assert.equal(row.accessibleLabel, `CI deploy, project token, ${heard}`);
      assert.equal(expiryText(token, now, format), heard);
    });
  }

  it('shortens a long name in the label only', () => {
    const name = 'Deployment of the payments service, eu-west-1';
    const row = presentToken(aToken({ name }), now, 7, format);
    assert.equal(row.label, 'Deployment of t…u-west-1');
    assert.ok(row.accessibleLabel.startsWith(`${name}, `), row.accessibleLabel);
    assert.equal(row.tooltip[0], name);
  });

  it('does not know what cannot be read', () => {
    const text = presentToken({ ...unknown, createdAt: unknownInstant }, now, 7, format).tooltip.join('\n');
    assert.match(text, /^Created: unknown\nExpires: unknown$/m);
  });

  it('warns of an expiry within the given days', () => {
    const icon = (soonDays: number) => presentToken(aToken({ expiresAt: inDays(20) }), now, soonDays, format).icon;
    assert.deepEqual([icon(7), icon(20), icon(0)], ['key', 'warning', 'key']);
  });

  it('is coloured by what needs care', () => {
    const color = (parts: Parameters<typeof aToken>[0]) => presentToken(aToken(parts), now, 7, format).color;
    assert.equal(color({}), undefined);
    assert.equal(color({ expiresAt: inDays(1) }), 'list.warningForeground');
    assert.equal(color({ expiresAt: inDays(-1) }), 'list.errorForeground');
    assert.equal(color({ revokedAt: now }), 'disabledForeground');
  });

  it('is heard as a user’s', () =>
    assert.match(presentToken(aToken({ kind: 'user' }), now, 7, format).accessibleLabel, /, user token, /));

  it('says all it knows, in local time and UTC', () => {
    const token = aToken({ expiresAt: inDays(1), revokedAt: inDays(0), lastUsedAt: inDays(-1) });
    const text = presentToken(token, now, 7, format).tooltip.join('\n').replaceAll('\u202f', ' ');
    assert.match(text, /Created: Nov 25, 2026, 1:00 PM GMT\+1 \(2026-11-25 12:00:00 UTC\)/);
    for (const line of [/^Expires: Nov 26/m, /^Revoked: Nov 25/m, /^Last used: Nov 24/m, /^ID: token-1$/m]) {
      assert.match(text, line);
    }
    const little = presentToken(aTokenWithoutId(), now, 7, format).tooltip.join('\n');
    assert.match(little, /Expires: never\nID: not sent by the API/);
  });
});

describe('shortName', () => {
  const cases: [name: string, short: string][] = [
    ['', ''],
    ['x'.repeat(24), 'x'.repeat(24)],
    [`${'x'.repeat(15)} ${'y'.repeat(9)}`, `${'x'.repeat(15)}…${'y'.repeat(8)}`],
    ['👩‍👩‍👧'.repeat(24), '👩‍👩‍👧'.repeat(24)],
    ['👩‍👩‍👧'.repeat(25), `${'👩‍👩‍👧'.repeat(15)}…${'👩‍👩‍👧'.repeat(8)}`],
  ];
  for (const [name, short] of cases)
    it(`makes ${JSON.stringify(short)} of ${JSON.stringify(name)}`, () => assert.equal(shortName(name), short));
});

describe('names', () => {
  const tokens: [string | undefined, string][] = [
    ['CI', 'CI'],
    [undefined, 'Unnamed token …oken-1'],
    [' ', 'Unnamed token …oken-1'],
    ['\u200b\u2060', 'Unnamed token …oken-1'],
    ['[x](command:y) $(trash)', '[x] (command:y) $ (trash)'],
  ];
  for (const [name, shown] of tokens) {
    it(`shows a token ${JSON.stringify(name)} as ${shown}`, () => assert.equal(tokenName(aToken({ name })), shown));
  }

  it('shows a token without name and id', () => {
    assert.equal(tokenName(aTokenWithoutId({ name: undefined })), 'Unnamed token');
    assert.equal(shortId(undefined), '');
  });

  const users: [Parameters<typeof aUser>[0], string][] = [
    [{}, 'hana@example.com'],
    [{ email: undefined, firstName: 'Hana', lastName: 'Ito' }, 'Hana Ito'],
    [{ email: undefined, firstName: undefined, lastName: 'Ito', externalId: 'x' }, 'Ito'],
    [{ email: undefined, firstName: 'Hana', lastName: ' ' }, 'Hana'],
    [{ email: undefined, firstName: ' ', lastName: ' ', externalId: 'x' }, 'x'],
    [{ email: ' ', externalId: 'x' }, 'x'],
    [{ email: '\u200b', externalId: 'x' }, 'x'],
    [{ email: undefined }, 'user-1'],
  ];
  for (const [parts, shown] of users) {
    it(`shows a user as ${shown}`, () => assert.equal(userName(aUser(parts)), shown));
  }
});

describe('presentUser', () => {
  const counts: [Parameters<typeof presentUser>[1], string][] = [
    [undefined, ''],
    [{ loaded: 0, isPartial: false }, 'no tokens'],
    [{ loaded: 1, isPartial: false }, '1 token'],
    [{ loaded: 2, isPartial: false }, '2 tokens'],
    [{ loaded: 100, isPartial: true }, '100 tokens loaded'],
  ];
  for (const [count, description] of counts) {
    it(`says “${description}”`, () => {
      const row = presentUser(aUser(), count);
      assert.equal(row.description, description);
      assert.equal(row.accessibleLabel, ['hana@example.com, user', description].filter(Boolean).join(', '));
    });
  }

  it('says who is pinned, to eyes and ears', () => {
    const row = presentUser(aUser(), { loaded: 2, isPartial: false }, true);
    assert.deepEqual([row.description, row.icon], ['pinned · 2 tokens', 'pinned']);
    assert.equal(row.accessibleLabel, 'hana@example.com, user, pinned, 2 tokens');
    assert.equal(presentUser(aUser(), undefined, true).description, 'pinned');
    assert.equal(presentUser(aUser(), undefined).icon, 'account');
  });

  it('names a person by all of the name that can be seen', () => {
    const names = (parts: Parameters<typeof aUser>[0]) => presentUser(aUser(parts), undefined).tooltip;
    assert.deepEqual(names({}), ['hana@example.com', 'ID: user-1']);
    assert.equal(names({ firstName: 'Hana', lastName: 'Ito' })[1], 'Name: Hana Ito');
    assert.equal(names({ firstName: ' ', lastName: 'Ito' })[1], 'Name: Ito');
  });

  it('reads for a row only what the row says: there may be very many users', () => {
    const read: PropertyKey[] = [];
    const user = new Proxy(aUser({ firstName: 'Hana', externalId: 'x' }), {
      get: (of, name): unknown => {
        read.push(name);
        return Reflect.get(of, name);
      },
    });
    const row = presentUser(user, undefined);
    assert.deepEqual([row.label, read], ['hana@example.com', ['email']]);
    assert.equal(row.tooltip[1], 'Name: Hana');
  });

  it('says all it knows, and nothing twice', () => {
    const user = aUser({ firstName: 'Hana', externalId: 'x' });
    assert.deepEqual(presentUser(user, undefined).tooltip, [
      'hana@example.com',
      'Name: Hana',
      'External ID: x',
      'ID: user-1',
    ]);
    const named = aUser({ id: userId('u'), email: undefined, firstName: 'Hana' });
    assert.deepEqual(presentUser(named, undefined).tooltip, ['Hana', 'ID: u']);
  });
});

describe('compareTokens', () => {
  it('puts what lives first, the newest on top, ties by id', () => {
    const tokens = [
      aToken({ id: tokenId('revoked'), revokedAt: now, createdAt: inDays(3) }),
      aToken({ id: tokenId('expired'), expiresAt: inDays(-1), createdAt: inDays(2) }),
      aToken({ id: tokenId('b') }),
      aToken({ id: tokenId('a') }),
      aTokenWithoutId(),
      aToken({ id: tokenId('new'), createdAt: inDays(1) }),
    ];
    const sorted = tokens.sort(compareTokens(now)).map(({ id }) => id);
    assert.deepEqual(sorted, ['new', undefined, 'a', 'b', 'expired', 'revoked']);
  });
});

describe('expiryText', () => {
  it('is plain without a date', () =>
    assert.equal(expiryText({ expiresAt: undefined, revokedAt: now }, now), 'revoked'));
});
