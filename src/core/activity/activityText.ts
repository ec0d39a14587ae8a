import { displayText } from '../base/displayText.ts';
import { type TimeFormat, localTime, utcTime } from '../base/timeText.ts';
import type { Activity, ActivityKind } from './activity.ts';
import { maxActivities } from './activityLog.ts';
import type { ActivityEntry, ActivityMessage } from './activityMessage.ts';
import { csv } from '../base/csv.ts';
import { shown } from '../pages/shown.ts';

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
const wordOf = ({ what }: Activity): string => (words as Partial<Record<string, string>>)[what] ?? displayText(what);

const wordsFor = (activity: Activity): string =>
  `${wordOf(activity)}${activity.result === undefined ? '' : ` (${displayText(activity.result)})`}`;

/** An entry as the page shows it. */
function entryOf(activity: Activity, format?: TimeFormat): ActivityEntry {
  const { at, tokenKind, name, recipient, tokenId } = activity;
  return {
    time: shown(localTime(at, format)),
    utc: shown(utcTime(at)),
    what: shown(wordOf(activity)),
    result: shown(activity.result ?? ''),
    name: shown(name ?? ''),
    kind: shown(`${tokenKind === undefined ? '' : `${tokenKind} `}token`),
    recipient: shown(recipient ?? ''),
    id: shown(tokenId ?? ''),
  };
}

/** Whose activity it is. */
interface ActivityProject {
  readonly id: string;
  readonly label: string;
  readonly isProduction: boolean;
}

/** The activity of a connection as a page. @param activities newest first */
export const activityMessage = (
  activities: readonly Activity[],
  { id, label, isProduction }: ActivityProject,
  format?: TimeFormat,
): ActivityMessage => ({
  type: 'activity',
  connection: id,
  project: shown(label),
  isProduction,
  isRemoved: false,
  kept: maxActivities,
  entries: activities.map((activity) => entryOf(activity, format)),
});

/** The page of a connection that was removed here. */
export const removedActivity = (id: string): ActivityMessage => ({
  ...activityMessage([], { id, label: '', isProduction: false }),
  isRemoved: true,
});

/** The history of one token, newest first: a time and an action each. */
export const historyOf = (
  activities: readonly Activity[],
  tokenId: string,
  format?: TimeFormat,
): readonly { readonly time: string; readonly utc: string; readonly words: string }[] =>
  activities
    .filter((activity) => activity.tokenId === tokenId)
    .map((activity) => ({
      time: localTime(activity.at, format),
      utc: utcTime(activity.at),
      words: wordsFor(activity),
    }));

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
