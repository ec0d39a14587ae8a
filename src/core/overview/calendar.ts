import { displayText } from '../base/displayText.ts';
import { tokenName, userName } from '../tokens/tokenPresentation.ts';
import type { OverviewRow } from './overviewOf.ts';

const minuteMs = 60_000;
/** Of a line, in octets, without its end (RFC 5545, 3.1). */
const maxLineOctets = 75;

/**
 * The expiries as a calendar (RFC 5545), for those tokens that have one. An event's UID is made of its token's id alone,
 * and its sequence grows with time: a second import replaces the first, and cancels what was revoked meanwhile.
 */
export function expiryCalendar(rows: readonly OverviewRow[], now: Date): string {
  const events = new Map<string, readonly string[]>();
  for (const row of rows) {
    const uid = uidOf(row);
    if (uid !== undefined && row.token.expiresAt !== undefined)
      events.set(uid, eventLines(row, row.token.expiresAt, uid, now));
  }
  return [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//MagicBell Tokens//VS Code//EN',
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    'X-WR-CALNAME:MagicBell token expiries',
    ...[...events.values()].flat(),
    'END:VCALENDAR',
  ]
    .map((line) => `${folded(line)}\r\n`)
    .join('');
}

/** Undefined for a token without an id: its event could never be replaced. */
function uidOf({ token }: OverviewRow): string | undefined {
  return token.id === undefined ? undefined : `${token.kind}-${encodeURIComponent(token.id)}@magicbell-tokens`;
}

function eventLines(row: OverviewRow, expiresAt: Date, uid: string, now: Date): readonly string[] {
  const { token, owner, connection } = row;
  const name = tokenName(token);
  const project = displayText(connection.name);
  const kind =
    token.kind === 'project' ? 'Project token' : `User token of ${owner === undefined ? 'a user' : userName(owner)}`;
  const summary = `MagicBell token “${name}” expires (${project})`;
  const isRevoked = token.revokedAt !== undefined;
  return [
    'BEGIN:VEVENT',
    `UID:${uid}`,
    `DTSTAMP:${utc(now)}`,
    `SEQUENCE:${Math.floor(now.getTime() / minuteMs)}`,
    `DTSTART:${utc(expiresAt)}`,
    `SUMMARY:${escaped(summary)}`,
    `DESCRIPTION:${escaped([kind, `Project: ${project}`, `ID: ${displayText(token.id ?? '')}`].join('\n'))}`,
    `STATUS:${isRevoked ? 'CANCELLED' : 'CONFIRMED'}`,
    'TRANSP:TRANSPARENT',
    'CATEGORIES:MagicBell',
    ...(isRevoked
      ? []
      : ['BEGIN:VALARM', 'ACTION:DISPLAY', `DESCRIPTION:${escaped(summary)}`, 'TRIGGER:-P7D', 'END:VALARM']),
    'END:VEVENT',
  ];
}

/** "20270301T225959Z" */
const utc = (instant: Date): string => instant.toISOString().replace(/[-:]|\.\d+/g, '');

const escaped = (text: string): string => text.replace(/[\\;,]/g, (sign) => `\\${sign}`).replaceAll('\n', '\\n');

/** A long line is continued after a line break and a space, and never cut inside a character. */
function folded(line: string): string {
  const parts: string[] = [];
  let part = '';
  let octets = 0;
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (octets + size > maxLineOctets) {
      parts.push(part);
      part = '';
      // The space before it counts.
      octets = 1;
    }
    part += character;
    octets += size;
  }
  return [...parts, part].join('\r\n ');
}
