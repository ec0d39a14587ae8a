import { displayText } from '../base/displayText.ts';
import type { TokenId, TokenKind } from '../model/token.ts';
import type { User } from '../model/user.ts';
import { tokenName, userName } from '../tokens/tokenPresentation.ts';
import type { OverviewRow } from './overviewOf.ts';

const minuteMs = 60_000;
/** The maximum length of a line in octets, without its line break (RFC 5545, 3.1). */
const maxLineOctets = 75;

/** A token's expiry for a calendar. */
export interface CalendarExpiry {
  readonly kind: TokenKind;
  readonly id: TokenId | undefined;
  readonly name: string | undefined;
  /** The user of a user token. */
  readonly owner: User | undefined;
  /** Undefined: the token has no event. */
  readonly expiresAt: Date | undefined;
  readonly isRevoked?: boolean | undefined;
  /** The token was signed here; `id` is the id of its ledger entry. */
  readonly isSigned?: boolean | undefined;
  /** The project's name. */
  readonly project: string;
}

/** The expiry of a row of the Overview. */
export const expiryOfRow = ({ token, owner, connection }: OverviewRow): CalendarExpiry => {
  const { kind, id, name, expiresAt, revokedAt } = token;
  return { kind, id, name, owner, expiresAt, isRevoked: revokedAt !== undefined, project: connection.name };
};

/**
 * The expiries as a calendar (RFC 5545), for tokens that have one. The UID of an event is derived from its token's id
 * alone, and its sequence grows with time: a second import replaces the first, and cancels events of tokens that were
 * revoked meanwhile.
 */
export function expiryCalendar(expiries: readonly CalendarExpiry[], now: Date): string {
  const events = new Map<string, readonly string[]>();
  for (const expiry of expiries) {
    const uid = uidOf(expiry);
    if (uid !== undefined && expiry.expiresAt !== undefined)
      events.set(uid, eventLines(expiry, expiry.expiresAt, uid, now));
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

/** Undefined for a token without an id, whose event could not be replaced by a later import. */
const uidOf = ({ kind, id, isSigned }: CalendarExpiry): string | undefined =>
  id === undefined ? undefined : `${isSigned === true ? 'signed' : kind}-${encodeURIComponent(id)}@magicbell-tokens`;

function eventLines(expiry: CalendarExpiry, expiresAt: Date, uid: string, now: Date): readonly string[] {
  const { owner, isRevoked, isSigned, kind } = expiry;
  const project = displayText(expiry.project);
  const user = owner === undefined ? 'a user' : userName(owner);
  const about =
    isSigned === true ? `Signed here for ${user}` : kind === 'project' ? 'Project token' : `User token of ${user}`;
  const subject = isSigned === true ? `token signed for ${user}` : `token “${tokenName(expiry)}”`;
  const summary = `MagicBell ${subject} expires (${project})`;
  return [
    'BEGIN:VEVENT',
    `UID:${uid}`,
    `DTSTAMP:${utc(now)}`,
    `SEQUENCE:${Math.floor(now.getTime() / minuteMs)}`,
    `DTSTART:${utc(expiresAt)}`,
    `SUMMARY:${escaped(summary)}`,
    `DESCRIPTION:${escaped([about, `Project: ${project}`, ...(isSigned === true ? [] : [`ID: ${displayText(expiry.id ?? '')}`])].join('\n'))}`,
    `STATUS:${isRevoked === true ? 'CANCELLED' : 'CONFIRMED'}`,
    'TRANSP:TRANSPARENT',
    'CATEGORIES:MagicBell',
    ...(isRevoked === true
      ? []
      : ['BEGIN:VALARM', 'ACTION:DISPLAY', `DESCRIPTION:${escaped(summary)}`, 'TRIGGER:-P7D', 'END:VALARM']),
    'END:VEVENT',
  ];
}

/** "20270301T225959Z" */
const utc = (instant: Date): string => instant.toISOString().replace(/[-:]|\.\d+/g, '');

const escaped = (text: string): string => text.replace(/[\\;,]/g, (sign) => `\\${sign}`).replaceAll('\n', '\\n');

/** Folds long lines with a line break and a space, never inside a character. */
function folded(line: string): string {
  const parts: string[] = [];
  let part = '';
  let octets = 0;
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (octets + size > maxLineOctets) {
      parts.push(part);
      part = '';
      // The leading space counts.
      octets = 1;
    }
    part += character;
    octets += size;
  }
  return [...parts, part].join('\r\n ');
}
