import * as vscode from 'vscode';
import type { Connection } from '../../core/connections/connection.ts';
import { describeError } from '../../core/describeError.ts';
import type { Issuance, IssuanceRequest } from '../../core/issuance/issuance.ts';
import type { IssueResult } from '../../core/issuance/creations.ts';
import { knownIds, sendCreation } from '../../core/issuance/issuing.ts';
import { openBesideClipboard } from '../../core/issuance/places.ts';
import { issuanceName } from '../../core/issuance/pendingPresentation.ts';
import { asMagicBellError } from '../../core/magicbell/errors.ts';
import type { MagicBellApi } from '../../core/magicbell/magicBellApi.ts';
import type { IssuedToken, TokenKind } from '../../core/model/token.ts';
import { resolvePending } from '../pending/resolveUndelivered.ts';
import { deliverToPlaces } from '../deliver/deliverToPlaces.ts';
import { saidIn } from '../../core/connections/projectName.ts';
import { withLongProgress } from '../ui/progress.ts';
import { reportError } from '../ui/reportError.ts';
import type { Services } from '../services.ts';
import { showCreated } from './showCreated.ts';

export interface IssueOptions {
  /** Writes what must survive a crash, before anything is sent. If it fails, nothing is sent. */
  readonly prepare?: ((issuanceId: string) => Promise<void>) | undefined;
  /** Runs before the delivery, also when the wait was cancelled. */
  readonly onIssued?: ((issuance: Issuance) => void) | undefined;
  /** Delivers the value to where it was requested. */
  readonly deliver?: ((services: Services, id: string) => Promise<void>) | undefined;
}

/**
 * Issues one token and delivers its value: what follows the questions of a creation.
 *
 * Resolves to false when the user cancelled before anything was sent.
 *
 * @throws MagicBellError when nothing was created
 * @throws IssuanceError when nothing was sent
 */
export async function issueToken(
  services: Services,
  connection: Connection,
  request: IssuanceRequest,
  { prepare, onIssued, deliver = deliverToPlaces }: IssueOptions = {},
): Promise<boolean> {
  const { issuances } = services;
  if (!(await canKeepValues(services))) return false;
  const api = await connection.api();
  const { id, baseUrl, store } = connection;
  const issuing = issuances
    .issue({ id, baseUrl }, request, knownIds(store, request), creation(services, id, api, request), prepare)
    .then((result) => {
      if (result.outcome === 'issued') onIssued?.(result.issuance);
      return result;
    });
  const name = issuanceName({ request });
  issuing.catch((error: unknown) => noteFailure(services, id, request, error));
  const result = await waitFor(services, connection, issuing, { name, kind: request.kind });
  if (result === undefined) {
    issuing.then(
      (late) => {
        if (late.outcome !== 'issued') return;
        const offered = showCreated(services, connection, api, late.issuance, () =>
          offerLate(services, connection, late.issuance, name),
        );
        offered.catch((error: unknown) => void reportError(services, error, { connection }));
      },
      (error: unknown) => void reportError(services, error, { connection }),
    );
    return true;
  }
  if (result.outcome === 'unknown') {
    await notifyUnknown(services, connection, result, api);
    return true;
  }
  await showCreated(services, connection, api, result.issuance, () => deliver(services, result.issuance.id));
  return true;
}

/** The one POST of a creation, by the issuance's id. Its token enters the ledger, so that "Check Token…" recognises it. */
export const creation =
  ({ connections, ledger }: Services, connectionId: string, api: MagicBellApi, request: IssuanceRequest) =>
  async (id: string): Promise<IssuedToken> => {
    const issued = await sendCreation(api, request, id);
    const { id: tokenId, createdAt, expiresAt, value } = issued;
    // Nothing could clear what is written of a connection that was forgotten meanwhile.
    if (!connections.hasForgotten(connectionId))
      // Not awaited: storing the value comes first.
      void ledger.tryEnter({ id, connectionId, request, tokenId, createdAt, expiresAt }, value);
    return issued;
  };

/** Records a failed creation in the activity; the journal keeps nothing of it. */
function noteFailure({ activity }: Services, connectionId: string, request: IssuanceRequest, error: unknown): void {
  const { kind, name, recipient = {} } = request;
  const result = `issue: ${asMagicBellError(error)?.reason ?? 'unknown error'}`;
  const to = recipient.email ?? recipient.externalId ?? recipient.userId;
  activity.note(connectionId, { what: 'failed', tokenKind: kind, name, recipient: to, result });
}

/** Warns before a token exists when its value could not survive a crash. */
export async function canKeepValues({ issuances, logger }: Services): Promise<boolean> {
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

/** Waits for the result with progress; undefined when the wait was cancelled. */
async function waitFor(
  services: Services,
  connection: Connection,
  issuing: Promise<IssueResult>,
  { name, kind }: { readonly name: string; readonly kind: TokenKind },
): Promise<IssueResult | undefined> {
  const progress = { title: saidIn(services, connection, `Creating “${name}”…`), cancellable: true };
  const first = await withLongProgress(services, progress, (signal) =>
    Promise.race([issuing, new Promise<undefined>((resolve) => (signal.onabort = () => resolve(undefined)))]),
  );
  if (first !== undefined) return first;
  const message = `No longer waiting for “${name}”. The request was sent; a row at the top of the view shows its outcome.`;
  void vscode.window
    .showInformationMessage(saidIn(services, connection, message), 'Show')
    .then((choice) => (choice === undefined ? undefined : services.views[kind].show()));
  return undefined;
}

async function offerLate(services: Services, connection: Connection, issuance: Issuance, name: string): Promise<void> {
  const [state, button] = openBesideClipboard(issuance).length > 0 ? ['delivered', 'Deliver'] : ['copied', 'Copy'];
  const message = `“${name}” was created after all. Its value is not ${state} yet.`;
  const choice = await vscode.window.showInformationMessage(saidIn(services, connection, message), button);
  if (choice !== undefined) await deliverToPlaces(services, issuance.id);
}

async function notifyUnknown(
  services: Services,
  connection: Connection,
  { issuance, error }: IssueResult & { outcome: 'unknown' },
  api: MagicBellApi,
): Promise<void> {
  const { issuances } = services;
  const name = issuanceName(issuance);
  const { message } = describeError(error, { host: connection.host });
  services.logger.warn(`create: outcome unknown (${asMagicBellError(error)?.reason ?? 'unknown error'})`);
  // Searched at once. If that fails too, the pinned row offers it again.
  const candidates = await issuances.search(issuance.id, api).catch(() => undefined);
  const [text, button] =
    issuance.tokenId !== undefined
      ? [`“${name}” was created, but its value never arrived.`, 'Revoke…']
      : candidates === undefined
        ? [`It is not known whether “${name}” was created.`, 'Check Again']
        : candidates.length === 0
          ? [`“${name}” was not found so far; it may still appear.`, 'Check Again']
          : [`“${name}” seems to have been created all the same; its value never arrived.`, 'Revoke…'];
  const choice = await vscode.window.showWarningMessage(saidIn(services, connection, `${text} ${message}`), button);
  if (choice === undefined) return;
  await resolvePending(services, issuance.id);
}
