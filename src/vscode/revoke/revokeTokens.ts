import * as vscode from 'vscode';
import { groupBy } from '../../core/base/groupBy.ts';
import { revocableByConnection } from '../../core/browse/revocableRows.ts';
import type { Row } from '../../core/browse/rows.ts';
import type { Connection } from '../../core/connections/connection.ts';
import { ownKeyMatch, ownKeyText } from '../../core/connections/ownKey.ts';
import { describeError } from '../../core/describeError.ts';
import { tokenOfIssuance } from '../../core/issuance/issuance.ts';
import type { PendingIssuance } from '../../core/issuance/pendingIssuance.ts';
import { issuanceName } from '../../core/issuance/pendingPresentation.ts';
import { asMagicBellError } from '../../core/magicbell/errors.ts';
import { type RevocableToken, isRevocable } from '../../core/model/token.ts';
import type { User } from '../../core/model/user.ts';
import { type RevocationOutcome, isGone, revokeTokens as revokeAll } from '../../core/revoking/revokeTokens.ts';
import { expiryText, shortId, tokenName, userName } from '../../core/tokens/tokenPresentation.ts';
import type { TokenStore } from '../../core/tokens/tokenStore.ts';
import { revocableChoices } from '../browse/revocableChoices.ts';
import { saidIn, titleIn } from '../../core/connections/projectName.ts';
import { withLongProgress } from '../ui/progress.ts';
import { showMultiPick } from '../ui/quickInput.ts';
import type { Services } from '../services.ts';
import { type RevocationWords, confirmRevoking, maxNamed } from './confirmRevoking.ts';

/** "Revoke…" of rows: one question for each project. */
export async function revokeRows(services: Services, rows: readonly Row[]): Promise<void> {
  const byConnection = revocableByConnection(rows);
  if (byConnection.size === 0) void vscode.window.showInformationMessage('Select tokens that are not revoked yet.');
  for (const [connection, tokens] of byConnection) await confirmAndRevoke(services, connection, tokens);
}

/** "Revoke…" from the palette: of tokens picked from a list. */
export async function revokePicked(
  services: Services,
  connection: Connection,
  selected: readonly Row[],
): Promise<void> {
  const choices = await revocableChoices(services, connection);
  if (choices === undefined) return;
  const tokens = choices.filter((token) => isRevocable(token, connection.now()));
  if (tokens.length === 0) {
    void vscode.window.showInformationMessage('No loaded token can be revoked. Open a user to load theirs.');
    return;
  }
  const selectedIds = new Set(selected.flatMap((row) => (row.type === 'token' ? [row.token.id] : [])));
  const picked = await pickToRevoke(connection, tokens, {
    title: titleIn(services, connection, 'Revoke Tokens'),
    placeholder: 'Which tokens? (among the loaded ones)',
    isPicked: ({ id }) => selectedIds.has(id),
  });
  if (picked !== undefined && picked.length > 0) await confirmAndRevoke(services, connection, picked);
}

/**
 * Asks, and revokes a token that a creation of unknown outcome may have created. True only when this revocation ended
 * it: a token that does not exist was not the one, or not the only one.
 */
export async function revokeCandidate(
  services: Services,
  connection: Connection,
  token: RevocableToken,
): Promise<boolean> {
  if (!(await confirmRevoking(services, connection, [token]))) return false;
  const [outcome] = await revoke(services, connection, [token]);
  return outcome?.what === 'revoked';
}

/** Asks, and revokes. True when all are gone. */
export async function confirmAndRevoke(
  services: Services,
  connection: Connection,
  tokens: readonly RevocableToken[],
  words?: RevocationWords,
): Promise<boolean> {
  if (!(await confirmRevoking(services, connection, tokens, words))) return false;
  return (await revoke(services, connection, tokens)).every(isGone);
}

/** Revokes the token of a pending issuance. True when it is gone. */
export async function revokeIssued(
  services: Services,
  connection: Connection,
  { issuance }: PendingIssuance,
): Promise<boolean> {
  if (issuance.tokenId === undefined) return false;
  const token = tokenOfIssuance(issuance, issuance.intendedAt);
  const name = token.name ?? issuanceName(issuance);
  return confirmAndRevoke(services, connection, [{ ...token, id: issuance.tokenId, name }]);
}

/** Shows tokens to tick and untick. Undefined when the user cancels. */
export function pickToRevoke(
  connection: Connection,
  tokens: readonly RevocableToken[],
  options: {
    readonly title: string;
    readonly placeholder: string;
    readonly isPicked: (token: RevocableToken) => boolean;
  },
): Promise<readonly RevocableToken[] | undefined> {
  const { store, key } = connection;
  const now = connection.now();
  const items = tokens.map((token) => {
    const owner = ownerOf(store, token);
    const kind = owner === undefined ? `${token.kind} token` : `user token of ${userName(owner)}`;
    const own = ownKeyMatch(key, token);
    const facts = [...(own === undefined ? [] : [ownKeyText(own)]), kind, expiryText(token, now), shortId(token.id)];
    return {
      label: tokenName(token),
      description: facts.join(' · '),
      isTicked: options.isPicked(token),
      token,
    };
  });
  return showMultiPick({ title: options.title, placeholder: options.placeholder, items }).then((picked) =>
    picked?.map(({ token }) => token),
  );
}

/** The user of a token, where it is known. */
function ownerOf(store: TokenStore, token: RevocableToken): User | undefined {
  const user = token.kind === 'user' ? store.find(token)?.user : undefined;
  return user === undefined ? undefined : store.user(user);
}

/** Revokes and shows the result. */
async function revoke(
  services: Services,
  connection: Connection,
  tokens: readonly RevocableToken[],
): Promise<readonly RevocationOutcome[]> {
  const outcomes = await revokeConfirmed(services, connection, tokens);
  await notifyOutcomes(services, connection, outcomes);
  return outcomes;
}

/** Revokes confirmed tokens without reporting the result: see `notifyOutcomes`. */
export async function revokeConfirmed(
  services: Services,
  connection: Connection,
  tokens: readonly RevocableToken[],
): Promise<readonly RevocationOutcome[]> {
  const { issuances, clock } = services;
  const { store } = connection;
  const api = await connection.api();
  const progress = {
    title: saidIn(
      services,
      connection,
      tokens.length === 1 ? 'Revoking the token' : `Revoking ${tokens.length} tokens`,
    ),
    cancellable: tokens.length > 1,
  };
  const settled: Promise<void>[] = [];
  const outcomes = await withLongProgress(services, progress, (signal, report) => {
    let done = 0;
    return revokeAll({
      api,
      store,
      tokens,
      clock,
      signal,
      onProgress: (outcome) => {
        note(services, connection, outcome);
        if (isGone(outcome)) {
          services.clipboardToken.forgetToken(outcome.token.id);
          settled.push(issuances.resolveRevoked(outcome.token.id, connection.id));
        }
        done += 1;
        report(tokens.length === 1 ? '' : `${done} of ${tokens.length}`, 100 / tokens.length);
      },
    });
  });
  await Promise.all([...settled, endRotations(services, connection, outcomes.filter(isGone))]);
  return outcomes;
}

/** Nobody is reminded of an old token that is gone. */
async function endRotations(
  { reminders, logger }: Services,
  { id }: Connection,
  gone: readonly RevocationOutcome[],
): Promise<void> {
  if (gone.length === 0) return;
  try {
    const { rotations } = await reminders();
    await rotations.endRevoked(
      id,
      gone.map(({ token }) => token.id),
    );
  } catch (error) {
    // The tokens are gone all the same, and that is what has to be said.
    logger.warn(`rotations: ${(error as Error).message}`);
  }
}

/** Reports the outcomes. With failures, resolves when the user has answered. */
export async function notifyOutcomes(
  services: Services,
  connection: Connection,
  outcomes: readonly RevocationOutcome[],
): Promise<void> {
  notifyDone(services, connection, outcomes);
  const failed = outcomes.filter(({ what }) => what === 'failed' || what === 'notKnown' || what === 'unknown');
  if (failed.length > 0) await notifyFailures(services, connection, outcomes, failed);
}

/** Records an outcome, unless it is not known what happened. */
function note({ activity, logger }: Services, { id, store }: Connection, outcome: RevocationOutcome): void {
  const { token } = outcome;
  if (outcome.what === 'notTried') return;
  const owner = ownerOf(store, token);
  const recipient = owner?.email ?? owner?.externalId ?? owner?.id;
  const subject = { tokenKind: token.kind, name: token.name, tokenId: token.id, recipient };
  if (outcome.what === 'revoked' || outcome.what === 'gone') {
    activity.note(id, { what: 'revoked', ...subject });
    return;
  }
  const reason = asMagicBellError(outcome.error)?.reason ?? 'unknown error';
  logger.warn(`revoke: ${reason}`);
  if (outcome.what === 'failed') activity.note(id, { what: 'failed', ...subject, result: `revoke: ${reason}` });
}

function notifyDone(services: Services, connection: Connection, outcomes: readonly RevocationOutcome[]): void {
  const gone = outcomes.filter(isGone);
  const [first] = gone;
  const isStopped = outcomes.some(({ what }) => what === 'notTried');
  const say = (message: string): void =>
    void vscode.window.showInformationMessage(saidIn(services, connection, message));
  if (isStopped) say(`Stopped: ${gone.length} of ${outcomes.length} tokens were revoked.`);
  else if (gone.length < outcomes.length || first === undefined) return;
  else if (gone.length > 1) say(`${gone.length} tokens were revoked.`);
  else if (first.what === 'gone') say(`“${tokenName(first.token)}” was gone already.`);
  else say(`“${tokenName(first.token)}” was revoked.`);
}

/** Reports each reason with its tokens. */
async function notifyFailures(
  services: Services,
  connection: Connection,
  outcomes: readonly RevocationOutcome[],
  failed: readonly RevocationOutcome[],
): Promise<void> {
  const byReason = groupBy(
    failed,
    (outcome) => reasonOf(outcome, connection),
    ({ token }) => token,
  );
  const tried = outcomes.filter(({ what }) => what !== 'notTried').length;
  const [first] = failed;
  const [onlyReason] = byReason.keys();
  const isUnknown = failed.some(({ what }) => what === 'unknown');
  const notRevoked = isUnknown ? 'may not be revoked' : `${failed.length === 1 ? 'was' : 'were'} not revoked`;
  const counted = `${failed.length} of ${tried} tokens ${notRevoked}`;
  const message =
    tried === 1 && first !== undefined
      ? `“${tokenName(first.token)}” ${isUnknown ? 'may be revoked, or not' : 'was not revoked'}. ${onlyReason}`
      : byReason.size === 1
        ? `${counted}: ${namesOf(failed.map(({ token }) => token))}. ${onlyReason}`
        : `${counted}. ${[...byReason].map(([reason, tokens]) => `${namesOf(tokens)}: ${reason}`).join(' ')}`;
  const again = failed.filter(({ what }) => what !== 'notKnown').map(({ token }) => token);
  const choice = await vscode.window.showErrorMessage(
    saidIn(services, connection, message),
    ...(again.length > 0 ? ['Try Again'] : []),
  );
  if (choice !== undefined) await revoke(services, connection, again);
}

/** “A”, “B” and 3 more */
function namesOf(tokens: readonly RevocableToken[]): string {
  const names = tokens.slice(0, maxNamed).map((token) => `“${tokenName(token)}”`);
  return `${names.join(', ')}${tokens.length > names.length ? ` and ${tokens.length - names.length} more` : ''}`;
}

/** Why a token was not revoked. */
export function reasonOf(outcome: RevocationOutcome, { host }: Connection): string {
  if (outcome.what === 'notKnown') return 'This project does not know that token; nothing was revoked.';
  if (outcome.error === undefined) return '';
  const operation = outcome.token.kind === 'project' ? 'discardProjectJwt' : 'discardUserJwt';
  return describeError(outcome.error, { operation, host }).message;
}
