import { displayText } from '../base/displayText.ts';
import { type TimeFormat, localTime, relativeTime, utcTime } from '../base/timeText.ts';
import { type Token, isKnownInstant, tokenState } from '../model/token.ts';
import type { User } from '../model/user.ts';

const dayMs = 24 * 60 * 60_000;

/** The look and text of a row. The text needs neither colour nor icon. */
export interface Presentation {
  readonly label: string;
  readonly description: string;
  /** The expiry in a whole phrase: "expires in 12 days". */
  readonly expiry?: string;
  /** A codicon's name. */
  readonly icon: string;
  /** A theme colour's id. */
  readonly color: string | undefined;
  /** For a screen reader: the name first. */
  readonly accessibleLabel: string;
  /** Lines of plain text: what is known. */
  readonly tooltip: readonly string[];
}

export const tokenName = (token: Pick<Token, 'name' | 'id'>): string =>
  // A name may consist of invisible characters only.
  displayText(token.name ?? '') || `Unnamed token ${shortId(token.id)}`.trimEnd();

/** The end of an id, enough to tell tokens of one name apart. */
export const shortId = (id: string | undefined): string => (id === undefined ? '' : `…${displayText(id.slice(-6))}`);

type Lifespan = Pick<Token, 'expiresAt' | 'revokedAt' | 'isExpiryUnknown'>;

/** "expires in 12 days", "never expires", "expired 3 days ago", "revoked", "expiry unknown". */
export function expiryText(token: Lifespan, now: Date, format?: TimeFormat): string {
  const state = tokenState(token, now);
  if (state === 'revoked' || token.expiresAt === undefined)
    return state === 'active' && token.isExpiryUnknown !== true ? 'never expires' : shortExpiryText(token, now);
  return `${state === 'expired' ? 'expired' : 'expires'} ${relativeTime(token.expiresAt, now, format)}`;
}

/** "in 12 days", "never", "3 days ago", "revoked", "expiry unknown": a row has little room, and its icon says the rest. */
function shortExpiryText(token: Lifespan, now: Date, format?: TimeFormat): string {
  if (token.revokedAt !== undefined) return 'revoked';
  if (token.isExpiryUnknown === true) return 'expiry unknown';
  return token.expiresAt === undefined ? 'never' : relativeTime(token.expiresAt, now, format);
}

/** Longer names leave no room for the time in a narrow view. */
const longestLabel = 24;
const endLength = 8;

/** A name for a row: a long one is shortened to its beginning and end, since names often differ only at the end. */
export function shortName(name: string): string {
  if (name.length <= longestLabel) return name;
  // Cuts between graphemes: neither inside a surrogate pair nor between a letter and its accents.
  const letters = Array.from(new Intl.Segmenter('en').segment(name.slice(0, 2000)), ({ segment }) => segment);
  if (letters.length <= longestLabel) return name;
  const begin = letters.slice(0, longestLabel - endLength - 1);
  return `${begin.join('').trimEnd()}…${letters.slice(-endLength).join('').trimStart()}`;
}

/** Live, and at most `soonDays` from its expiry. */
export const isExpiringSoon = (token: Token, now: Date, soonDays: number): boolean =>
  token.expiresAt !== undefined &&
  tokenState(token, now) === 'active' &&
  token.expiresAt.getTime() - now.getTime() <= soonDays * dayMs;

/** "Mar 1, 2027, 11:59 PM GMT+1 (2027-03-01 22:59:59 UTC)" */
export const bothTimes = (instant: Date, format?: TimeFormat): string =>
  isKnownInstant(instant) ? `${localTime(instant, format)} (${utcTime(instant)})` : 'unknown';

/** Like `bothTimes`; "never" or "unknown" where there is no known instant. */
export function expiryTimes(token: Pick<Token, 'expiresAt' | 'isExpiryUnknown'>, format?: TimeFormat): string {
  if (token.isExpiryUnknown === true) return 'unknown';
  return token.expiresAt === undefined ? 'never' : bothTimes(token.expiresAt, format);
}

type Icon = Pick<Presentation, 'icon' | 'color'>;

const tokenIcons: Record<'revoked' | 'expired' | 'soon' | 'active' | 'unknown', Icon> = {
  revoked: { icon: 'circle-slash', color: 'disabledForeground' },
  expired: { icon: 'error', color: 'list.errorForeground' },
  soon: { icon: 'warning', color: 'list.warningForeground' },
  active: { icon: 'key', color: undefined },
  unknown: { icon: 'question', color: 'list.warningForeground' },
};

function lookOf(token: Token, now: Date, soonDays: number): keyof typeof tokenIcons {
  if (isExpiringSoon(token, now, soonDays)) return 'soon';
  const state = tokenState(token, now);
  return state === 'active' && token.isExpiryUnknown === true ? 'unknown' : state;
}

/** A token's row. A class, because 10,000 of them are created at once: a getter on each object would cost far more. */
class TokenPresentation implements Presentation {
  readonly label: string;
  readonly description: string;
  readonly expiry: string;
  readonly icon: string;
  readonly color: string | undefined;
  readonly accessibleLabel: string;
  private readonly token: Token;
  private readonly format: TimeFormat | undefined;

  constructor(token: Token, now: Date, soonDays: number, format: TimeFormat | undefined) {
    const { icon, color } = tokenIcons[lookOf(token, now, soonDays)];
    const name = tokenName(token);
    this.label = shortName(name);
    this.description = shortExpiryText(token, now, format);
    this.icon = icon;
    this.color = color;
    const kind = token.kind === 'project' ? 'project token' : 'user token';
    this.expiry = expiryText(token, now, format);
    this.accessibleLabel = `${name}, ${kind}, ${this.expiry}`;
    this.token = token;
    this.format = format;
  }

  /** Computed only for the row under the mouse: the times cost more than everything else of 10,000 rows. */
  get tooltip(): readonly string[] {
    const { token, format } = this;
    const id = token.id === undefined ? 'not sent by the API: cannot be revoked here' : displayText(token.id);
    return [
      tokenName(token),
      `Created: ${bothTimes(token.createdAt, format)}`,
      `Expires: ${expiryTimes(token, format)}`,
      ...(token.revokedAt === undefined ? [] : [`Revoked: ${bothTimes(token.revokedAt, format)}`]),
      ...(token.lastUsedAt === undefined ? [] : [`Last used: ${bothTimes(token.lastUsedAt, format)}`]),
      `ID: ${id}`,
    ];
  }
}

/** @param soonDays a live token is marked this many days before its expiry */
export function presentToken(token: Token, now: Date, soonDays: number, format?: TimeFormat): Presentation {
  return new TokenPresentation(token, now, soonDays, format);
}

/**
 * Creates formats and patterns in advance: they are expensive at their first use, and the first row would wait for
 * them.
 */
export function prepareTexts(): void {
  const now = new Date();
  expiryText({ expiresAt: new Date(now.getTime() + 2 * dayMs), revokedAt: undefined }, now);
  displayText('é');
}

/** The name of a user: email, else full name, else external id, else MagicBell's id. */
export const userName = (user: User): string =>
  // One after the other: most have an email, and there may be very many users.
  displayText(user.email ?? '') ||
  displayText(fullName(user)) ||
  displayText(user.externalId ?? '') ||
  displayText(user.id) ||
  user.id;

const fullName = ({ firstName, lastName }: User): string =>
  [firstName, lastName].filter((part) => part !== undefined && part.trim() !== '').join(' ');

/** A user's row. A class with a getter, as for tokens. */
class UserPresentation implements Presentation {
  readonly label: string;
  readonly description: string;
  readonly icon: string;
  readonly color = undefined;
  readonly accessibleLabel: string;
  private readonly user: User;

  constructor(user: User, count: string, isPinned: boolean) {
    const facts = [...(isPinned ? ['pinned'] : []), ...(count === '' ? [] : [count])];
    this.label = userName(user);
    this.description = facts.join(' · ');
    this.icon = isPinned ? 'pinned' : 'account';
    this.accessibleLabel = [this.label, 'user', ...facts].join(', ');
    this.user = user;
  }

  /** Computed only for the row under the mouse. */
  get tooltip(): readonly string[] {
    const { user, label } = this;
    const name = displayText(fullName(user));
    return [
      label,
      ...(name === '' || name === label ? [] : [`Name: ${name}`]),
      ...(user.externalId === undefined ? [] : [`External ID: ${displayText(user.externalId)}`]),
      `ID: ${displayText(user.id)}`,
    ];
  }
}

/** @param tokenCount undefined: not loaded */
export function presentUser(
  user: User,
  tokenCount: { readonly loaded: number; readonly isPartial: boolean } | undefined,
  isPinned = false,
): Presentation {
  const count =
    tokenCount === undefined
      ? ''
      : tokenCount.isPartial
        ? `${tokenCount.loaded} tokens loaded`
        : tokenCount.loaded === 1
          ? '1 token'
          : `${tokenCount.loaded === 0 ? 'no' : tokenCount.loaded} tokens`;
  return new UserPresentation(user, count, isPinned);
}

/** Newest first, expired and revoked tokens last. Ties are broken by id, so that the order is stable. */
export function compareTokens(now: Date): (a: Token, b: Token) => number {
  const rank = { active: 0, expired: 1, revoked: 2 };
  return (a, b) =>
    rank[tokenState(a, now)] - rank[tokenState(b, now)] ||
    b.createdAt.getTime() - a.createdAt.getTime() ||
    (a.id ?? '').localeCompare(b.id ?? '');
}
