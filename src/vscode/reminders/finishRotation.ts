import * as vscode from 'vscode';
import { groupBy } from '../../core/base/groupBy.ts';
import type { Row } from '../../core/browse/rows.ts';
import type { Connection } from '../../core/connections/connection.ts';
import { openPlaces } from '../../core/issuance/places.ts';
import { type Rotation, deliveredText, rotationState, rotationText } from '../../core/reminders/rotation.ts';
import { localTime } from '../../core/base/timeText.ts';
import type { RevocableToken } from '../../core/model/token.ts';
import { shortId, tokenName } from '../../core/tokens/tokenPresentation.ts';
import { withLongProgress } from '../ui/progress.ts';
import { showPickStep } from '../ui/quickInput.ts';
import type { Services } from '../services.ts';
import { saidIn, titleIn } from '../../core/connections/projectName.ts';
import { resolvePending } from '../pending/resolveUndelivered.ts';
import { confirmAndRevoke } from '../revoke/revokeTokens.ts';

const dayMs = 24 * 60 * 60_000;

/** "Finish Rotation…": of a row, or of one picked from the pending rotations of all projects. */
export async function finishRotation(services: Services, row: Row | undefined): Promise<void> {
  const { rotations } = await services.reminders();
  const known =
    row?.type === 'token' && row.token.id !== undefined ? rotations.find(row.token.id, row.connection.id) : undefined;
  if (known !== undefined) {
    await settleRotation(services, known);
    return;
  }
  const pending = await pendingRotations(services);
  const [first, second] = pending;
  if (first === undefined) void vscode.window.showInformationMessage('No rotation is pending.');
  else if (second === undefined) await settleRotation(services, first.rotation);
  else await settleEach(services, pending);
}

interface PendingRotation {
  readonly connection: Connection;
  readonly rotation: Rotation;
}

async function pendingRotations(services: Services): Promise<readonly PendingRotation[]> {
  const { connections, issuances, reminders } = services;
  const { rotations } = await reminders();
  // Right after startup, this window may not have taken over the issuances of a closed window yet.
  await issuances.scan();
  await rotations.scan();
  const all = await connections.start();
  return all.flatMap((connection) => rotations.of(connection.id).map((rotation) => ({ connection, rotation })));
}

/** Shows the list again after each rotation, until the user leaves it or no rotation is pending. */
async function settleEach(services: Services, first: readonly PendingRotation[]): Promise<void> {
  const { connections, clock } = services;
  for (let pending = first; pending.length > 0; pending = await pendingRotations(services)) {
    const where = await whereDelivered(
      services,
      pending.map(({ rotation }) => rotation),
    );
    const items = pending.map(({ connection, rotation }) => ({
      label: `$(${rotation.revokeAt === undefined ? 'warning' : 'check'}) ${tokenName(rotation)}`,
      description: [
        ...(connections.all.length > 1 ? [connection.label] : []),
        // `detail` covers a value that was not delivered.
        ...(rotation.revokeAt === undefined ? [] : [rotationText(rotation, clock.now())]),
      ].join(' · '),
      detail: where.get(rotation) ?? '',
      rotation,
    }));
    const delivered = pending.filter(({ rotation }) => rotation.revokeAt !== undefined);
    const placeholder = `${delivered.length} of ${pending.length} new values were delivered. Which rotation should be finished?`;
    const all = {
      label: `$(trash) Revoke ${delivered.length} Old Tokens…`,
      description: 'whose new values were delivered',
      rotation: undefined,
    };
    const picked = await showPickStep<vscode.QuickPickItem & { readonly rotation: Rotation | undefined }>({
      title: 'Finish Rotation',
      items: delivered.length > 1 ? [...items, all] : items,
      placeholder,
    });
    if (picked.type !== 'done') return;
    const { rotation } = picked.value;
    if (rotation === undefined) await revokeAllOld(services, delivered);
    else if (!(await settleRotation(services, rotation, true))) return;
  }
}

/** For each rotation, a text saying where its new value was delivered; empty if unknown. */
async function whereDelivered(
  { destinations, issuances }: Services,
  rotations: readonly Rotation[],
): Promise<ReadonlyMap<Rotation, string>> {
  const known = await destinations();
  const connectionIds = [...new Set(rotations.map(({ connectionId }) => connectionId))];
  const done = new Map(
    (await Promise.all(connectionIds.map((id) => known.byIssuance(id)))).flatMap((places) => [...places]),
  );
  return new Map(
    rotations.map((rotation) => {
      const pending = issuances.find(rotation.issuanceId);
      const open = pending === undefined ? [] : openPlaces(pending.issuance);
      return [rotation, capitalized(deliveredText(rotation, done.get(rotation.issuanceId) ?? [], open) ?? '')];
    }),
  );
}

const capitalized = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

/** The connection of a rotation. If it was removed, shows a warning; the rotation stays. */
function connectionOf({ connections }: Services, { connectionId }: Rotation): Connection | undefined {
  const connection = connections.find(connectionId);
  if (connection === undefined)
    void vscode.window.showWarningMessage('Nothing was sent: its connection was removed here.');
  return connection;
}

interface ActionItem extends vscode.QuickPickItem {
  readonly run: () => Promise<unknown>;
}

/** Offers to deliver the new value, revoke the old token, be reminded later, or leave it. False after Escape. */
export async function settleRotation(services: Services, rotation: Rotation, canGoBack = false): Promise<boolean> {
  const { clock } = services;
  const { rotations } = await services.reminders();
  const connection = connectionOf(services, rotation);
  if (connection === undefined) return false;
  const isDelivered = rotationState(rotation, clock.now()) !== 'undelivered';
  const pending = services.issuances.find(rotation.issuanceId);
  const items: ActionItem[] = [
    ...(pending === undefined
      ? []
      : [
          {
            label: '$(rocket) Deliver the New Value…',
            description: 'it is kept until it has arrived',
            run: () => resolvePending(services, rotation.issuanceId),
          },
        ]),
    {
      label: '$(trash) Revoke the Old Token…',
      description: shortId(rotation.id),
      run: () => revokeOld(services, rotation),
    },
    ...(isDelivered
      ? [
          {
            label: '$(clock) Remind Me Tomorrow',
            description: 'the old one stays valid',
            run: () => rotations.postpone(rotation, dayMs),
          },
        ]
      : []),
    {
      label: '$(close) Leave the Old Token',
      description: 'no longer ask about it',
      run: () => rotations.end(rotation.id),
    },
  ];
  const due = rotation.revokeAt === undefined ? '' : ` The old one is due ${localTime(rotation.revokeAt)}.`;
  const where = (await whereDelivered(services, [rotation])).get(rotation) ?? '';
  const placeholder = `${where === '' ? 'The new value was delivered' : where}.${due}`;
  const picked = await showPickStep<ActionItem>({
    title: titleIn(services, connection, `Rotation of ${tokenName(rotation)}`),
    items,
    placeholder,
    canGoBack,
  });
  if (picked.type === 'done') await picked.value.run();
  return picked.type !== 'cancelled';
}

/** Revokes a rotation's old token after the usual confirmation. If that fails, the rotation stays. */
export async function revokeOld(services: Services, rotation: Rotation): Promise<void> {
  const connection = connectionOf(services, rotation);
  if (connection === undefined) return;
  if (rotation.kind === 'project') await loadDates(services, connection);
  const { token, isListed } = oldToken(services, connection, rotation);
  const words = { subject: `the old “${tokenName(rotation)}”`, hasDates: isListed };
  await confirmAndRevoke(services, connection, [token], words);
}

/** Revokes the old tokens of several rotations, after one question for each project. */
async function revokeAllOld(services: Services, all: readonly PendingRotation[]): Promise<void> {
  const byConnection = groupBy(
    all,
    ({ connection }) => connection,
    ({ rotation }) => rotation,
  );
  for (const [connection, rotations] of byConnection) {
    await loadDates(services, connection);
    const tokens = rotations.map((rotation) => oldToken(services, connection, rotation).token);
    await confirmAndRevoke(services, connection, tokens, { hasDates: false });
  }
}

/** Loads what the API key of this extension is recognised by. Where that fails or is stopped, the question says so. */
async function loadDates(services: Services, connection: Connection): Promise<void> {
  const { projectTokens } = connection.store;
  const progress = { title: saidIn(services, connection, 'Loading the project’s tokens'), cancellable: true };
  await withLongProgress(services, progress, (signal) => {
    signal.onabort = () => projectTokens.stopWaiting();
    return projectTokens.load();
  });
}

/** The old token of a rotation, with its dates where it is listed. */
function oldToken(
  services: Services,
  connection: Connection,
  rotation: Rotation,
): { readonly token: RevocableToken; readonly isListed: boolean } {
  const listed = connection.store.find(rotation)?.list.find(rotation.id);
  return listed === undefined
    ? { token: recordedToken(services, rotation), isListed: false }
    : { token: { ...listed, id: rotation.id }, isListed: true };
}

/** A token built from the rotation's record, which has no dates. */
const recordedToken = ({ clock }: Services, { id, kind, name }: Rotation): RevocableToken => ({
  id,
  kind,
  name,
  createdAt: clock.now(),
  expiresAt: undefined,
  revokedAt: undefined,
  lastUsedAt: undefined,
});
