import { displayText } from '../base/displayText.ts';
import { redactPatterns } from '../base/redaction.ts';
import { type TimeFormat, localTime, relativeTime } from '../base/timeText.ts';
import { type Claims, claimInstant } from './decodeToken.ts';

export interface ClaimRow {
  readonly name: string;
  readonly value: string;
}

/** A hostile token can have any number of claims. */
const maxRows = 50;
const maxValueLength = 120;
const instantClaims = new Set(['exp', 'iat', 'nbf', 'auth_time', 'updated_at']);

/** A token's claims for display: times are local, nested claims are named by their path, secrets are redacted. */
export function claimRows(claims: Claims, now: Date, format?: TimeFormat): readonly ClaimRow[] {
  const rows: ClaimRow[] = [];
  addRows(claims, '', rows, { now, format });
  const first = rows.slice(0, maxRows);
  return rows.length > maxRows ? [...first, { name: '…', value: 'there are more claims' }] : first;
}

interface Time {
  readonly now: Date;
  readonly format: TimeFormat | undefined;
}

function addRows(claims: Claims, path: string, rows: ClaimRow[], time: Time): void {
  for (const [name, value] of Object.entries(claims)) {
    if (rows.length > maxRows) return;
    const isNested = typeof value === 'object' && value !== null && !Array.isArray(value);
    const isEmpty = isNested && Object.keys(value).length === 0;
    if (isNested && !isEmpty && path === '') addRows(value as Claims, `${name}.`, rows, time);
    else rows.push({ name: shown(path + name, 60), value: valueText(name, value, time) });
  }
}

function valueText(name: string, value: unknown, { now, format }: Time): string {
  const instant = instantClaims.has(name) ? claimInstant(value) : undefined;
  if (instant !== undefined) return `${localTime(instant, format)} (${relativeTime(instant, now, format)})`;
  return shown(typeof value === 'string' ? value : json(value), maxValueLength);
}

/** Redacts last, since `displayText` removes invisible characters that could hide a secret from its pattern. */
function shown(text: string, maxLength: number): string {
  // The last characters of a project API key identify it, and are not secret.
  const apiKey = /^pk_[\w-]{8,}$/.exec(text);
  return apiKey === null ? redactPatterns(displayText(text, 'plain', maxLength)) : `pk_…${text.slice(-4)}`;
}

function json(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    // Too deeply nested for the stack.
    return '…';
  }
}
