import { type TimeFormat, localTime } from '../base/timeText.ts';
import { describeError } from '../describeError.ts';
import type { Audit } from './audit.ts';
import type { AuditRecord } from './auditRecord.ts';

const minuteMs = 60_000;

type Shown = Pick<Audit, 'state' | 'record' | 'error' | 'leftMs'>;

/** Describes an audit in a sentence or two; empty where there is none. @param host of the connection */
export function auditText(audit: Shown, host: string, format?: TimeFormat): string {
  const { state, record } = audit;
  switch (state) {
    case 'none':
      return '';
    case 'elsewhere':
      return 'Another window audits this project.';
    case 'running':
      return record === undefined ? 'Starting…' : runningText(record, audit.leftMs);
    case 'waiting':
      return `${reason(audit, host)} The audit goes on by itself when that has passed.`;
    case 'paused':
      return record === undefined ? 'Paused.' : `Paused${record.phase === 'listing' ? '' : ` at ${users(record)}`}.`;
    case 'failed':
      return `The audit has stopped. ${reason(audit, host)}`;
    case 'done':
      return record === undefined ? '' : doneText(record, format);
  }
}

function runningText(record: AuditRecord, leftMs: number | undefined): string {
  switch (record.phase) {
    case 'listing':
      return `Listing users: ${number(record.userCount)} so far.`;
    case 'reading':
      return `Reading users’ tokens: ${users(record)}, ${tokens(record)}${leftMs === undefined ? '' : `, ${left(leftMs)}`}.`;
    case 'closing':
    case 'done':
      return `Looking for users who came meanwhile: ${users(record)}, ${tokens(record)}.`;
  }
}

/** Describes what a finished audit covers, and what it does not. */
function doneText(record: AuditRecord, format: TimeFormat | undefined): string {
  const { finishedAt, startedAt, userCount, failedCount, isCutShort, scope } = record;
  const at = localTime(finishedAt ?? startedAt, format);
  if (scope === 'noUsers') return `Audited ${at}. This API does not list users: only project tokens are covered.`;
  if (scope === 'noUserTokens')
    return `Audited ${at}. This API does not list users’ tokens: only project tokens are covered.`;
  return [
    `Audited ${at}: ${number(userCount)} ${userCount === 1 ? 'user' : 'users'}, ${tokens(record)}.`,
    ...(failedCount === 0
      ? []
      : [`The tokens of ${number(failedCount)} ${failedCount === 1 ? 'user' : 'users'} could not all be read.`]),
    ...(isCutShort ? ['MagicBell’s list of users could not be read to its end: there may be more.'] : []),
  ].join(' ');
}

const reason = ({ error }: Shown, host: string): string =>
  error === undefined
    ? 'Something went wrong in the extension: the log says more.'
    : describeError(error, { host }).message;

const number = (count: number): string => count.toLocaleString('en');

const users = ({ readCount, userCount }: AuditRecord): string => `${number(readCount)} of ${number(userCount)} users`;

const tokens = ({ tokenCount }: AuditRecord): string =>
  `${number(tokenCount)} ${tokenCount === 1 ? 'token' : 'tokens'}`;

function left(leftMs: number): string {
  const minutes = Math.ceil(leftMs / minuteMs);
  if (minutes <= 1) return 'less than a minute left';
  if (minutes < 90) return `about ${minutes} minutes left`;
  return `about ${Math.round(minutes / 60)} hours left`;
}
