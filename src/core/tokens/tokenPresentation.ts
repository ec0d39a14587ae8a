import { displayText } from '../base/displayText.ts';
import { type TimeFormat, localTime, relativeTime, utcTime } from '../base/timeText.ts';
import { type Token, tokenState } from '../model/token.ts';
import type { User } from '../model/user.ts';

const dayMs = 24 * 60 * 60_000;

/** How a row looks and reads, in words that need neither colour nor icon. */
export interface Presentation {
  readonly label: string;
  readonly description: string;
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
  // A name may be made of nothing that can be seen.
  displayText(token.name ?? '') || `Unnamed token ${shortId(token.id)}`.trimEnd();

/** The end of an id, enough to tell tokens of one name apart. */
export const shortId = (id: string | undefined): string => (id === undefined ? '' : `…${displayText(id.slice(-6))}`);

/** "expires in 12 days", "never expires", "expired 3 days ago", "revoked". */
export function expiryText(token: Pick<Token, 'expiresAt' | 'revokedAt'>, now: Date, format?: TimeFormat): string {
  switch (tokenState(token, now)) {
    case 'revoked':
      return 'revoked';
    case 'expired':
      return token.expiresAt === undefined ? 'expired' : `expired ${relativeTime(token.expiresAt, now, format)}`;
    case 'active':
      return token.expiresAt === undefined ? 'never expires' : `expires ${relativeTime(token.expiresAt, now, format)}`;
  }
}

/** Live, and at most `soonDays` from its expiry. */
export const isExpiringSoon = (token: Token, now: Date, soonDays: number): boolean =>
  token.expiresAt !== undefined &&
  tokenState(token, now) === 'active' &&
  token.expiresAt.getTime() - now.getTime() <= soonDays * dayMs;

const both = (instant: Date, format?: TimeFormat): string => `${localTime(instant, format)} (${utcTime(instant)})`;

type Icon = Pick<Presentation, 'icon' | 'color'>;

const tokenIcons: Record<'revoked' | 'expired' | 'soon' | 'active', Icon> = {
  revoked: { icon: 'circle-slash', color: 'disabledForeground' },
  expired: { icon: 'error', color: 'list.errorForeground' },
  soon: { icon: 'warning', color: 'list.warningForeground' },
  active: { icon: 'key', color: undefined },
};

/** A token's row. A class, since 10,000 of them are made at once: an object with a getter of its own costs far more. */
class TokenPresentation implements Presentation {
  readonly label: string;
  readonly description: string;
  readonly icon: string;
  readonly color: string | undefined;
  readonly accessibleLabel: string;
  private readonly token: Token;
  private readonly format: TimeFormat | undefined;

  constructor(token: Token, now: Date, soonDays: number, format: TimeFormat | undefined) {
    const { icon, color } = tokenIcons[isExpiringSoon(token, now, soonDays) ? 'soon' : tokenState(token, now)];
    this.label = tokenName(token);
    this.description = expiryText(token, now, format);
    this.icon = icon;
    this.color = color;
    const kind = token.kind === 'project' ? 'project token' : 'user token';
    this.accessibleLabel = `${this.label}, ${kind}, ${this.description}`;
    this.token = token;
    this.format = format;
  }

  /** Made for the row under the mouse: its times cost more than all else of 10,000 rows. */
  get tooltip(): readonly string[] {
    const { token, format } = this;
    const id = token.id === undefined ? 'not sent by the API: cannot be revoked here' : displayText(token.id);
    return [
      this.label,
      `Created: ${both(token.createdAt, format)}`,
      `Expires: ${token.expiresAt === undefined ? 'never' : both(token.expiresAt, format)}`,
      ...(token.revokedAt === undefined ? [] : [`Revoked: ${both(token.revokedAt, format)}`]),
      ...(token.lastUsedAt === undefined ? [] : [`Last used: ${both(token.lastUsedAt, format)}`]),
      `ID: ${id}`,
    ];
  }
}

/** @param soonDays a live token that is this near to its expiry is marked */
export function presentToken(token: Token, now: Date, soonDays: number, format?: TimeFormat): Presentation {
  return new TokenPresentation(token, now, soonDays, format);
}

/** Makes what the first row would wait for: formats and patterns are costly the first time only. */
export function prepareTexts(): void {
  const now = new Date();
  expiryText({ expiresAt: new Date(now.getTime() + 2 * dayMs), revokedAt: undefined }, now);
  displayText('é');
}

/** The best name a user has: email, else the person's name, else the external id, else MagicBell's id. */
export function userName(user: User): string {
  const fullName = [user.firstName, user.lastName].filter((part) => part !== undefined && part.trim() !== '').join(' ');
  const candidates = [user.email, fullName, user.externalId, user.id];
  return candidates.map((name) => displayText(name ?? '')).find((name) => name !== '') ?? user.id;
}

/** @param tokenCount undefined: not loaded */
export function presentUser(
  user: User,
  tokenCount: { readonly loaded: number; readonly isPartial: boolean } | undefined,
  isPinned = false,
): Presentation {
  const label = userName(user);
  const fullName = [user.firstName, user.lastName].filter((part) => part !== undefined && part.trim() !== '').join(' ');
  const count =
    tokenCount === undefined
      ? ''
      : tokenCount.isPartial
        ? `${tokenCount.loaded} tokens loaded`
        : tokenCount.loaded === 1
          ? '1 token'
          : `${tokenCount.loaded === 0 ? 'no' : tokenCount.loaded} tokens`;
  return {
    label,
    description: [...(isPinned ? ['pinned'] : []), ...(count === '' ? [] : [count])].join(' · '),
    icon: isPinned ? 'pinned' : 'account',
    color: undefined,
    accessibleLabel: [label, 'user', isPinned ? 'pinned' : '', count].filter((part) => part !== '').join(', '),
    tooltip: [
      label,
      ...(fullName === '' || displayText(fullName) === label ? [] : [`Name: ${displayText(fullName)}`]),
      ...(user.externalId === undefined ? [] : [`External ID: ${displayText(user.externalId)}`]),
      `ID: ${displayText(user.id)}`,
    ],
  };
}

/** Newest first; what is over goes below what is live. Ties by id, so that the order is always the same. */
export function compareTokens(now: Date): (a: Token, b: Token) => number {
  const rank = { active: 0, expired: 1, revoked: 2 };
  return (a, b) =>
    rank[tokenState(a, now)] - rank[tokenState(b, now)] ||
    b.createdAt.getTime() - a.createdAt.getTime() ||
    (a.id ?? '').localeCompare(b.id ?? '');
}
