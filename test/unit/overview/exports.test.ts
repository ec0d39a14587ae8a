import assert from 'node:assert/strict';
import { tokenId } from '../../../src/core/model/token.ts';
import { expiryCalendar } from '../../../src/core/overview/calendar.ts';
import { tokensCsv, tokensJson } from '../../../src/core/overview/exportTokens.ts';
import type { OverviewRow } from '../../../src/core/overview/overviewOf.ts';
import { parseExpiry } from '../../../src/core/tokens/expiry.ts';
import { aToken, aTokenWithoutId, aUser } from '../../support/builders.ts';
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
  const unfolded = (text: string): string[] => text.replaceAll('\r\n ', '').split('\r\n');

  it('has an event for each expiry, with a reminder', () => {
    const lines = unfolded(expiryCalendar(rows(), now));
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
    const first = expiryCalendar(overviewOfRows([{ token }]).rows, now);
    const renamed = overviewOfRows([{ token: { ...token, name: 'Renamed' } }], { id: 'again', name: 'Other' });
    const second = expiryCalendar(renamed.rows, new Date(now.getTime() + 60_000));
    assert.equal(field(first, 'UID'), field(second, 'UID'));
    assert.ok(Number(field(second, 'SEQUENCE')) > Number(field(first, 'SEQUENCE')), 'the sequence does not grow');
  });

  it('cancels what was revoked meanwhile', () => {
    const token = aToken({ expiresAt: inDays(30), revokedAt: inDays(-1) });
    const lines = unfolded(expiryCalendar(overviewOfRows([{ token }]).rows, now));
    assert.ok(lines.includes('STATUS:CANCELLED'), lines.join('\n'));
    assert.ok(!lines.includes('BEGIN:VALARM'), lines.join('\n'));
  });

  it('has one event for a token that is listed twice, and none for one without an id', () => {
    const token = aToken({ expiresAt: inDays(30) });
    const twice = overviewOfRows([{ token }, { token }, { token: aTokenWithoutId({ expiresAt: inDays(30) }) }]).rows;
    assert.equal(unfolded(expiryCalendar(twice, now)).filter((line) => line === 'BEGIN:VEVENT').length, 1);
  });

  it('folds lines at 75 octets, without cutting a character, and lets no name begin a line of its own', () => {
    const name = `${'ü€😀'.repeat(40)}\r\nEND:VCALENDAR`;
    const text = expiryCalendar(overviewOfRows([{ token: aToken({ name, expiresAt: inDays(30) }) }]).rows, now);
    const lines = text.split('\r\n');
    for (const line of lines) assert.ok(Buffer.byteLength(line) <= 75, `${Buffer.byteLength(line)} octets: ${line}`);
    assert.equal(lines.filter((line) => line === 'END:VCALENDAR').length, 1);
    assert.match(unfolded(text).join('\n'), /“(ü€😀){40} END:VCALENDAR” expires/);
  });

  it('writes instants that can be typed back', () => {
    const parsed = parseExpiry('2027-03-01 14:30', now);
    assert.ok(parsed.ok && parsed.expiry.type === 'at', 'not read');
    const { instant } = parsed.expiry;
    const text = expiryCalendar(overviewOfRows([{ token: aToken({ expiresAt: instant }) }]).rows, now);
    const written = /DTSTART:(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/.exec(text)?.slice(1) ?? [];
    const [year, month, day, hour, minute, second] = written;
    assert.equal(`${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`, instant.toISOString());
  });
});
