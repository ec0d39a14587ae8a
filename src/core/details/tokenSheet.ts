import { displayText } from '../base/displayText.ts';
import { type TimeFormat, localDay, localTime, utcTime } from '../base/timeText.ts';
import type { Activity } from '../activity/activity.ts';
import { historyOf } from '../activity/activityText.ts';
import { type Token, isKnownInstant, isRevocable, tokenState } from '../model/token.ts';
import type { User } from '../model/user.ts';
import type { SheetButton, SheetLook, SheetMessage, SheetRow, SheetSection, SheetSubject } from '../pages/sheet.ts';
import { shown } from '../pages/shown.ts';
import { expiryText, isExpiringSoon, tokenName, userName } from '../tokens/tokenPresentation.ts';

/** Sentences of this extension and lists of places are longer than the limit for names. */
const longestText = 1000;

/** The data of a token's page. */
export interface TokenKnowledge {
  readonly token: Token;
  /** The user of a user token. */
  readonly user: User | undefined;
  /** The local activities in its project, newest first. */
  readonly activities: readonly Activity[];
  /** The places of its value, as text from `describePlace`. */
  readonly destinations: readonly string[];
}

/** The project shown on a page. */
export interface SheetProject {
  readonly name: string;
  readonly isProduction: boolean;
}

/** The time and the formats of a page. */
export interface SheetContext {
  readonly now: Date;
  /** An active token that expires within so many days is highlighted. */
  readonly soonDays: number;
  readonly format?: TimeFormat | undefined;
}

const emptySheet: SheetMessage = {
  type: 'sheet',
  title: shown(''),
  subtitle: shown(''),
  isProduction: false,
  look: 'unknown',
  state: shown(''),
  life: null,
  answer: shown(''),
  notices: [],
  facts: [],
  buttons: [],
  sections: [],
  subject: null,
};

/** A sheet with these parts; all others are empty. */
export const sheetOf = (parts: Partial<SheetMessage>): SheetMessage => ({ ...emptySheet, ...parts });

export const sheetText = (text: string): SheetRow['value'] => shown(text, longestText);

export const sheetRow = (label: string, value: string, parts: Partial<SheetRow> = {}): SheetRow => ({
  label: shown(label),
  value: sheetText(value),
  more: shown(''),
  action: null,
  ...parts,
});

export const sheetButton = (
  action: SheetButton['action'],
  label: string,
  { place = 0, hint = '' }: { readonly place?: number; readonly hint?: string } = {},
): SheetButton => ({ action, place, label: shown(label), hint: shown(hint) });

/** A row with an instant: the local time, with UTC below it. */
export function instantRow(label: string, instant: Date, format: TimeFormat | undefined): SheetRow {
  if (!isKnownInstant(instant)) return sheetRow(label, 'unknown');
  return sheetRow(label, localTime(instant, format), { more: shown(utcTime(instant)) });
}

/** The page of a token. */
export function tokenSheet(
  known: TokenKnowledge,
  project: SheetProject,
  subject: SheetSubject,
  context: SheetContext,
): SheetMessage {
  const { token } = known;
  const { now, format } = context;
  return sheetOf({
    title: shown(tokenName(token)),
    subtitle: shown(`${kindText(token)} · ${project.name}`),
    isProduction: project.isProduction,
    look: lookOf(token, context),
    state: shown(asSentence(expiryText(token, now, format))),
    life: lifeOf(token, format),
    notices:
      token.id === undefined
        ? [shown('MagicBell sent no ID of this token: it cannot be revoked or rotated here.')]
        : [],
    facts: tokenFacts(known, format),
    buttons: tokenButtons(token, now),
    sections: [historySection(known, format)],
    subject,
  });
}

/** The page of a token that is not loaded, with its local history. */
export const absentSheet = (
  { activities, destinations }: Omit<TokenKnowledge, 'token'>,
  project: SheetProject,
  subject: SheetSubject,
  { format }: SheetContext,
): SheetMessage => {
  const own = activities.filter(({ tokenId }) => tokenId === subject.id);
  const name = own.find((each) => each.name !== undefined)?.name;
  return sheetOf({
    title: shown(name ?? 'A token that is not loaded'),
    subtitle: shown(project.name),
    isProduction: project.isProduction,
    notices: [shown('This token is not among those that are loaded. Show in List looks for it.')],
    facts: [
      ...(subject.id === '' ? [] : [sheetRow('ID', subject.id, { action: 'copyId' })]),
      ...deliveredRows(destinations),
    ],
    buttons: subject.id === '' ? [] : [sheetButton('showInList', 'Show in List')],
    sections: [historySection({ activities, token: { id: subject.id } }, format)],
    subject,
  });
};

/** The page of a connection that was removed. */
export const removedSheet = (subject: SheetSubject): SheetMessage =>
  sheetOf({
    title: shown('Removed'),
    notices: [shown('The connection of this page was removed here.')],
    subject,
  });

const asSentence = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

export const kindText = ({ kind }: Pick<Token, 'kind'>): string =>
  kind === 'project' ? 'Project token' : 'User token';

export function lookOf(token: Token, { now, soonDays }: SheetContext): SheetLook {
  if (isExpiringSoon(token, now, soonDays)) return 'soon';
  const state = tokenState(token, now);
  return state === 'active' && token.isExpiryUnknown === true ? 'unknown' : state;
}

export function lifeOf({ createdAt, expiresAt }: Token, format: TimeFormat | undefined): SheetMessage['life'] {
  if (expiresAt === undefined || !isKnownInstant(createdAt) || createdAt >= expiresAt) return null;
  return {
    from: createdAt.getTime(),
    to: expiresAt.getTime(),
    fromText: shown(`created ${localDay(createdAt, format)}`),
    toText: shown(`expires ${localDay(expiresAt, format)}`),
  };
}

/** The rows with a token's metadata. */
export function tokenFacts(known: TokenKnowledge, format: TimeFormat | undefined): readonly SheetRow[] {
  const { token, user, activities, destinations } = known;
  const { id, kind, createdAt, expiresAt, revokedAt, lastUsedAt } = token;
  const wasIssuedHere = activities.some(({ what, tokenId }) => what === 'issued' && tokenId === id);
  return [
    ...(kind === 'user' ? [user === undefined ? sheetRow('User', 'unknown') : userRow(user)] : []),
    ...(id === undefined ? [] : [sheetRow('ID', id, { action: 'copyId' })]),
    instantRow('Created', createdAt, format),
    expiresAt === undefined || token.isExpiryUnknown === true
      ? sheetRow('Expires', token.isExpiryUnknown === true ? 'unknown' : 'never')
      : instantRow('Expires', expiresAt, format),
    ...(revokedAt === undefined ? [] : [instantRow('Revoked', revokedAt, format)]),
    ...(lastUsedAt === undefined ? [] : [instantRow('Last used', lastUsedAt, format)]),
    sheetRow('Issued', wasIssuedHere ? 'from VS Code on this computer' : 'elsewhere, or not recorded here'),
    ...deliveredRows(destinations),
  ];
}

/** The row with the places of a value; none when there are no places. */
export const deliveredRows = (places: readonly string[]): readonly SheetRow[] =>
  places.length === 0 ? [] : [sheetRow('Delivered', places.map((place) => displayText(place)).join('; '))];

function userRow(user: User): SheetRow {
  const name = userName(user);
  const fullName = displayText([user.firstName, user.lastName].filter(Boolean).join(' '));
  const more = [
    ...(fullName === '' || fullName === name ? [] : [fullName]),
    ...(user.externalId === undefined ? [] : [`external ID ${displayText(user.externalId)}`]),
    `ID ${displayText(user.id)}`,
  ];
  return sheetRow('User', name, { more: sheetText(more.join(', ')) });
}

/** The buttons for a listed token. */
export const tokenButtons = (token: Token, now: Date): readonly SheetButton[] => [
  ...(isRevocable(token, now) ? [sheetButton('rotate', 'Rotate…')] : []),
  sheetButton('showInList', 'Show in List'),
  ...(isRevocable(token, now) ? [sheetButton('revoke', 'Revoke…')] : []),
];

/** The local history of a token, newest first. */
export function historySection(
  {
    activities,
    token: { id },
  }: { readonly activities: readonly Activity[]; readonly token: { readonly id?: string | undefined } },
  format: TimeFormat | undefined,
): SheetSection {
  return {
    title: shown('What was done from here'),
    rows: historyOf(activities, id ?? '', format).map(({ time, words, utc }) =>
      sheetRow(time, words, { more: shown(utc) }),
    ),
    empty: shown('Nothing is recorded.'),
  };
}
