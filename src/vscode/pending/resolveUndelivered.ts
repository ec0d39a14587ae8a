import * as vscode from 'vscode';
import type { Row } from '../../core/browse/rows.ts';
import type { Connection } from '../../core/connections/connection.ts';
import type { PendingIssuance } from '../../core/issuance/pendingIssuance.ts';
import { presentPending } from '../../core/issuance/pendingPresentation.ts';
import type { RevocableToken } from '../../core/model/token.ts';
import { localTime } from '../../core/base/timeText.ts';
import { shortId } from '../../core/tokens/tokenPresentation.ts';
import { describePlaces } from '../../core/delivery/place.ts';
import { openBesideClipboard } from '../../core/issuance/places.ts';
import { deliverToPlaces } from '../deliver/deliverToPlaces.ts';
import { deliverTo, targetTitles, pickDeliveryTarget } from '../deliver/deliveryTarget.ts';
import { deliverValue } from '../deliver/deliverValue.ts';
import { withLongProgress } from '../ui/progress.ts';
import { showPickStep } from '../ui/quickInput.ts';
import type { Services } from '../services.ts';
import { projectLine, saidIn, titleIn } from '../../core/connections/projectName.ts';
import { revokeCandidate, revokeIssued } from '../revoke/revokeTokens.ts';

/** Passed by a clicked row: run its first action at once. */
const firstAction = 'firstAction';

/** "Resolve Undelivered Token…": of a row, or of one picked from all unsettled issuances. */
export async function resolveUndelivered(services: Services, row: Row | undefined, how?: unknown): Promise<void> {
  const pending = row?.type === 'undelivered' ? row.pending : await pickPending(services);
  if (pending === undefined) return;
  if (how === firstAction) await settleOrCopy(services, pending.issuance.id);
  else await resolvePending(services, pending.issuance.id);
}

/** Delivers an available value to the requested places; asks what to do in any other case. */
async function settleOrCopy(services: Services, id: string): Promise<void> {
  if (services.issuances.find(id)?.status === 'undelivered') await deliverToPlaces(services, id);
  else await resolvePending(services, id);
}

async function pickPending({ issuances, clock, connections }: Services): Promise<PendingIssuance | undefined> {
  await issuances.scan();
  const { pending } = issuances;
  if (pending.length === 0) {
    void vscode.window.showInformationMessage('No value waits to be delivered: nothing is left to resolve.');
    return undefined;
  }
  if (pending.length === 1) return pending[0];
  const items = pending.map((issuance) => {
    const { label, description } = presentPending(issuance, clock.now());
    const connection = connections.find(issuance.issuance.connectionId);
    const project = connection === undefined || connections.all.length < 2 ? [] : [connection.label];
    return { label, description: [...project, description].join(' · '), issuance };
  });
  const picked = await showPickStep({ title: 'Undelivered Tokens', items, placeholder: 'Which one?' });
  return picked.type === 'done' ? picked.value.issuance : undefined;
}

interface ActionItem extends vscode.QuickPickItem {
  readonly run: () => Promise<unknown>;
}

/** Offers the actions for a pending issuance. */
export async function resolvePending(services: Services, id: string): Promise<void> {
  const pending = services.issuances.find(id);
  if (pending === undefined) return;
  if (pending.status === 'inProgress') {
    void vscode.window.showInformationMessage('This token is being created.');
    return;
  }
  const { label, description } = presentPending(pending, services.clock.now());
  const connection = await connectionOf(services, pending);
  const picked = await showPickStep<ActionItem>({
    title: connection === undefined ? label : titleIn(services, connection, label),
    items: actionsFor(services, connection, pending),
    placeholder: description.split(' · ')[0] ?? description,
  });
  if (picked.type === 'done') await picked.value.run();
}

/** The connection of an issuance; undefined when it was removed. */
async function connectionOf({ connections }: Services, { issuance }: PendingIssuance): Promise<Connection | undefined> {
  await connections.start();
  return connections.find(issuance.connectionId);
}

/** Without its connection, a value can be delivered or given up, but no request can be sent. */
function actionsFor(services: Services, connection: Connection | undefined, pending: PendingIssuance): ActionItem[] {
  const { issuances } = services;
  const { id, tokenId, request } = pending.issuance;
  const deliverOtherwise = async (which: keyof typeof targetTitles): Promise<void> => {
    const destination = await pickDeliveryTarget(services, which, request.kind);
    if (destination !== undefined) await deliverTo(services, id, destination);
  };
  const discard: ActionItem = {
    label: '$(close) Discard',
    description:
      pending.status === 'undelivered' ? 'the value is lost, the token stays valid' : 'no longer ask about it',
    run: () => confirmDiscard(services, connection, pending),
  };
  const revokeIfKnown: readonly ActionItem[] =
    tokenId === undefined || connection === undefined
      ? []
      : [
          {
            label: '$(trash) Revoke…',
            description: 'the token stops working at once',
            run: () => revokeIssued(services, connection, pending),
          },
        ];
  switch (pending.status) {
    case 'undelivered': {
      const left = openBesideClipboard(pending.issuance);
      return [
        ...(left.length === 0
          ? []
          : [
              {
                label: '$(rocket) Deliver Where It Was Meant',
                description: describePlaces(left),
                run: () => deliverToPlaces(services, id),
              },
            ]),
        {
          label: '$(copy) Copy Value',
          description: 'to the clipboard; it cannot be shown again',
          run: () => deliverValue(services, id),
        },
        {
          label: `$(copy) ${targetTitles.copyAs}`,
          description: 'a line for a .env file, or an HTTP header',
          run: () => deliverOtherwise('copyAs'),
        },
        {
          label: '$(file-code) To .env…',
          description: 'into a file that git ignores',
          run: () => deliverOtherwise('dotenv'),
        },
        {
          label: `$(console) ${targetTitles.command}`,
          description: 'on its standard input',
          run: () => deliverOtherwise('command'),
        },
        {
          label: `$(terminal-bash) ${targetTitles.terminal}`,
          description: 'as a variable of a new one',
          run: () => deliverOtherwise('terminal'),
        },
        ...revokeIfKnown,
        {
          label: '$(check) I Have It',
          description: 'the value is where it belongs',
          run: () => issuances.confirmDelivered(id),
        },
        discard,
      ];
    }
    case 'orphaned':
      return [...revokeIfKnown, discard];
    case 'unreadable':
      return [
        {
          label: '$(refresh) Reload Window',
          description: 'to read secret storage anew',
          run: async () => vscode.commands.executeCommand('workbench.action.reloadWindow'),
        },
        ...revokeIfKnown,
        discard,
      ];
    case 'unknown':
    case 'inProgress':
      if (connection === undefined) return [discard];
      return [
        ...(pending.candidates ?? []).map((token): ActionItem => candidateItem(services, connection, id, token)),
        {
          label: '$(search) Check Again',
          description: 'looks for the token at MagicBell',
          run: () => check(services, connection, id),
        },
        discard,
      ];
  }
}

/** The user picks the token: a colleague may have created one of the same name in the same minute. */
function candidateItem(services: Services, connection: Connection, id: string, token: RevocableToken): ActionItem {
  return {
    label: `$(trash) Revoke the one created ${localTime(token.createdAt)}…`,
    description: `ID ${shortId(token.id)}`,
    run: async () => {
      if (await revokeCandidate(services, connection, token)) await services.issuances.resolve(id, 'revoked');
      else if (services.issuances.find(id)?.candidates?.includes(token) === false)
        await check(services, connection, id);
    },
  };
}

async function check(services: Services, connection: Connection, id: string): Promise<void> {
  const api = await connection.api();
  const progress = { title: saidIn(services, connection, 'Looking for the token'), cancellable: true };
  const candidates = await withLongProgress(services, progress, (signal) => services.issuances.search(id, api, signal));
  if (candidates === undefined) return;
  if (candidates.length > 0) await resolvePending(services, id);
  else {
    const choice = await vscode.window.showInformationMessage(
      saidIn(services, connection, 'Not found so far. A slow request may still be carried out.'),
      'Check Again',
    );
    if (choice !== undefined) await check(services, connection, id);
  }
}

async function confirmDiscard(
  services: Services,
  connection: Connection | undefined,
  { issuance, status }: PendingIssuance,
): Promise<void> {
  if (status === 'undelivered') {
    const choice = await vscode.window.showWarningMessage(
      'Discard the value?',
      {
        modal: true,
        detail: `${projectLine(services, connection)}It cannot be shown again, and the token stays valid until it expires or is revoked.`,
      },
      'Discard Value',
    );
    if (choice === undefined) return;
  }
  await services.issuances.resolve(issuance.id, 'discarded');
}
