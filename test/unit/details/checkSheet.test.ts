import assert from 'node:assert/strict';
import { Secret } from '../../../src/core/base/secret.ts';
import { reportOnToken } from '../../../src/core/checking/checkReport.ts';
import { type CheckedToken, checkSheet } from '../../../src/core/details/checkSheet.ts';
import { type SheetMessage, parseSheet } from '../../../src/core/pages/sheet.ts';
import { aToken } from '../../support/builders.ts';
import { hostileNames } from '../../support/hostileNames.ts';

const now = new Date('2026-11-30T12:00:00Z');
const format = { locale: 'en-US', timeZone: 'UTC' };
const signature = 'c2lnbmF0dXJlLW9mLXRoZS10b2tlbi10aGF0LWlzLXA';
const part = (json: object): string => Buffer.from(JSON.stringify(json)).toString('base64url');
const jwt = (claims: object): Secret => new Secret(`${part({ alg: 'HS256' })}.${part(claims)}.${signature}`);
const seconds = (date: string): number => new Date(date).getTime() / 1000;

const sheetFor = (token: Secret, parts: Partial<CheckedToken> = {}): SheetMessage => {
  const report = reportOnToken({ token, connections: [], record: undefined, defaultBaseUrl: undefined, now, format });
  return checkSheet(
    {
      report,
      row: undefined,
      record: undefined,
      project: undefined,
      isWrapped: false,
      hosts: [],
      answer: undefined,
      canSignAgain: false,
      ...parts,
    },
    { now, soonDays: 14, format },
  );
};
const facts = ({ facts: all }: SheetMessage): readonly string[] =>
  all.map(({ label, value }) => `${label}: ${value}`.replaceAll('\u202F', ' '));
const buttons = ({ buttons: all }: SheetMessage): readonly string[] => all.map(({ label }) => label);

describe('checkSheet', () => {
  const ofUser = jwt({
    user_email: 'hana@example.com',
    user_external_id: 'usr_1',
    iat: seconds('2026-11-01T12:00:00Z'),
    exp: seconds('2026-12-30T12:00:00Z'),
  });

  it('says what the claims say, where its value went, and whom to ask', () => {
    const sheet = sheetFor(ofUser, {
      record: { isSigned: true, madeAt: new Date('2026-11-01T12:00:00Z'), deliveredTo: ['to .env as TOKEN'] },
      project: { name: 'Acme', isProduction: true },
      hosts: ['api.magicbell.com', 'eu.magicbell.com'],
      canSignAgain: true,
    });
    assert.equal(sheet.title, 'This is a user token for hana@example.com.');
    assert.deepEqual([sheet.subtitle, sheet.isProduction], ['Checked on this computer · Acme', true]);
    assert.match(sheet.state, /^Expires next month: Dec 30, 2026|^Expires in 30 days: Dec 30, 2026/);
    assert.equal(sheet.look, 'active');
    assert.deepEqual(facts(sheet), [
      'Kind: User token',
      'User: hana@example.com, usr_1',
      'Created: Nov 1, 2026, 12:00 PM UTC',
      'Expires: Dec 30, 2026, 12:00 PM UTC',
      'Signed here: Nov 1, 2026, 12:00 PM UTC',
      'Delivered: to .env as TOKEN',
    ]);
    assert.deepEqual(buttons(sheet), [
      'Is It Alive? Ask api.magicbell.com',
      'Is It Alive? Ask eu.magicbell.com',
      'Sign Again…',
    ]);
    assert.deepEqual(
      sheet.buttons.map(({ place }) => place),
      [0, 1, 0],
    );
    assert.equal(sheet.sections[0]?.rows.find(({ label }) => label === 'user_email')?.value, 'hana@example.com');
    assert.equal(sheet.subject, null);
  });

  it('of a token in a list is that token’s page, with the same doing', () => {
    const token = aToken({ expiresAt: new Date('2026-12-05T12:00:00Z') });
    const sheet = sheetFor(ofUser, {
      row: { token, user: undefined, activities: [], destinations: ['to the clipboard'] },
      hosts: ['api.magicbell.com'],
    });
    assert.equal(sheet.look, 'soon');
    assert.ok(facts(sheet).includes('ID: token-1'));
    assert.ok(facts(sheet).includes('Delivered: to the clipboard'));
    assert.deepEqual(buttons(sheet), [
      'Is It Alive? Ask api.magicbell.com',
      'Details',
      'Rotate…',
      'Show in List',
      'Revoke…',
    ]);
    assert.equal(sheet.sections.at(-1)?.title, 'What was done from here');
  });

  it('of a stranger offers nothing, and says what is odd about what was pasted', () => {
    const sheet = sheetFor(new Secret(`${part({ alg: 'HS256' })}.${part({ sub: '1', exp: 1 })}.`), { isWrapped: true });
    assert.match(sheet.title, /^This is a JWT of another issuer/);
    assert.deepEqual([sheet.look, buttons(sheet)], ['expired', []]);
    assert.deepEqual(sheet.notices, [
      'Its signature is missing: MagicBell refuses it like this.',
      'There was more in what was pasted than the token: only the token was looked at.',
    ]);
    const none = sheetFor(new Secret('no token'));
    assert.match(none.title, /^This is not a JWT/);
    assert.deepEqual([none.state, none.facts, none.sections], ['', [], []]);
  });

  it('shows the answer of whom it asked', () => {
    assert.equal(sheetFor(ofUser, { answer: 'It is alive.' }).answer, 'It is alive.');
  });

  it('never holds the token: not its signature, not its parts, whatever its claims are', () => {
    for (const name of hostileNames) {
      const token = jwt({
        role: 'user',
        name,
        user_email: name,
        ProjectKey: { Name: name, APIKey: 'pk_live_0123456789' },
      });
      const sheet = sheetFor(token, { answer: name });
      const text = JSON.stringify(sheet);
      assert.ok(parseSheet(JSON.parse(text)), name);
      for (const secret of [...token.reveal().split('.'), 'pk_live_0123456789'])
        assert.ok(!text.includes(secret), `${secret} in ${text}`);
    }
  });

  it('says no more than is known, and where a token is sent', () => {
    const bare = sheetFor(jwt({ Role: 'project', jti: 't-1' }), { hosts: ['api.magicbell.com'] });
    assert.deepEqual([bare.subtitle, bare.isProduction, bare.answer], ['Checked on this computer', false, '']);
    assert.deepEqual(facts(bare), ['Kind: Project token']);
    assert.deepEqual(
      bare.buttons.map(({ action, hint }) => [action, hint]),
      [['ask', 'Sends the token to api.magicbell.com, once']],
    );
    assert.equal(
      bare.notices.some((notice) => notice.includes('There was more')),
      false,
    );
    const [claims] = bare.sections;
    assert.deepEqual([claims?.title, claims?.empty], ['Claims, as they stand in it', '']);
    const project = sheetFor(jwt({ Role: 'project', jti: 't-1', ProjectKey: { ID: 7, Name: 'Acme' } }));
    assert.deepEqual(facts(project), ['Kind: Project token', 'Project: Acme']);
    const none = sheetFor(new Secret('opaque'));
    assert.deepEqual([none.look, none.life, none.facts], ['unknown', null, []]);
  });

  it('shows a life of what has both ends, and names what was issued here', () => {
    const record = { isSigned: false, madeAt: new Date('2026-11-01T12:00:00Z'), deliveredTo: [] };
    const sheet = sheetFor(
      jwt({
        user_email: 'hana@example.com',
        iat: seconds('2026-11-01T12:00:00Z'),
        exp: seconds('2026-12-30T12:00:00Z'),
      }),
      { record, canSignAgain: true },
    );
    assert.equal(sheet.life?.from, new Date('2026-11-01T12:00:00Z').getTime());
    assert.equal(facts(sheet).at(-1), 'Issued here: Nov 1, 2026, 12:00 PM UTC');
    assert.deepEqual(
      sheet.buttons.map(({ action }) => action),
      ['signAgain'],
    );
    const listed = sheetFor(jwt({ Role: 'project' }), {
      row: { token: aToken(), user: undefined, activities: [], destinations: [] },
    });
    assert.equal(listed.buttons[0]?.action, 'details');
  });
});
