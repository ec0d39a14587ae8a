import { isSameName } from '../base/searchText.ts';
import type { MagicBellApi } from '../magicbell/magicBellApi.ts';
import { fetchAllPages } from '../magicbell/pages.ts';
import type { ListPage, PageRequest } from '../magicbell/paging.ts';
import { type RevocableToken, type Token, type TokenId, isKnownInstant } from '../model/token.ts';
import type { User } from '../model/user.ts';
import type { Issuance } from './issuance.ts';
import type { Recipient } from '../model/recipient.ts';

/** The remaining difference of the two clocks after correction, plus the resolution of the server's times. */
const clockToleranceMs = 10_000;
/** A request may still be carried out this long after the wait for its answer ended. */
const lateMs = 5 * 60_000;
const pageLimit = 100;

/**
 * The tokens that a creation of unknown outcome may have created: of its name, created in its time by the server's
 * clock or at a time that cannot be read, and not accounted for otherwise. There can be several, a colleague's among
 * them: the user decides.
 *
 * @param clockOffsetMs server clock minus ours
 */
export function orphanCandidates(
  issuance: Issuance,
  tokens: readonly Token[],
  clockOffsetMs: number,
  otherIds: ReadonlySet<TokenId>,
): readonly RevocableToken[] {
  const intendedAt = issuance.intendedAt.getTime() + clockOffsetMs;
  const earliest = intendedAt - clockToleranceMs;
  const gaveUpAt = issuance.outcomeUnknownSince?.getTime();
  const latest = (gaveUpAt === undefined ? intendedAt : gaveUpAt + clockOffsetMs) + lateMs;
  return tokens.filter((token): token is RevocableToken => {
    const createdAt = token.createdAt.getTime();
    const isOfItsTime = !isKnownInstant(token.createdAt) || (createdAt >= earliest && createdAt <= latest);
    return (
      token.id !== undefined &&
      token.revokedAt === undefined &&
      isSameName(token.name ?? '', issuance.request.name ?? '') &&
      isOfItsTime &&
      !issuance.knownIds.includes(token.id) &&
      !otherIds.has(token.id)
    );
  });
}

/**
 * Searches for what a creation of unknown outcome may have created. An empty result means "not found so far".
 *
 * @throws MagicBellError
 */
export async function searchOrphan(
  api: MagicBellApi,
  issuance: Issuance,
  otherIds: ReadonlySet<TokenId>,
  signal?: AbortSignal,
): Promise<readonly RevocableToken[]> {
  const options = { signal, priority: 'background' } as const;
  const lists: ((page: PageRequest) => Promise<ListPage<Token>>)[] = [];
  if (issuance.request.kind === 'project') {
    lists.push((page) => api.jwt.fetchProjectTokens(page, options));
  } else {
    const { recipient = {} } = issuance.request;
    const { userId } = recipient;
    const users =
      userId === undefined ? (await findRecipients(api, recipient, signal)).map((user) => user.id) : [userId];
    for (const user of users) lists.push((page) => api.jwt.fetchUserTokens(user, page, options));
  }
  const found: RevocableToken[] = [];
  for (const list of lists) {
    const tokens = await allItems(list, signal);
    found.push(...orphanCandidates(issuance, tokens, api.clockOffsetMs ?? 0, otherIds));
  }
  return found;
}

/** The users whose email or external id equals the typed one. @throws MagicBellError */
export async function findRecipients(
  api: MagicBellApi,
  recipient: Recipient,
  signal?: AbortSignal,
): Promise<readonly User[]> {
  const query = recipient.email ?? recipient.externalId;
  if (query === undefined) return [];
  const users = await allItems((page) => api.users.listUsers(query, page, { signal }), signal);
  return users.filter((user) => isRecipient(user, recipient));
}

/** Emails are compared without case, external ids exactly. */
export function isRecipient(user: User, recipient: Recipient): boolean {
  if (recipient.userId !== undefined) return user.id === recipient.userId;
  if (recipient.email !== undefined && user.email?.toLowerCase() === recipient.email.toLowerCase()) return true;
  return recipient.externalId !== undefined && user.externalId === recipient.externalId;
}

async function allItems<T extends { readonly id: string | undefined }>(
  fetchPage: (page: PageRequest) => Promise<ListPage<T>>,
  signal: AbortSignal | undefined,
): Promise<readonly T[]> {
  const { items } = await fetchAllPages((next) => fetchPage({ limit: pageLimit, next }), signal);
  return items;
}
