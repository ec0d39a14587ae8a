import * as vscode from 'vscode';
import { revocableOf } from '../../core/browse/revocableRows.ts';
import type { Row } from '../../core/browse/rows.ts';
import type { Connection } from '../../core/connections/connection.ts';
import { ownKeyMatch } from '../../core/connections/ownKey.ts';
import type { Recipient } from '../../core/model/recipient.ts';
import { copyToClipboard } from '../../core/delivery/clipboard.ts';
import { describeError } from '../../core/describeError.ts';
import type { IssuanceRequest } from '../../core/issuance/issuance.ts';
import { Secret } from '../../core/base/secret.ts';
import { expirySeconds } from '../../core/tokens/expiry.ts';
import { localTime } from '../../core/base/timeText.ts';
import { type RevocableToken, isRevocable } from '../../core/model/token.ts';
import { expiryText, shortId, tokenName } from '../../core/tokens/tokenPresentation.ts';
import { copiedToken, deliverValue } from '../deliver/deliverValue.ts';
import { deliverToPlaces } from '../deliver/deliverToPlaces.ts';
import { confirmPlace } from '../deliver/deliveryTarget.ts';
import { mayOverwriteClipboard } from '../deliver/writeClipboard.ts';
import type { Delivery } from '../issue/expiryStep.ts';
import { issueToken } from '../issue/issueToken.ts';
import { revocableChoices } from '../browse/revocableChoices.ts';
import { showPickStep } from '../ui/quickInput.ts';
import { projectLine, saidIn, titleIn } from '../../core/connections/projectName.ts';
import type { Services } from '../services.ts';
import { revokeOld, settleRotation } from './finishRotation.ts';
import { checkNewToken } from './newTokenCheck.ts';
import { askGrace, askLifetime, lifetimeAs } from './rotationSteps.ts';
import { noteRotated, rotationOf } from './startRotation.ts';

/** "Rotate Token…": delivers a new token of the same name, and reminds the user to revoke the old one. */
export async function rotateRows(services: Services, rows: readonly Row[]): Promise<void> {
  const [first, second] = revocableOf(rows);
  if (first === undefined) {
    void vscode.window.showInformationMessage('Select a token that is not revoked yet.');
  } else if (second === undefined) {
    await rotate(services, first.connection, first.token);
  } else {
    const { rotateSeveral } = await import('./rotateSeveral.ts');
    await rotateSeveral(services, rows);
  }
}

/** "Rotate Token…" of a token picked from the loaded ones. */
export async function rotatePicked(services: Services, connection: Connection): Promise<void> {
  const old = await pickToken(services, connection);
  if (old !== undefined) await rotate(services, connection, old);
}

/** Rotates a given token, for example from a notification. Continues its pending rotation if there is one. */
export async function rotate(services: Services, connection: Connection, old: RevocableToken): Promise<void> {
  const { rotations } = await services.reminders();
  const pending = rotations.find(old.id, connection.id);
  if (pending !== undefined) {
    await settleRotation(services, pending);
    return;
  }
  const recipient = rotationRecipient(connection, old) ?? (await keptRecipient(services, connection, old));
  if (old.kind === 'user' && recipient === undefined) {
    await vscode.window.showErrorMessage('This token’s user has no known email or external id.');
    return;
  }
  const title = titleIn(services, connection, `Rotate ${tokenName(old)}`);
  const delivery: Delivery = {
    kind: old.kind,
    places: await (await services.destinations()).ofToken(connection.id, old.id),
    isChosen: false,
  };
  for (;;) {
    const lifetime = await askLifetime(connection, [old], { title, step: 1, totalSteps: 2 });
    if (lifetime.type !== 'done') return;
    const grace = await askGrace(services, { title, step: 2, totalSteps: 2, canGoBack: true }, delivery);
    if (grace.type === 'back') continue;
    if (grace.type !== 'done') return;
    const request = {
      kind: old.kind,
      name: old.name,
      recipient,
      expirySeconds: expirySeconds(lifetimeAs(lifetime.value, old), connection.now()),
      ...(delivery.places.length === 0 ? {} : { places: delivery.places }),
    };
    await replace(services, connection, old, request, grace.value);
    return;
  }
}

/**
 * Issues the new token, delivers it to its places, and reports when the old one should be revoked.
 *
 * @param onStart called with the issuance's id before anything is sent
 */
export async function replace(
  services: Services,
  connection: Connection,
  old: RevocableToken,
  request: IssuanceRequest,
  graceMs: number | undefined,
  onStart?: (issuanceId: string) => void,
): Promise<void> {
  // Check the places before the token exists.
  for (const place of request.places ?? []) if (!(await confirmPlace(services, place))) return;
  const { rotations } = await services.reminders();
  const isOwnKey = ownKeyMatch(connection.key, old) === 'sure';
  let newId: string | undefined;
  let isAccepted = false;
  try {
    await issueToken(services, connection, request, {
      // Recorded before the new token exists, so that the rotation survives a crash.
      prepare: (issuanceId) => {
        newId = issuanceId;
        onStart?.(issuanceId);
        return rotations.start(rotationOf(connection, old, issuanceId, graceMs));
      },
      onIssued: (issuance) => noteRotated(services, connection, old, issuance),
      deliver: async (_services, id) => {
        if (isOwnKey) {
          await deliverAsKey(services, connection, id);
          return;
        }
        const check = await checkNewToken(services, connection, id);
        isAccepted = check === 'accepted';
        if (check !== 'refused' || (await mayDeliverRefused(services, connection, old)))
          await deliverToPlaces(services, id);
      },
    });
  } finally {
    // Ends the rotation when no new token was created.
    await rotations.scan();
  }
  if (newId !== undefined) await afterDelivery(services, connection, old, newId, isAccepted);
}

/** Asks whether to deliver a new token that MagicBell refuses. By default, the places keep the old, working value. */
async function mayDeliverRefused(services: Services, connection: Connection, old: RevocableToken): Promise<boolean> {
  const choice = await vscode.window.showWarningMessage(
    `MagicBell does not accept the new “${tokenName(old)}”.`,
    {
      modal: true,
      detail: `${projectLine(services, connection)}It was created, and a call with it was refused. Nothing was delivered: wherever the old one is used, it still works. The new value stays on top of the view.`,
    },
    'Deliver It Anyway',
  );
  return choice !== undefined;
}

/** Reports when the old token should be revoked. Does nothing while the new value is pending: its row stays pinned. */
async function afterDelivery(
  services: Services,
  connection: Connection,
  old: RevocableToken,
  issuanceId: string,
  isAccepted: boolean,
): Promise<void> {
  const { issuances } = services;
  const { rotations } = await services.reminders();
  if (issuances.find(issuanceId) !== undefined) return;
  const due = rotations.find(old.id, connection.id)?.revokeAt;
  if (due === undefined) return;
  if (due.getTime() <= services.clock.now().getTime()) return;
  const checked = isAccepted ? ' MagicBell accepts the new one.' : '';
  const message = `The old “${tokenName(old)}” stays valid. You are reminded to revoke it ${localTime(due)}.${checked}`;
  void vscode.window
    .showInformationMessage(saidIn(services, connection, message), 'Revoke Now…')
    .then(async (choice) => {
      const rotation = rotations.find(old.id, connection.id);
      if (choice !== undefined && rotation !== undefined) await revokeOld(services, rotation);
    });
}

/** Asks whether to use the new token as this connection's key. If so, checks it with a call, stores and copies it. */
async function deliverAsKey(services: Services, connection: Connection, id: string): Promise<void> {
  const { connections, issuances, clipboard, clipboardToken, clock } = services;
  // Read now: another window may change the connection while the question is open.
  const { baseUrl, key: replaced } = connection;
  const choice = await vscode.window.showInformationMessage(
    'This token is the API key of this extension.',
    {
      modal: true,
      detail: `${projectLine(services, connection)}Use the new one as the API key from now on? It is checked first, and copied as well.`,
    },
    'Use the New One',
    'Only Copy It',
  );
  if (choice !== 'Use the New One') {
    await deliverValue(services, id);
    return;
  }
  let problem: string | undefined;
  const pending = issuances.find(id);
  if (pending === undefined || !(await mayOverwriteClipboard(services))) {
    await deliverValue(services, id);
    return;
  }
  const outcome = await issuances.deliver(id, async (value) => {
    try {
      await connections.tryKey({ baseUrl, key: value }, (api) => api.jwt.fetchProjectTokens({ limit: 1 }));
      // A copy, because the issuance clears its `Secret` when it ends.
      await connections.change(connection, { baseUrl, key: new Secret(value.reveal()) });
    } catch (error) {
      problem = describeError(error, { host: connection.host }).message;
      return 'failed';
    }
    const copied = await copyToClipboard(clipboard, value, clock);
    if (copied === 'confirmed') clipboardToken.show(value, copiedToken(pending.issuance));
    return copied;
  });
  if (problem !== undefined) {
    const message = `The new token could not be used as the API key; the old one still is. ${problem} The new one stays on top of the view until you copy it.`;
    const choice = await vscode.window.showWarningMessage(saidIn(services, connection, message), 'Copy');
    if (choice !== undefined) await deliverValue(services, id);
  } else if (outcome === 'confirmed') {
    const message = 'The new token is the API key now, and its value is copied.';
    void vscode.window.showInformationMessage(saidIn(services, connection, message));
    const { offerToUpdateCliLogin } = await import('../connect/cliLogin.ts');
    await offerToUpdateCliLogin(services, connection, replaced);
  } else {
    await deliverValue(services, id);
  }
}

export function rotationRecipient({ store }: Connection, token: RevocableToken): Recipient | undefined {
  if (token.kind === 'project') return undefined;
  const owner = store.find(token)?.user;
  const user = store.shownUsers.find(({ id }) => id === owner);
  if (user === undefined || (user.email === undefined && user.externalId === undefined)) return undefined;
  return { userId: user.id, email: user.email, externalId: user.externalId };
}

/** The recipient of a token that is not loaded but known from an earlier session. */
async function keptRecipient(
  services: Services,
  { id }: Connection,
  token: RevocableToken,
): Promise<Recipient | undefined> {
  if (token.kind === 'project') return undefined;
  const expiries = await (await services.reminders()).watch.expiriesOf(id);
  const owner = expiries.find((expiry) => expiry.id === token.id)?.owner;
  if (owner === undefined || (owner.email === undefined && owner.externalId === undefined)) return undefined;
  return { userId: owner.id, email: owner.email, externalId: owner.externalId };
}

async function pickToken(services: Services, connection: Connection): Promise<RevocableToken | undefined> {
  const now = connection.now();
  const choices = await revocableChoices(services, connection);
  if (choices === undefined) return undefined;
  const tokens = choices.filter((token): token is RevocableToken => isRevocable(token, now));
  if (tokens.length === 0) {
    void vscode.window.showInformationMessage('There is no token to rotate among the loaded ones.');
    return undefined;
  }
  const picked = await showPickStep({
    title: titleIn(services, connection, 'Rotate Token'),
    placeholder: 'Which token? (among the loaded ones)',
    items: tokens.map((token) => ({
      label: tokenName(token),
      description: `${token.kind} token · ${expiryText(token, now)} · ${shortId(token.id)}`,
      token,
    })),
  });
  return picked.type === 'done' ? picked.value.token : undefined;
}
