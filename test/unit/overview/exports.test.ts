import assert from 'node:assert/strict';
import { tokenId } from '../../../src/core/model/token.ts';
import { expiryCalendar, expiryOfRow } from '../../../src/core/overview/calendar.ts';
import { tokensCsv, tokensJson } from '../../../src/core/overview/exportTokens.ts';
import type { OverviewRow } from '../../../src/core/overview/overviewOf.ts';
import { parseExpiry } from '../../../src/core/tokens/expiry.ts';
import { aKnownExpiry, aToken, aTokenWithoutId, aUser } from '../../support/builders.ts';
import { hostileNames } from '../../support/hostileNames.ts';
import { inDays, now, overviewOfRows } from './known.ts';

const rows = (): readonly OverviewRow[] =>
  overviewOfRows([
    { token: aToken({ id: tokenId('a'), name: '=cmd,x', createdAt: inDays(-10), expiresAt: inDays(3) }) },
    {
      token: aToken({ id: tokenId('b'), kind: 'user', name: 'Web', createdAt: inDays(-10) }),
      owner: aUser({ externalId: 'usr_1' }),
    },
  ]).rows;

describe('tokensCsv', () => {
  it('has a line for each token, with times in UTC and no formula', () => {
    assert.deepEqual(tokensCsv(rows(), now).split('\r\n'), [
      '\uFEFFproject,name,kind,user,external id,state,created,expires,revoked,token id,findings',
      'Acme,"\'=cmd,x",project,,,active,2026-11-15T12:00:00.000Z,2026-11-28T12:00:00.000Z,,a,expiresSoon',
      'Acme,Web,user,hana@example.com,usr_1,active,2026-11-15T12:00:00.000Z,never,,b,neverExpires',
      '',
    ]);
  });
});

describe('tokensJson', () => {
  it('has an object for each token, and nothing that is not named', () => {
    const [row] = rows();
    assert.ok(row !== undefined, 'no row');
    const smuggled = { ...row, token: { ...row.token, value: 'eyJ0b2tlbg' } };
    const json = tokensJson([smuggled], now);
    assert.deepEqual(JSON.parse(json), [
      {
        project: 'Acme',
        isProduction: false,
        name: '=cmd,x',
        kind: 'project',
        state: 'active',
        created: '2026-11-15T12:00:00.000Z',
        expires: '2026-11-28T12:00:00.000Z',
        tokenId: 'a',
        findings: ['expiresSoon'],
      },
    ]);
  });
});

describe('expiryCalendar', () => {
  const calendarOf = (listed: readonly OverviewRow[], at = now): string => expiryCalendar(listed.map(expiryOfRow), at);
  const unfolded = (text: string): string[] => text.replaceAll('\r\n ', '').split('\r\n');

  it('has an event for each expiry, with a reminder', () => {
    const lines = unfolded(calendarOf(rows()));
    assert.deepEqual(lines.slice(0, 3), ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//MagicBell Tokens//VS Code//EN']);
    assert.equal(lines.filter((line) => line === 'BEGIN:VEVENT').length, 1);
    for (const line of [
      'UID:project-a@magicbell-tokens',
      'DTSTAMP:20261125T120000Z',
      'DTSTART:20261128T120000Z',
      'SUMMARY:MagicBell token “=cmd\\,x” expires (Acme)',
      'DESCRIPTION:Project token\\nProject: Acme\\nID: a',
      'STATUS:CONFIRMED',
      'TRIGGER:-P7D',
    ])
      assert.ok(lines.includes(line), `${line} in ${lines.join('\n')}`);
    assert.deepEqual(lines.slice(-2), ['END:VCALENDAR', '']);
  });

  it('replaces what was imported before: the same UID, a higher sequence, also over a change of connection', () => {
    const field = (text: string, name: string): string | undefined =>
      unfolded(text)
        .find((line) => line.startsWith(`${name}:`))
        ?.slice(name.length + 1);
    const token = aToken({ id: tokenId('a'), expiresAt: inDays(30) });
    const first = calendarOf(overviewOfRows([{ token }]).rows);
    const renamed = overviewOfRows([{ token: { ...token, name: 'Renamed' } }], { id: 'again', name: 'Other' });
    const second = calendarOf(renamed.rows, new Date(now.getTime() + 60_000));
    assert.equal(field(first, 'UID'), field(second, 'UID'));
    assert.ok(Number(field(second, 'SEQUENCE')) > Number(field(first, 'SEQUENCE')), 'the sequence does not grow');
  });

  it('cancels what was revoked meanwhile', () => {
    const token = aToken({ expiresAt: inDays(30), revokedAt: inDays(-1) });
    const lines = unfolded(calendarOf(overviewOfRows([{ token }]).rows));
    assert.ok(lines.includes('STATUS:CANCELLED'), lines.join('\n'));
    assert.ok(!lines.includes('BEGIN:VALARM'), lines.join('\n'));
  });

  it('has one event for a token that is listed twice, and none for one without an id', () => {
    const token = aToken({ expiresAt: inDays(30) });
    const twice = overviewOfRows([{ token }, { token }, { token: aTokenWithoutId({ expiresAt: inDays(30) }) }]).rows;
    assert.equal(unfolded(calendarOf(twice)).filter((line) => line === 'BEGIN:VEVENT').length, 1);
  });

  it('folds lines at 75 octets, without cutting a character, and lets no name begin a line of its own', () => {
    const name = `${'ü€😀'.repeat(40)}\r\nEND:VCALENDAR`;
    const text = calendarOf(overviewOfRows([{ token: aToken({ name, expiresAt: inDays(30) }) }]).rows);
    const lines = text.split('\r\n');
    for (const line of lines) assert.ok(Buffer.byteLength(line) <= 75, `${Buffer.byteLength(line)} octets: ${line}`);
    assert.equal(lines.filter((line) => line === 'END:VCALENDAR').length, 1);
    assert.match(unfolded(text).join('\n'), /“(ü€😀){40} END:VCALENDAR” expires/);
  });

  it('takes what is kept of tokens that are not loaded, and cancels those that were revoked', () => {
    const kept = [
      { ...aKnownExpiry({ id: tokenId('a'), owner: aUser(), kind: 'user' }), project: 'Acme' },
      { ...aKnownExpiry({ id: tokenId('b'), isRevoked: true }), project: 'Globex' },
      { ...aKnownExpiry({ id: tokenId('a'), owner: aUser(), kind: 'user', isSigned: true }), project: 'Acme' },
    ];
    const lines = unfolded(expiryCalendar(kept, now)).filter((line) =>
      /^(UID|STATUS|DESCRIPTION:[US]|SUMMARY:.*signed)/.test(line),
    );
    assert.deepEqual(lines, [
      'UID:user-a@magicbell-tokens',
      'DESCRIPTION:User token of hana@example.com\\nProject: Acme\\nID: a',
      'STATUS:CONFIRMED',
      'UID:project-b@magicbell-tokens',
      'STATUS:CANCELLED',
      'UID:signed-a@magicbell-tokens',
      'SUMMARY:MagicBell token signed for hana@example.com expires (Acme)',
      'DESCRIPTION:Signed here for hana@example.com\\nProject: Acme',
      'STATUS:CONFIRMED',
    ]);
  });

  it('is a calendar whatever the names are', () => {
    const kept = hostileNames.map((name, index) => ({
      ...aKnownExpiry({ id: tokenId(`${name}${index}`), name, owner: aUser({ email: name }), kind: 'user' }),
      project: name,
    }));
    const text = expiryCalendar(kept, now);
    assert.ok(
      text.split('\r\n').every((line) => Buffer.byteLength(line) <= 75),
      'a line is too long',
    );
    assert.doesNotMatch(text.replaceAll('\r\n', ''), /\p{Cc}/u);
    const all = unfolded(text).slice(0, -1);
    for (const line of all) assert.match(line, /^[A-Z-]+:/);
    const events = all.join('\n').split('BEGIN:VEVENT\n').slice(1);
    assert.equal(events.length, hostileNames.length);
    for (const event of events) {
      assert.match(event, /^UID:[\w%.~!*'()-]+@magicbell-tokens\nDTSTAMP:\d{8}T\d{6}Z\nSEQUENCE:\d+\nDTSTART:/);
      // A comma, a semicolon or a backslash of a name ends no value.
      for (const [, value = ''] of event.matchAll(/^(?:SUMMARY|DESCRIPTION):(.*)$/gm))
        assert.doesNotMatch(value.replaceAll(/\\[\\;,n]/g, ''), /[\\;,]/);
    }
  });

  it('writes instants that can be typed back', () => {
    const parsed = parseExpiry('2027-03-01 14:30', now);
    assert.ok(parsed.ok && parsed.expiry.type === 'at', 'not read');
    const { instant } = parsed.expiry;
    const text = calendarOf(overviewOfRows([{ token: aToken({ expiresAt: instant }) }]).rows);
    const written = /DTSTART:(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/.exec(text)?.slice(1) ?? [];
    const [year, month, day, hour, minute, second] = written;
    assert.equal(`${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`, instant.toISOString());
  });
});
