import * as vscode from 'vscode';
import { isKeyOwnToken } from '../../core/connections/apiKey.ts';
import { describeError } from '../../core/describeError.ts';
import type { PendingIssuance } from '../../core/issuance/issuanceService.ts';
import { issuanceName } from '../../core/issuance/pendingPresentation.ts';
import { asMagicBellError } from '../../core/magicbell/errors.ts';
import { type RevocableToken, isRevocable } from '../../core/model/token.ts';
import type { User } from '../../core/model/user.ts';
import { expiryText, shortId, tokenName, userName } from '../../core/tokens/tokenPresentation.ts';
import type { TokenStore } from '../../core/tokens/tokenStore.ts';
import { revocableChoices } from '../browse/revocableChoices.ts';
import { hostOf } from '../connect/hostOf.ts';
import { withLongProgress } from '../ui/progress.ts';
import { showInputStep } from '../ui/quickInput.ts';
import type { Services } from '../services.ts';
import type { Node } from '../tree/nodes.ts';
import { ensureSignedIn } from '../connect/setApiKey.ts';

/** More names than this make a dialogue that nobody reads. */
const maxNamed = 10;

/** How many revocations are under way at the same time; the request budget holds besides. */
const maxAtOnce = 4;

/**
 * "Revoke…": the clicked row, or the selection when the clicked row is part of it; by key the same for the row in
 * focus; from the palette what is picked from a list.
 */
export async function revokeTokens(services: Services, node: unknown, nodes: unknown): Promise<void> {
  if (!(await ensureSignedIn(services))) return;
  const tokens = rowsToRevoke(services, node, nodes) ?? (await pickTokens(services));
  if (tokens !== undefined && tokens.length > 0) await confirmAndRevoke(services, tokens);
}

/** Asks and revokes. True when all are gone. */
export async function confirmAndRevoke(services: Services, tokens: readonly RevocableToken[]): Promise<boolean> {
  return (await confirm(services, tokens)) && revoke(services, tokens);
}

/** Revokes what a pending issuance created. True when it is gone. */
export async function revokeIssued(services: Services, pending: PendingIssuance): Promise<boolean> {
  const { issuance } = pending;
  if (issuance.tokenId === undefined) return false;
  const token: RevocableToken = {
    kind: issuance.request.kind,
    id: issuance.tokenId,
    name: issuance.request.name ?? issuanceName(issuance),
    createdAt: issuance.createdAt ?? issuance.intendedAt,
    expiresAt: issuance.expiresAt,
    revokedAt: undefined,
    lastUsedAt: undefined,
  };
  return (await confirm(services, [token])) && revoke(services, [token], issuance.connectionId);
}

/** Asks and revokes one token that need not be listed. True when it is gone. */
export async function revokeKnown(services: Services, token: RevocableToken): Promise<boolean> {
  return (await confirm(services, [token])) && revoke(services, [token]);
}

/** Undefined: nothing was pointed at. */
function rowsToRevoke(
  { views, clock }: Services,
  node: unknown,
  nodes: unknown,
): readonly RevocableToken[] | undefined {
  // package.json's key bindings pass the row in focus alone in an array; a view's title menu passes it or null.
  const isByKey = Array.isArray(node);
  const pointedAt = (isByKey ? (node as unknown[])[0] : node) as Node | null | undefined;
  const clicked = pointedAt ?? (isByKey ? views.selection[0] : undefined);
  if (clicked === undefined) return undefined;
  const selected = isByKey ? views.selection : ((nodes as readonly Node[] | undefined) ?? []);
  const rows = selected.includes(clicked) ? selected : [clicked];
  const now = clock.now();
  const tokens = rows.flatMap((row) => (row.type === 'token' && isRevocable(row.token, now) ? [row.token] : []));
  if (tokens.length === 0) void vscode.window.showInformationMessage('Select tokens that are not revoked yet.');
  return tokens;
}

async function pickTokens(services: Services): Promise<readonly RevocableToken[] | undefined> {
  const now = services.clock.now();
  const selected = new Set(services.views.selection);
  const tokens = (await revocableChoices(services)).filter((token) => isRevocable(token, now));
  if (tokens.length === 0) {
    void vscode.window.showInformationMessage(
      'There is no token to revoke among the loaded ones. A user’s tokens are loaded when the user is opened.',
    );
    return undefined;
  }
  return pickToRevoke(services, tokens, {
    title: 'Revoke Tokens',
    placeHolder: 'Which tokens? (among the loaded ones)',
    isPicked: (token) => [...selected].some((row) => row.type === 'token' && row.token === token),
  });
}

/** Shows all of them, to check and uncheck. Undefined: somebody left. */
export async function pickToRevoke(
  { store, clock }: Services,
  tokens: readonly RevocableToken[],
  options: {
    readonly title: string;
    readonly placeHolder: string;
    readonly isPicked: (token: RevocableToken) => boolean;
  },
): Promise<readonly RevocableToken[] | undefined> {
  const now = clock.now();
  const items = tokens.map((token) => {
    const owner = ownerOf(store, token);
    const kind = owner === undefined ? `${token.kind} token` : `user token of ${userName(owner)}`;
    return {
      label: tokenName(token),
      description: `${kind} · ${expiryText(token, now)} · ${shortId(token.id)}`,
      picked: options.isPicked(token),
      token,
    };
  });
  const { title, placeHolder } = options;
  const picked = await vscode.window.showQuickPick(items, {
    title,
    placeHolder,
    canPickMany: true,
    matchOnDescription: true,
  });
  return picked?.map((item) => item.token);
}

/** Whose token it is, where that is known here. */
function ownerOf(store: TokenStore, token: RevocableToken): User | undefined {
  const user = token.kind === 'user' ? store.find(token)?.user : undefined;
  return user === undefined ? undefined : store.user(user);
}

async function confirm({ session, clock }: Services, tokens: readonly RevocableToken[]): Promise<boolean> {
  const now = clock.now();
  const lines = tokens
    .slice(0, maxNamed)
    .map((token) => `${tokenName(token)}: ${token.kind} token, ${expiryText(token, now)}, ID ${shortId(token.id)}`);
  const more = tokens.length - lines.length;
  const [first] = tokens;
  const title =
    tokens.length === 1 && first !== undefined ? `Revoke “${tokenName(first)}”?` : `Revoke ${tokens.length} tokens?`;
  const consequences = 'This takes effect at once, ends active sessions, and cannot be undone.';
  const detail = [...lines, ...(more > 0 ? [`and ${more} more`] : []), '', consequences].join('\n');
  const button = tokens.length === 1 ? 'Revoke' : `Revoke ${tokens.length} Tokens`;
  if ((await vscode.window.showWarningMessage(title, { modal: true, detail }, button)) === undefined) return false;

  const { state } = session;
  if (state.status === 'signedIn' && state.connection.isProduction === true && !(await typeToConfirm(tokens))) {
    return false;
  }
  const own = tokens.find((token) => state.status === 'signedIn' && isKeyOwnToken(state.connection.key, token.id));
  if (own === undefined) return true;
  const again = await vscode.window.showWarningMessage(
    `“${tokenName(own)}” is the API key of this extension.`,
    { modal: true, detail: 'When it is revoked, nothing here works until another API key is set.' },
    'Revoke My API Key',
  );
  return again !== undefined;
}

/** In production a click is not enough: the token's name is typed, or how many tokens there are. */
async function typeToConfirm(tokens: readonly RevocableToken[]): Promise<boolean> {
  const [first] = tokens;
  const expected = tokens.length === 1 && first !== undefined ? tokenName(first) : `${tokens.length} tokens`;
  const typed = await showInputStep<true>({
    title: 'Revoke in Production',
    prompt: `This connection is marked as production. Type “${expected}” to revoke.`,
    accept: (text) =>
      text.trim() === expected
        ? { ok: true, value: true }
        : { ok: false, problem: `Type “${expected}” exactly, or press Escape.` },
  });
  return typed.type === 'done';
}

/** Revokes and shows the result. True when all are gone; one that is gone already counts. */
async function revoke(
  services: Services,
  tokens: readonly RevocableToken[],
  connectionId = services.activity.connectionId,
): Promise<boolean> {
  const { session, store, issuances, activity, clock, logger } = services;
  const api = await (connectionId === undefined ? session.api() : session.apiOf(connectionId));
  const failed: { readonly token: RevocableToken; readonly error: unknown }[] = [];
  const left = [...tokens];
  const progress = {
    title: tokens.length === 1 ? 'Revoking the token' : `Revoking ${tokens.length} tokens`,
    cancellable: tokens.length > 1,
  };
  await withLongProgress(services, progress, async (signal, report) => {
    const revokeOne = async (token: RevocableToken): Promise<void> => {
      try {
        const revokedAt = await discard(token);
        store.markRevoked(token, revokedAt);
        note(token, 'revoked');
        services.clipboardToken.forgetToken(token.id);
        await issuances.resolveRevoked(token.id);
      } catch (error) {
        failed.push({ token, error });
        note(token, 'failed', `revoke: ${asMagicBellError(error)?.reason ?? 'unknown error'}`);
      }
      const message = tokens.length === 1 ? '' : `${tokens.length - left.length} of ${tokens.length}`;
      report(message, 100 / tokens.length);
    };
    // A few at a time: whoever cancels stops what was not sent yet.
    const revokeInTurn = async (): Promise<void> => {
      while (left.length > 0 && !signal.aborted) {
        const token = left.shift();
        if (token !== undefined) await revokeOne(token);
      }
    };
    await Promise.all(Array.from({ length: maxAtOnce }, revokeInTurn));
  });
  function note(token: RevocableToken, what: 'revoked' | 'failed', result?: string): void {
    const owner = ownerOf(store, token);
    const recipient = owner?.email ?? owner?.externalId ?? owner?.id;
    activity.note(
      { what, tokenKind: token.kind, name: token.name, tokenId: token.id, recipient, result },
      connectionId,
    );
  }
  async function discard(token: RevocableToken): Promise<Date> {
    try {
      const { revokedAt } = await (token.kind === 'project'
        ? api.jwt.discardProjectJwt(token.id)
        : api.jwt.discardUserJwt(token.id));
      return revokedAt;
    } catch (error) {
      // Gone already is what was wanted.
      if (asMagicBellError(error)?.reason === 'notFound') return clock.now();
      throw error;
    }
  }
  for (const { error } of failed) logger.warn(`revoke: ${asMagicBellError(error)?.reason ?? (error as Error).name}`);
  const [firstFailure] = failed;
  const tried = tokens.length - left.length;
  if (left.length > 0) {
    const gone = tried - failed.length;
    void vscode.window.showInformationMessage(`Stopped: ${gone} of ${tokens.length} tokens were revoked.`);
  } else if (firstFailure === undefined && tokens.length > 1) {
    void vscode.window.showInformationMessage(`${tokens.length} tokens were revoked.`);
  }
  if (firstFailure === undefined) return left.length === 0;
  await tellFailure(
    services,
    tried,
    failed.map(({ token }) => token),
    firstFailure.error,
    connectionId,
  );
  return false;
}

async function tellFailure(
  services: Services,
  count: number,
  failed: readonly RevocableToken[],
  error: unknown,
  connectionId: string | undefined,
): Promise<void> {
  const [first] = failed;
  if (first === undefined) return;
  const operation = first.kind === 'project' ? 'discardProjectJwt' : 'discardUserJwt';
  const { message } = describeError(error, { operation, host: hostOf(services.session) });
  const names = failed.slice(0, maxNamed).map((token) => `“${tokenName(token)}”`);
  const more = failed.length > names.length ? ` and ${failed.length - names.length} more` : '';
  const what =
    count === 1
      ? `${names.join(', ')} was not revoked.`
      : `${failed.length} of ${count} tokens were not revoked: ${names.join(', ')}${more}.`;
  const choice = await vscode.window.showErrorMessage(`${what} ${message}`, 'Try Again');
  if (choice !== undefined) await revoke(services, failed, connectionId);
}
