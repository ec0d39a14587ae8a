import * as vscode from 'vscode';
import { describeError } from '../../core/describeError.ts';
import type { Issuance, IssuanceRequest } from '../../core/issuance/issuance.ts';
import type { IssueResult } from '../../core/issuance/issuanceService.ts';
import { findRecipients, isRecipient } from '../../core/issuance/orphanSearch.ts';
import { issuanceName } from '../../core/issuance/pendingPresentation.ts';
import { asMagicBellError } from '../../core/magicbell/errors.ts';
import type { MagicBellApi } from '../../core/magicbell/magicBellApi.ts';
import type { IssuedToken, TokenId } from '../../core/model/token.ts';
import type { UserId } from '../../core/model/user.ts';
import { resolvePending } from '../pending/resolveUndelivered.ts';
import { deliverValue } from '../deliver/deliverValue.ts';
import { hostOf } from '../connect/hostOf.ts';
import { withLongProgress } from '../ui/progress.ts';
import { reportError } from '../ui/reportError.ts';
import type { Services } from '../services.ts';

export interface IssueOptions {
  /** Writes what must survive a crash, before anything is sent. When it fails, nothing is sent. */
  readonly prepare?: ((issuanceId: string) => Promise<void>) | undefined;
  /** Runs before the delivery, also when somebody has stopped waiting. */
  readonly onIssued?: ((issuance: Issuance) => void) | undefined;
  /** Where the value goes. Default: the clipboard. */
  readonly deliver?: ((services: Services, id: string) => Promise<void>) | undefined;
}

/**
 * Issues one token and copies its value: the part of a creation after its questions.
 *
 * @throws MagicBellError when nothing was created
 * @throws IssuanceError when nothing was sent
 */
export async function issueToken(
  services: Services,
  request: IssuanceRequest,
  { prepare, onIssued, deliver = deliverValue }: IssueOptions = {},
): Promise<void> {
  const { session, issuances, drafts } = services;
  if (!(await canKeepValues(services))) return;
  const api = await session.api();
  const { state } = session;
  if (state.status !== 'signedIn') return;
  const { id, baseUrl } = state.connection;
  const issuing = issuances
    .issue(
      { id, baseUrl },
      request,
      knownIds(services, request),
      (idempotencyKey) => send(api, request, idempotencyKey),
      prepare,
    )
    .then((result) => {
      if (result.outcome === 'issued') onIssued?.(result.issuance);
      return result;
    });
  const name = issuanceName({ request });
  issuing.catch((error: unknown) => noteFailure(services, id, request, error));
  const result = await waitFor(services, issuing, name);
  if (result === undefined) {
    issuing.then(
      (late) => {
        if (late.outcome !== 'issued') return;
        const offered = showCreated(services, api, late, () => offerLate(services, late.issuance.id, name));
        offered.catch((error: unknown) => void reportError(services, error));
      },
      (error: unknown) => void reportError(services, error),
    );
    return;
  }
  if (result.outcome === 'unknown') {
    await tellUnknown(services, result, api);
    return;
  }
  drafts.delete(request.kind);
  await showCreated(services, api, result, () => deliver(services, result.issuance.id));
}

/** Nothing was created: the journal keeps nothing of it, the activity does. */
function noteFailure({ activity }: Services, connectionId: string, request: IssuanceRequest, error: unknown): void {
  const { kind, name, recipient = {} } = request;
  const result = `issue: ${asMagicBellError(error)?.reason ?? 'unknown error'}`;
  const to = recipient.email ?? recipient.externalId ?? recipient.userId;
  activity.note({ what: 'failed', tokenKind: kind, name, recipient: to, result }, connectionId);
}

/** Says before a token exists when its value could not be kept over a crash. */
async function canKeepValues({ issuances, logger }: Services): Promise<boolean> {
  try {
    await issuances.preflight();
    return true;
  } catch (error) {
    logger.error(`preflight: ${(error as Error).message}`);
    const choice = await vscode.window.showWarningMessage(
      'VS Code’s secret storage does not work here.',
      {
        modal: true,
        detail:
          'A new token’s value is normally kept there until it is copied. Without it, a crash of VS Code before the value is copied loses the value.',
      },
      'Create Anyway',
    );
    return choice !== undefined;
  }
}

function send(api: MagicBellApi, request: IssuanceRequest, idempotencyKey: string): Promise<IssuedToken> {
  const { name, expirySeconds, recipient } = request;
  // No signal: whoever stops waiting does not stop MagicBell, and a value that still comes is kept.
  if (request.kind === 'project')
    return api.jwt.createProjectJwt({ name: name ?? '', expirySeconds }, { idempotencyKey });
  const { email, externalId } = recipient ?? {};
  return api.jwt.createUserJwt({ email, externalId, name, expirySeconds }, { idempotencyKey });
}

/** Tokens of the same name that are known already, and so are not the new one. */
function knownIds({ store }: Services, { kind, name }: IssuanceRequest): readonly TokenId[] {
  const tokens =
    kind === 'project' ? store.projectTokens.items : store.loadedUserTokens.flatMap(([, list]) => list.items);
  return tokens.flatMap((token) => (token.name === name && token.id !== undefined ? [token.id] : []));
}

/** The result, with progress; undefined when somebody stopped waiting. */
async function waitFor(
  services: Services,
  issuing: Promise<IssueResult>,
  name: string,
): Promise<IssueResult | undefined> {
  const progress = { title: `Creating “${name}”…`, cancellable: true };
  const first = await withLongProgress(services, progress, (signal) =>
    Promise.race([issuing, new Promise<undefined>((resolve) => (signal.onabort = () => resolve(undefined)))]),
  );
  if (first !== undefined) return first;
  void vscode.window
    .showInformationMessage(
      `No longer waiting for “${name}”. The request was sent; a row at the top of the view shows its outcome.`,
      'Show',
    )
    .then(async (choice) => {
      if (choice !== undefined) await services.views.project.show();
    });
  return undefined;
}

async function offerLate(services: Services, id: string, name: string): Promise<void> {
  const choice = await vscode.window.showInformationMessage(
    `“${name}” was created after all. Its value is not copied yet.`,
    'Copy',
  );
  if (choice !== undefined) await deliverValue(services, id);
}

async function tellUnknown(
  services: Services,
  { issuance, error }: IssueResult & { outcome: 'unknown' },
  api: MagicBellApi,
): Promise<void> {
  const { issuances, session } = services;
  const name = issuanceName(issuance);
  const { message } = describeError(error, { host: hostOf(session) });
  services.logger.warn(`create: outcome unknown (${asMagicBellError(error)?.reason ?? 'unknown error'})`);
  // Looked for at once; when even that fails, the row on top of the view offers it again.
  const candidates = await issuances.search(issuance.id, api).catch(() => undefined);
  const [text, button] =
    issuance.tokenId !== undefined
      ? [`“${name}” was created, but its value never arrived.`, 'Revoke…']
      : candidates === undefined
        ? [`It is not known whether “${name}” was created.`, 'Check Again']
        : candidates.length === 0
          ? [`“${name}” was not found so far; it may still appear.`, 'Check Again']
          : [`“${name}” seems to have been created all the same; its value never arrived.`, 'Revoke…'];
  const choice = await vscode.window.showWarningMessage(`${message} ${text}`, button);
  if (choice === undefined) return;
  await resolvePending(services, issuance.id);
}

/** Shows the new token in its list while it is delivered; a list that has to be asked for comes last. */
async function showCreated(
  services: Services,
  api: MagicBellApi,
  { issuance }: IssueResult & { outcome: 'issued' },
  deliver: () => Promise<void>,
): Promise<void> {
  const { request, tokenId, createdAt, expiresAt } = issuance;
  const user = request.kind === 'user' ? localRecipient(services, request) : undefined;
  const add = (owner: UserId | undefined): void => {
    const { state } = services.session;
    // Whoever has switched the connection meanwhile sees another project's list.
    if (state.status !== 'signedIn' || state.connection.id !== issuance.connectionId) return;
    services.store.addToken(
      {
        kind: request.kind,
        id: tokenId,
        name: request.name,
        createdAt: createdAt ?? services.clock.now(),
        expiresAt,
        revokedAt: undefined,
        lastUsedAt: undefined,
      },
      owner,
    );
  };
  add(user);
  const delivered = deliver();
  if (request.kind === 'user' && user === undefined) await showRecipient(services, api, request).catch(() => undefined);
  await delivered;
}

function localRecipient({ store }: Services, { recipient = {} }: IssuanceRequest): UserId | undefined {
  return recipient.userId ?? store.shownUsers.find((user) => isRecipient(user, recipient))?.id;
}

/** A token for somebody who is not in the list: shows that user, who may be new. */
async function showRecipient(
  { store }: Services,
  api: MagicBellApi,
  { recipient = {} }: IssuanceRequest,
): Promise<void> {
  for (const user of await findRecipients(api, recipient)) store.openUser(user);
}
