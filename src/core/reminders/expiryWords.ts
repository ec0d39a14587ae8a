import { expiryText, shortId, tokenName, userName } from '../tokens/tokenPresentation.ts';
import type { ExpiryWarning } from './expiryWatch.ts';

/** "“CI deploy”", or "The token signed for hana@example.com", which has no name. */
export const warningSubject = ({ token, owner, isSigned }: ExpiryWarning): string =>
  isSigned === true && owner !== undefined ? `The token signed for ${userName(owner)}` : `“${tokenName(token)}”`;

/** The time of a connection, by its id. */
type NowOf = (connectionId: string) => Date;

/**
 * "“CI deploy” expires in 2 days.", or "MagicBell tokens: 2 expire soon, 1 has expired.", which adds up to all that are
 * counted.
 */
export function noticeText(warnings: readonly ExpiryWarning[], nowOf: NowOf): string {
  const [only, second] = warnings;
  if (only !== undefined && second === undefined)
    return `${warningSubject(only)} ${expiryText(only.token, nowOf(only.connectionId))}.`;
  const expired = warnings.filter((warning) => isExpired(warning, nowOf)).length;
  const soon = warnings.length - expired;
  const parts = [
    ...(soon > 0 ? [`${soon} ${soon === 1 ? 'expires' : 'expire'} soon`] : []),
    ...(expired > 0 ? [`${expired} ${expired === 1 ? 'has' : 'have'} expired`] : []),
  ];
  return `MagicBell tokens: ${parts.join(', ')}.`;
}

/** "in 2 days · user token of hana@example.com · Acme · …b3f2c1": tells tokens of the same name apart. */
export function warningDetails(
  { token, owner, isSigned }: ExpiryWarning,
  project: string | undefined,
  now: Date,
): string {
  const whose = owner === undefined ? '' : ` of ${userName(owner)}`;
  return [
    expiryText(token, now),
    `${token.kind} token${whose}`,
    ...(project === undefined ? [] : [project]),
    ...(isSigned === true ? [] : [shortId(token.id)]),
  ].join(' · ');
}

export const isExpired = ({ token: { expiresAt }, connectionId }: ExpiryWarning, nowOf: NowOf): boolean =>
  expiresAt !== undefined && expiresAt <= nowOf(connectionId);
