import { displayText } from '../displayText.ts';
import { type TimeFormat, localTime, utcTime } from './expiry.ts';
import { type Token, type User, isRevocable } from './token.ts';
import { expiryText, tokenName, userName } from './tokenPresentation.ts';

/** What a page about one token is made of. */
export interface TokenPageContent {
  readonly token: Token;
  readonly user: User | undefined;
  /** What was done from here, newest first: see `historyOf`. */
  readonly history: readonly string[];
  readonly wasIssuedHere: boolean;
}

/** Everything that is known of a token, as a page of plain text. */
export function tokenPage(
  { token, user, history, wasIssuedHere }: TokenPageContent,
  now: Date,
  format?: TimeFormat,
): string {
  const time = (instant: Date | undefined, otherwise: string): readonly string[] =>
    instant === undefined ? [otherwise] : [localTime(instant, format), utcTime(instant)];
  const facts: readonly (readonly [string, readonly string[]])[] = [
    ['State', [expiryText(token, now, format)]],
    ['Kind', [token.kind === 'project' ? 'project token: for the whole project' : 'user token: for one user’s inbox']],
    ...(token.kind === 'user' ? ([['User', user === undefined ? ['unknown'] : userLines(user)]] as const) : []),
    ['ID', [token.id === undefined ? 'not sent by the API: the token cannot be revoked here' : displayText(token.id)]],
    ['Created', time(token.createdAt, '')],
    ['Expires', time(token.expiresAt, 'never')],
    ...(token.revokedAt === undefined ? [] : ([['Revoked', time(token.revokedAt, '')]] as const)),
    ...(token.lastUsedAt === undefined ? [] : ([['Last used', time(token.lastUsedAt, '')]] as const)),
    ['Issued', [wasIssuedHere ? 'from VS Code on this computer' : 'elsewhere, or not noted down here']],
  ];
  return [
    tokenName(token),
    '',
    ...facts.flatMap(([label, lines]) => lines.map((line, index) => `${(index === 0 ? label : '').padEnd(12)}${line}`)),
    '',
    'What was done to it from here',
    ...(history.length === 0 ? ['  nothing yet'] : history.map((line) => `  ${line}`)),
    '',
    'What can be done',
    ...actionsFor(token, now).map((action) => `  ${action}`),
    'These are in the menu of its row, and in the command palette.',
    '',
  ].join('\n');
}

function userLines(user: User): readonly string[] {
  const name = userName(user);
  const fullName = displayText([user.firstName, user.lastName].filter(Boolean).join(' '));
  return [
    name,
    ...(fullName === '' || fullName === name ? [] : [fullName]),
    ...(user.externalId === undefined ? [] : [`external ID ${displayText(user.externalId)}`]),
    `ID ${displayText(user.id)}`,
  ];
}

function actionsFor(token: Token, now: Date): readonly string[] {
  const copy = token.id === undefined ? [] : ['MagicBell: Copy Token ID'];
  return isRevocable(token, now) ? [...copy, 'MagicBell: Rotate Token…', 'MagicBell: Revoke Token…'] : copy;
}
