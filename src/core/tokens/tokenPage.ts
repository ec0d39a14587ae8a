import { displayText } from '../base/displayText.ts';
import type { TimeFormat } from '../base/timeText.ts';
import { type Token, isRevocable } from '../model/token.ts';
import type { User } from '../model/user.ts';
import { bothTimes, expiryText, expiryTimes, tokenName, userName } from './tokenPresentation.ts';

/** What a page about one token is made of. */
export interface TokenPageContent {
  readonly token: Token;
  readonly user: User | undefined;
  /** What was done from here, newest first: see `historyOf`. */
  readonly history: readonly string[];
  readonly wasIssuedHere: boolean;
  /** Where its value went from here, as `describePlace` says it. */
  readonly destinations: readonly string[];
}

/** Everything that is known of a token, as a page of plain text. */
export function tokenPage(
  { token, user, history, wasIssuedHere, destinations }: TokenPageContent,
  now: Date,
  format?: TimeFormat,
): string {
  const time = (instant: Date): string => bothTimes(instant, format);
  const { id, kind, createdAt, revokedAt, lastUsedAt } = token;
  return [
    tokenName(token),
    '',
    `State: ${expiryText(token, now, format)}`,
    `Kind: ${kind === 'project' ? 'project token, for the whole project' : 'user token, for one user’s inbox'}`,
    ...(kind === 'user' ? [`User: ${user === undefined ? 'unknown' : userText(user)}`] : []),
    `ID: ${id === undefined ? 'not sent by the API: the token cannot be revoked here' : displayText(id)}`,
    `Created: ${time(createdAt)}`,
    `Expires: ${expiryTimes(token, format)}`,
    ...(revokedAt === undefined ? [] : [`Revoked: ${time(revokedAt)}`]),
    ...(lastUsedAt === undefined ? [] : [`Last used: ${time(lastUsedAt)}`]),
    `Issued: ${wasIssuedHere ? 'from VS Code on this computer' : 'elsewhere, or not recorded here'}`,
    ...(destinations.length === 0 ? [] : [`Delivered: ${destinations.map((place) => displayText(place)).join('; ')}`]),
    '',
    'What was done to it from here, newest first:',
    ...(history.length === 0 ? ['nothing is recorded'] : history),
    '',
    'What can be done, by the menu of its row or the command palette:',
    ...actionsFor(token, now),
    '',
  ].join('\n');
}

function userText(user: User): string {
  const name = userName(user);
  const fullName = displayText([user.firstName, user.lastName].filter(Boolean).join(' '));
  return [
    name,
    ...(fullName === '' || fullName === name ? [] : [fullName]),
    ...(user.externalId === undefined ? [] : [`external ID ${displayText(user.externalId)}`]),
    `ID ${displayText(user.id)}`,
  ].join(', ');
}

function actionsFor(token: Token, now: Date): readonly string[] {
  const copy = token.id === undefined ? [] : ['MagicBell: Copy Token ID'];
  return isRevocable(token, now) ? [...copy, 'MagicBell: Rotate Token…', 'MagicBell: Revoke Token…'] : copy;
}
