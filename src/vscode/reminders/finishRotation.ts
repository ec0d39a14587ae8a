import * as vscode from 'vscode';
import type { Row } from '../../core/browse/rows.ts';
import type { Connection } from '../../core/connections/connection.ts';
import { type Rotation, rotationState, rotationText } from '../../core/reminders/rotation.ts';
import { localTime } from '../../core/base/timeText.ts';
import type { RevocableToken } from '../../core/model/token.ts';
import { shortId, tokenName } from '../../core/tokens/tokenPresentation.ts';
import { showPickStep } from '../ui/quickInput.ts';
import type { Services } from '../services.ts';
import { titleIn } from '../connect/projectName.ts';
import { confirmAndRevoke } from '../revoke/revokeTokens.ts';

const dayMs = 24 * 60 * 60_000;

/** "Finish Rotation…": of a row, or one of the pending ones of all projects. */
export async function finishRotation(services: Services, row: Row | undefined): Promise<void> {
  const { rotations } = await services.reminders();
  const known =
    row?.type === 'token' && row.token.id !== undefined ? rotations.find(row.token.id, row.connection.id) : undefined;
  const rotation = known ?? (await pickRotation(services));
  if (rotation !== undefined) await settleRotation(services, rotation);
}

async function pickRotation({ connections, reminders, clock }: Services): Promise<Rotation | undefined> {
  const { rotations } = await reminders();
  await rotations.scan();
  const all = await connections.start();
  const pending = all.flatMap((connection) =>
    rotations.of(connection.id).map((rotation) => ({ connection, rotation })),
  );
  if (pending.length === 0) {
    void vscode.window.showInformationMessage('No rotation is pending.');
    return undefined;
  }
  if (pending.length === 1) return pending[0]?.rotation;
  const items = pending.map(({ connection, rotation }) => ({
    label: tokenName(rotation),
    description: [...(all.length > 1 ? [connection.label] : []), rotationText(rotation, clock.now())].join(' · '),
    rotation,
  }));
  const picked = await showPickStep({ title: 'Finish Rotation', items, placeholder: 'Which one?' });
  return picked.type === 'done' ? picked.value.rotation : undefined;
}

/** The connection of a rotation. Says so when it was removed: nothing is sent, and nothing is closed. */
function connectionOf({ connections }: Services, { connectionId }: Rotation): Connection | undefined {
  const connection = connections.find(connectionId);
  if (connection === undefined)
    void vscode.window.showWarningMessage('Nothing was sent: its connection was removed here.');
  return connection;
}

interface ActionItem extends vscode.QuickPickItem {
  readonly run: () => Promise<unknown>;
}

/** Offers to revoke the old token now, to be reminded later, or to leave it. */
export async function settleRotation(services: Services, rotation: Rotation): Promise<void> {
  const { clock } = services;
  const { rotations } = await services.reminders();
  const connection = connectionOf(services, rotation);
  if (connection === undefined) return;
  const isDelivered = rotationState(rotation, clock.now()) !== 'undelivered';
  const items: ActionItem[] = [
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
  const placeholder = isDelivered
    ? `The new token was delivered; the old one is due ${rotation.revokeAt === undefined ? '' : localTime(rotation.revokeAt)}`
    : 'The new token’s value has not been copied yet';
  const picked = await showPickStep<ActionItem>({
    title: titleIn(services, connection, `Rotation of ${tokenName(rotation)}`),
    items,
    placeholder,
  });
  if (picked.type === 'done') await picked.value.run();
}

/** Revokes a rotation's old token, after the usual question. The rotation stays when that fails, to be tried again. */
export async function revokeOld(services: Services, rotation: Rotation): Promise<void> {
  const connection = connectionOf(services, rotation);
  if (connection === undefined) return;
  const listed = connection.store.find(rotation)?.list.find(rotation.id);
  const token = listed === undefined ? recordedToken(services, rotation) : { ...listed, id: rotation.id };
  const words = { subject: `the old “${tokenName(rotation)}”`, hasDates: listed !== undefined };
  if (await confirmAndRevoke(services, connection, [token], words))
    await (await services.reminders()).rotations.end(rotation.id);
}

/** As far as the rotation knows it: its dates are not known. */
const recordedToken = ({ clock }: Services, { id, kind, name }: Rotation): RevocableToken => ({
  id,
  kind,
  name,
  createdAt: clock.now(),
  expiresAt: undefined,
  revokedAt: undefined,
  lastUsedAt: undefined,
});
