import { type AllPages, fetchAllPages } from '../magicbell/pages.ts';
import { asMagicBellError } from '../magicbell/errors.ts';
import type { Clock } from '../base/clock.ts';
import type { MagicBellApi } from '../magicbell/magicBellApi.ts';
import type { RevocableToken, Token } from '../model/token.ts';
import type { UserId } from '../model/user.ts';
import type { TokenStore } from '../tokens/tokenStore.ts';

/**
 * The outcome for one token.
 *
 * - `revoked`: MagicBell confirmed it · `gone`: this project has listed it, and no longer has it
 * - `notKnown`: the project does not know the token and never listed it, so nothing was revoked
 * - `failed`: it was not revoked
 * - `unknown`: it may have been revoked, and no list tells
 * - `notTried`: stopped before its request was sent
 */
export type RevocationOutcome =
  | { readonly token: RevocableToken; readonly what: 'revoked' | 'gone' | 'notTried'; readonly error?: undefined }
  | { readonly token: RevocableToken; readonly what: 'notKnown' | 'failed' | 'unknown'; readonly error: unknown };

export interface Revocation {
  readonly api: MagicBellApi;
  /** The lists of the tokens' connection: what they have shown decides whether a missing token counts as gone. */
  readonly store: TokenStore;
  readonly tokens: readonly RevocableToken[];
  readonly clock: Clock;
  /** The user of a user token that no list holds. */
  readonly userOf?: ((token: RevocableToken) => UserId | undefined) | undefined;
  /** After it aborts, no more requests are sent; running ones are awaited. */
  readonly signal: AbortSignal;
  readonly onProgress: (outcome: RevocationOutcome) => void;
}

/** How many requests run at the same time; the request budget applies besides. */
const maxAtOnce = 4;
const pageLimit = 100;

/** Revokes tokens of one connection. Resolves to the outcome of each, in the given order; never rejects. */
export async function revokeTokens(revocation: Revocation): Promise<readonly RevocationOutcome[]> {
  const { tokens, signal, onProgress } = revocation;
  const outcomes: RevocationOutcome[] = tokens.map((token) => ({ token, what: 'notTried' }));
  // All turns take from the same iterator.
  const queue = tokens.entries();
  const revokeInTurn = async (): Promise<void> => {
    for (const [at, token] of queue) {
      if (signal.aborted) return;
      const outcome = await revokeOne(revocation, token);
      outcomes[at] = outcome;
      onProgress(outcome);
    }
  };
  await Promise.all(Array.from({ length: maxAtOnce }, revokeInTurn));
  return outcomes;
}

/** Whether a token is certainly no longer valid. */
export const isGone = ({ what }: RevocationOutcome): boolean => what === 'revoked' || what === 'gone';

async function revokeOne(revocation: Revocation, token: RevocableToken): Promise<RevocationOutcome> {
  const { api, store } = revocation;
  try {
    const { revokedAt } = await (token.kind === 'project'
      ? api.jwt.discardProjectJwt(token.id)
      : api.jwt.discardUserJwt(token.id));
    store.markRevoked(token, revokedAt);
    return { token, what: 'revoked' };
  } catch (error) {
    if (isRefusedAsUnknown(error)) {
      if (!store.hasListed(token)) return { token, what: 'notKnown', error };
      store.markRevoked(token, serverNow(revocation));
      return { token, what: 'gone' };
    }
    return leavesOpen(error) ? lookUp(revocation, token, error) : { token, what: 'failed', error };
  }
}

const serverNow = ({ api, clock }: Revocation): Date => new Date(clock.now().getTime() + (api.clockOffsetMs ?? 0));

/** "There is no such token" in MagicBell's own words: 404 or 410, or a 400 that names an id. */
function isRefusedAsUnknown(error: unknown): boolean {
  const { reason, details } = asMagicBellError(error) ?? {};
  if (reason === 'notFound') return true;
  return reason === 'invalidInput' && details?.status === 400 && details.serverMessages?.some(namesId) === true;
}

const namesId = (message: string): boolean => /\buuid\b|\binvalid\b.*\bids?\b/i.test(message);

/**
 * Whether the token may be gone: no answer came, or one that does not tell, to this attempt or an earlier one. A 410 may
 * be another server's page, and a 400 may be about anything.
 */
function leavesOpen(error: unknown): boolean {
  const known = asMagicBellError(error);
  if (known === undefined || known.details.notSent === true) return false;
  const { status, wasPerhapsDone } = known.details;
  if (status === 400 || status === 410 || wasPerhapsDone === true) return true;
  return ['timeout', 'connectionLost', 'serverError', 'unexpectedResponse'].includes(known.reason);
}

/** Looks up in the list what happened to a token whose revocation was not answered. */
async function lookUp(revocation: Revocation, token: RevocableToken, error: unknown): Promise<RevocationOutcome> {
  const { api, store, userOf } = revocation;
  const user = token.kind === 'user' ? (store.find(token)?.user ?? userOf?.(token)) : undefined;
  if (token.kind === 'user' && user === undefined) return { token, what: 'unknown', error };
  let listed: AllPages<Token>;
  try {
    listed = await fetchAllPages((next) =>
      user === undefined
        ? api.jwt.fetchProjectTokens({ limit: pageLimit, next })
        : api.jwt.fetchUserTokens(user, { limit: pageLimit, next }),
    );
  } catch {
    // The first error says more than a failed look-up.
    return { token, what: 'unknown', error };
  }
  const found = listed.items.find(({ id }) => id === token.id);
  if (found !== undefined && found.revokedAt === undefined) return { token, what: 'failed', error };
  const isWhole = listed.cutShort === undefined && listed.unreadableItems === 0;
  if (found === undefined && !(isWhole && store.hasListed(token))) return { token, what: 'unknown', error };
  store.markRevoked(token, found?.revokedAt ?? serverNow(revocation));
  return { token, what: found === undefined ? 'gone' : 'revoked' };
}
