import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import type { Activity } from '../../../src/core/activity/activity.ts';
import { Secret } from '../../../src/core/base/secret.ts';
import {
  absentSheet,
  removedSheet,
  sheetOf,
  tokenSheet,
  type TokenKnowledge,
} from '../../../src/core/details/tokenSheet.ts';
import { tokenId, unknownInstant } from '../../../src/core/model/token.ts';
import { keptSubject, parseSheet, parseSheetPageMessage, type SheetMessage } from '../../../src/core/pages/sheet.ts';
import { shown } from '../../../src/core/pages/shown.ts';
import { aToken, aTokenWithoutId, aUser } from '../../support/builders.ts';
import { hostileNames, textsIn } from '../../support/hostileNames.ts';

const now = new Date('2026-11-25T12:00:00Z');
const context = { now, soonDays: 14, format: { locale: 'en-US', timeZone: 'Europe/Berlin' } };
const project = { name: 'Acme', isProduction: false };
const subject = { connection: 'c-1', kind: 'project', id: 'token-1', user: '', at: '2026-11-25T12:00:00.000Z' };

const sheet = (parts: Partial<TokenKnowledge> = {}): SheetMessage =>
  tokenSheet(
    { token: aToken(), user: undefined, activities: [], destinations: [], ...parts },
    project,
    subject,
    context,
  );

/** "Expires: Dec 7, 2026, 1:00 PM GMT+1 | 2026-12-07 12:00:00 UTC" */
const facts = ({ facts: all }: SheetMessage): readonly string[] =>
  all.map(({ label, value, more }) =>
    `${label}: ${[value, more].filter(Boolean).join(' | ')}`.replaceAll('\u202F', ' '),
  );
const labels = ({ buttons }: SheetMessage): readonly string[] => buttons.map(({ label }) => label);
const deed = (what: Activity['what'], id = 'token-1'): Activity => ({
  at: now,
  what,
  tokenKind: 'project',
  name: 'CI deploy',
  tokenId: tokenId(id),
});

describe('tokenSheet', () => {
  it('says what is known, in local time and UTC', () => {
    const message = sheet({
      token: aToken({ expiresAt: new Date('2026-12-07T12:00:00Z') }),
      activities: [deed('delivered'), deed('issued'), deed('revoked', 'another')],
      destinations: ['to .env as TOKEN', 'to gh secret set TOKEN'],
    });
    assert.deepEqual([message.title, message.subtitle], ['CI deploy', 'Project token · Acme']);
    assert.deepEqual([message.state, message.look], ['Expires in 12 days', 'soon']);
    assert.deepEqual(facts(message), [
      'ID: token-1',
      'Created: Nov 25, 2026, 1:00 PM GMT+1 | 2026-11-25 12:00:00 UTC',
      'Expires: Dec 7, 2026, 1:00 PM GMT+1 | 2026-12-07 12:00:00 UTC',
      'Issued: from VS Code on this computer',
      'Delivered: to .env as TOKEN; to gh secret set TOKEN',
    ]);
    assert.deepEqual(
      message.sections.map(({ title, rows }) => [title, rows.map(({ value }) => value)]),
      [['What was done from here', ['Value delivered', 'Issued']]],
    );
    assert.deepEqual(message.life, {
      from: now.getTime(),
      to: new Date('2026-12-07T12:00:00Z').getTime(),
      fromText: 'created Nov 25, 2026',
      toText: 'expires Dec 7, 2026',
    });
    assert.deepEqual(labels(message), ['Rotate…', 'Show in List', 'Revoke…']);
    assert.deepEqual(message.notices, []);
  });

  it('says what is not known', () => {
    const message = sheet({ token: aToken({ createdAt: unknownInstant, isExpiryUnknown: true }) });
    assert.deepEqual([message.state, message.look, message.life], ['Expiry unknown', 'unknown', null]);
    assert.deepEqual(facts(message).slice(1), [
      'Created: unknown',
      'Expires: unknown',
      'Issued: elsewhere, or not recorded here',
    ]);
    assert.equal(message.sections[0]?.empty, 'Nothing is recorded.');
  });

  it('is the whole truth of a user token that is over', () => {
    const at = new Date('2026-11-25T11:00:00Z');
    const token = { ...aTokenWithoutId(), kind: 'user', revokedAt: at, lastUsedAt: at } as const;
    const message = sheet({ token, user: aUser({ email: undefined, firstName: 'Hana', lastName: 'Ito' }) });
    assert.equal(message.subtitle, 'User token · Acme');
    assert.deepEqual([message.state, message.look], ['Revoked', 'revoked']);
    assert.deepEqual(facts(message), [
      'User: Hana Ito | ID user-1',
      'Created: Nov 25, 2026, 1:00 PM GMT+1 | 2026-11-25 12:00:00 UTC',
      'Expires: never',
      'Revoked: Nov 25, 2026, 12:00 PM GMT+1 | 2026-11-25 11:00:00 UTC',
      'Last used: Nov 25, 2026, 12:00 PM GMT+1 | 2026-11-25 11:00:00 UTC',
      'Issued: elsewhere, or not recorded here',
    ]);
    assert.deepEqual(labels(message), ['Show in List']);
    assert.match(message.notices.join(), /sent no ID/);
  });

  it('names a user by email and by name, each once', () => {
    const userLine = (parts: Parameters<typeof aUser>[0]) =>
      facts(sheet({ token: aToken({ kind: 'user' }), user: aUser(parts) }))[0];
    assert.equal(userLine({}), 'User: hana@example.com | ID user-1');
    assert.equal(
      userLine({ firstName: 'Hana', lastName: 'Ito', externalId: 'usr_1' }),
      'User: hana@example.com | Hana Ito, external ID usr_1, ID user-1',
    );
    assert.equal(userLine({ lastName: 'Ito' }), 'User: hana@example.com | Ito, ID user-1');
    assert.equal(facts(sheet({ token: aToken({ kind: 'user' }) }))[0], 'User: unknown');
  });

  it('offers only what can be done', () => {
    assert.deepEqual(labels(sheet({ token: aToken({ revokedAt: now }) })), ['Show in List']);
    const ids = (message: SheetMessage) => message.facts.filter(({ action }) => action === 'copyId').length;
    assert.equal(ids(sheet()), 1);
    assert.equal(ids(sheet({ token: aTokenWithoutId() })), 0);
  });

  it('of a token that is not loaded says so, with what was done to it, and looks for it', () => {
    const message = absentSheet(
      { user: undefined, activities: [deed('issued')], destinations: ['to .env as TOKEN'] },
      project,
      subject,
      context,
    );
    assert.deepEqual([message.title, message.state], ['CI deploy', '']);
    assert.match(message.notices.join(), /not among those that are loaded/);
    assert.deepEqual(facts(message), ['ID: token-1', 'Delivered: to .env as TOKEN']);
    assert.deepEqual(labels(message), ['Show in List']);
    assert.deepEqual(labels(removedSheet(subject)), []);
    assert.deepEqual(removedSheet(subject).notices, ['The connection of this page was removed here.']);
  });

  it('of a token that is not loaded takes its name and its history from what was done to it', () => {
    const absent = (activities: readonly Activity[], id = 'token-1'): SheetMessage =>
      absentSheet({ user: undefined, activities, destinations: [] }, project, { ...subject, id }, context);
    const nameless = { ...deed('revoked'), name: undefined };
    const message = absent([nameless, { ...deed('issued', 'another'), name: 'Another' }, deed('issued')]);
    assert.equal(message.title, 'CI deploy');
    assert.deepEqual(
      message.facts.map(({ label, action }) => [label, action]),
      [['ID', 'copyId']],
    );
    assert.deepEqual(
      message.buttons.map(({ action, hint }) => [action, hint]),
      [['showInList', '']],
    );
    assert.deepEqual(
      message.sections.map(({ rows }) => rows.map(({ value }) => value)),
      [['Revoked', 'Issued']],
    );
    assert.equal(absent([deed('issued', 'another')]).title, 'A token that is not loaded');
    assert.equal(absent([nameless]).title, 'A token that is not loaded');
    const unknown = absent([], '');
    assert.deepEqual([unknown.facts, unknown.buttons], [[], []]);
    assert.equal(removedSheet(subject).title, 'Removed');
  });

  it('says that it was issued here only of what was issued here', () => {
    const issued = (activities: readonly Activity[]): string | undefined =>
      facts(sheet({ activities })).find((line) => line.startsWith('Issued'));
    assert.equal(issued([deed('issued')]), 'Issued: from VS Code on this computer');
    for (const activities of [
      [],
      [deed('revoked')],
      [deed('issued', 'another')],
      [deed('issued', 'another'), deed('revoked')],
    ])
      assert.equal(issued(activities), 'Issued: elsewhere, or not recorded here');
  });

  it('shows an expiry that is not known for certain as none, and a life only of a time that passes', () => {
    const expiresAt = new Date('2026-12-20T12:00:00Z');
    const line = (token: TokenKnowledge['token']): string | undefined =>
      facts(sheet({ token })).find((each) => each.startsWith('Expires'));
    assert.equal(line(aToken({ expiresAt, isExpiryUnknown: true })), 'Expires: unknown');
    assert.equal(line(aToken()), 'Expires: never');
    const over = aToken({ isExpiryUnknown: true, revokedAt: now });
    assert.equal(sheet({ token: over }).look, 'revoked');
    for (const end of [now, new Date(now.getTime() - 1)])
      assert.equal(sheet({ token: aToken({ expiresAt: end }) }).life, null);
    assert.notEqual(sheet({ token: aToken({ expiresAt: new Date(now.getTime() + 1) }) }).life, null);
  });

  it('has both times of what was done', () => {
    const [row] = sheet({ activities: [deed('issued')] }).sections[0]?.rows ?? [];
    assert.equal(row?.more, '2026-11-25 12:00:00 UTC');
  });

  it('keeps hostile names in their places, as plain text', () => {
    for (const name of hostileNames) {
      const message = sheet({
        token: aToken({ kind: 'user', name }),
        user: aUser({ email: name, firstName: name, externalId: name }),
        activities: [{ ...deed('failed'), result: name }],
        destinations: [name],
      });
      assert.ok(parseSheet(JSON.parse(JSON.stringify(message))), name);
      assert.doesNotMatch(textsIn(message).join('|'), /[\u202E\u200B\u2028\p{Cc}]|\$\(|\]\(/u);
      assert.equal(message.facts.length, 6);
    }
  });

  it('takes no value: not by its types, and not by what a token may hold one day', () => {
    const value = new Secret('eyJhbGciOiJIUzI1NiJ9.e30.c2ln');
    // @ts-expect-error: a page takes texts that were made fit for it, and no other.
    assert.equal(parseSheet(sheetOf({ title: value })), undefined);
    // @ts-expect-error: not even a plain string.
    sheetOf({ answer: value.reveal() });
    const smuggled = { ...aToken(), value } as unknown as TokenKnowledge['token'];
    const text = inspect(sheet({ token: smuggled }), { depth: 9 });
    assert.ok(!/eyJ|redacted/.test(text), text);
  });
});

describe('The messages of a sheet', () => {
  it('of the host have no field that the protocol does not name', () => {
    const message = sheet();
    assert.deepEqual(parseSheet(JSON.parse(JSON.stringify(message))), message);
    for (const wrong of [
      { ...message, value: 'x' },
      { ...message, look: 'other' },
      { ...message, facts: [{ label: 'a', value: 'b', more: '', action: 'delete' }] },
      { ...message, subject: { ...subject, value: 'x' } },
      { ...message, type: 'overview' },
      null,
    ])
      assert.equal(parseSheet(wrong), undefined);
    assert.ok(parseSheet({ ...message, subject: null, title: shown('x') }));
  });

  it('of the page are these', () => {
    for (const message of [{ type: 'ready' }, { type: 'act', action: 'revoke', place: 0 }])
      assert.deepEqual(parseSheetPageMessage(message), message);
    for (const wrong of [
      null,
      'ready',
      { type: 'ready', more: 1 },
      { type: 'act', action: 'delete', place: 0 },
      { type: 'act', action: 'revoke' },
      { type: 'act', action: 'revoke', place: -1 },
    ])
      assert.equal(parseSheetPageMessage(wrong), undefined);
  });

  it('keep the subject over a reload, and nothing that is none', () => {
    assert.deepEqual(keptSubject({ subject, scrollTop: 3 }), subject);
    for (const wrong of [undefined, null, {}, { subject: null }, { subject: { ...subject, id: 1 } }])
      assert.equal(keptSubject(wrong), undefined);
  });
});
