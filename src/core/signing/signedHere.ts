import { displayText } from '../base/displayText.ts';
import type { LedgerEntry } from '../ledger/ledgerEntry.ts';
import type { TimeFormat } from '../base/timeText.ts';
import type { Token } from '../model/token.ts';
import { type User, userId } from '../model/user.ts';
import { type Presentation, bothTimes, expiryText, expiryTimes, presentToken } from '../tokens/tokenPresentation.ts';

/** Whether a signed token is for this user: by user id, else external id (which precedes the email), else email. */
export function isFor({ recipient }: Pick<LedgerEntry, 'recipient'>, user: User): boolean {
  if (recipient === undefined) return false;
  if (recipient.userId !== undefined) return recipient.userId === user.id;
  if (recipient.externalId !== undefined) return recipient.externalId === user.externalId;
  return recipient.email !== undefined && recipient.email.toLowerCase() === user.email?.toLowerCase();
}

/** A signed token as a list token. It has no id, and so cannot be revoked. */
export const tokenOfEntry = ({ madeAt, expiresAt }: LedgerEntry): Token => ({
  kind: 'user',
  id: undefined,
  name: 'Signed here',
  createdAt: madeAt,
  expiresAt,
  revokedAt: undefined,
  lastUsedAt: undefined,
});

/** The user of a signed token, with the fields that are known. */
export const ownerOf = ({ recipient = {} }: Pick<LedgerEntry, 'recipient'>): User => ({
  id: recipient.userId ?? userId(''),
  email: recipient.email,
  externalId: recipient.externalId,
  firstName: undefined,
  lastName: undefined,
});

/** The display name of the user that a token was signed for. */
export const recipientName = ({ recipient }: Pick<LedgerEntry, 'recipient'>): string =>
  displayText(recipient?.email ?? recipient?.externalId ?? recipient?.userId ?? '') || 'unknown user';

const placesOf = ({ deliveredTo }: LedgerEntry): string => deliveredTo.map((place) => displayText(place)).join(', ');

/** A signed token as a row below its user. */
export function presentSigned(entry: LedgerEntry, now: Date, soonDays: number, format?: TimeFormat): Presentation {
  const shown = presentToken(tokenOfEntry(entry), now, soonDays, format);
  const places = placesOf(entry);
  return {
    label: shown.label,
    description: shown.description,
    icon: shown.icon,
    color: shown.color,
    accessibleLabel: shown.accessibleLabel,
    tooltip: [
      `Signed here for ${recipientName(entry)}`,
      `Signed: ${bothTimes(entry.madeAt, format)}`,
      `Expires: ${expiryTimes(tokenOfEntry(entry), format)}`,
      ...(places === '' ? [] : [`Delivered: ${places}`]),
      'MagicBell does not list it. Only rolling the Secret Key revokes it.',
    ],
  };
}

/** A row of the list of signed tokens: "expires in 2 hours · to .env as TOKEN". */
export function signedText(entry: LedgerEntry, now: Date, format?: TimeFormat): string {
  return [expiryText(tokenOfEntry(entry), now, format), placesOf(entry)].filter((part) => part !== '').join(' · ');
}

const maxNamed = 5;

/** The tokens that rolling the Secret Key would invalidate: how many, for whom, and where they were delivered. */
export interface RollingEffect {
  /** "Rolling the Secret Key ends 3 tokens that were signed here." */
  readonly summary: string;
  /** "For a@example.com and b@example.com; delivered to .env as TOKEN." Empty when there are none. */
  readonly detail: string;
}

export function rollingEffect(entries: readonly LedgerEntry[], now: Date): RollingEffect {
  const live = entries.filter(
    ({ isSigned, expiresAt }) => isSigned && (expiresAt === undefined || expiresAt.getTime() > now.getTime()),
  );
  if (live.length === 0) return { summary: 'Rolling the Secret Key ends no token that was signed here.', detail: '' };
  const places = named(live.flatMap(({ deliveredTo }) => deliveredTo.map((place) => displayText(place))));
  return {
    summary: `Rolling the Secret Key ends ${live.length === 1 ? '1 token that was' : `${live.length} tokens that were`} signed here.`,
    detail: `For ${named(live.map(recipientName))}${places === '' ? '' : `; delivered ${places}`}.`,
  };
}

/** "a, b and 3 more" */
function named(texts: readonly string[]): string {
  const distinct = [...new Set(texts)];
  const more = distinct.length > maxNamed ? ` and ${distinct.length - maxNamed} more` : '';
  return `${distinct.slice(0, maxNamed).join(', ')}${more}`;
}
