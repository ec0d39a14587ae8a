import { displayText } from '../base/displayText.ts';
import { type TimeFormat, localTime, utcTime } from '../base/timeText.ts';
import type { Activity, ActivityKind } from './activity.ts';
import { maxActivities } from './activityLog.ts';
import { csv } from '../base/csv.ts';

const words: Record<ActivityKind, string> = {
  issued: 'Issued',
  delivered: 'Value delivered',
  discarded: 'Value given up',
  revoked: 'Revoked',
  rotated: 'Rotated',
  signed: 'Signed here',
  failed: 'Failed',
  outcomeUnknown: 'Outcome unknown',
};

/** A later version may know more kinds than this one. */
const wordsFor = ({ what, result }: Activity): string =>
  `${(words as Partial<Record<string, string>>)[what] ?? displayText(what)}${result === undefined ? '' : ` (${displayText(result)})`}`;

/** "Nov 25, 2026, 1:00 PM GMT+1: Revoked: project token “CI deploy”, ID … (2026-11-25 12:00:00 UTC)" */
function line(activity: Activity, format?: TimeFormat): string {
  const { at, tokenKind, name, recipient, tokenId } = activity;
  const subject = [
    `${tokenKind === undefined ? '' : `${tokenKind} `}token${name === undefined ? '' : ` “${displayText(name)}”`}`,
    ...(recipient === undefined ? [] : [`for ${displayText(recipient)}`]),
    ...(tokenId === undefined ? [] : [`ID ${displayText(tokenId)}`]),
  ].join(', ');
  return `${localTime(at, format)}: ${wordsFor(activity)}: ${subject} (${utcTime(at)})`;
}

/** The activity log as a page of plain text. @param activities newest first */
export function activityPage(activities: readonly Activity[], where: string, format?: TimeFormat): string {
  const count = activities.length === 1 ? '1 entry' : `${activities.length} entries`;
  return [
    `What was done from VS Code on this computer with ${displayText(where)}`,
    `${count}, newest first; the last ${maxActivities} are kept. Token values are never recorded.`,
    '',
    ...(activities.length === 0 ? ['Nothing was issued or revoked from here yet.'] : []),
    ...activities.map((activity) => line(activity, format)),
    '',
  ].join('\n');
}

/** What was done to one token: time and deed, newest first. */
export function historyOf(activities: readonly Activity[], tokenId: string, format?: TimeFormat): readonly string[] {
  return activities
    .filter((activity) => activity.tokenId === tokenId)
    .map((activity) => `${localTime(activity.at, format)}: ${wordsFor(activity)} (${utcTime(activity.at)})`);
}

/** For other programs: names as they are, times in UTC. */
export function activityCsv(activities: readonly Activity[]): string {
  return csv([
    ['time', 'what', 'result', 'kind', 'name', 'token id', 'recipient'],
    ...activities.map(({ at, what, result, tokenKind, name, tokenId, recipient }) => [
      at.toISOString(),
      what,
      result,
      tokenKind,
      name,
      tokenId,
      recipient,
    ]),
  ]);
}

export const activityJson = (activities: readonly Activity[]): string =>
  `${JSON.stringify(activities, undefined, 2)}\n`;
