import * as vscode from 'vscode';
import { type Rotation, rotationState, rotationText } from '../../core/reminders/rotation.ts';
import { localTime } from '../../core/base/timeText.ts';
import type { RevocableToken } from '../../core/model/token.ts';
import { shortId, tokenName } from '../../core/tokens/tokenPresentation.ts';
import { showPickStep } from '../ui/quickInput.ts';
import type { Services } from '../services.ts';
import type { TokenNode } from '../tree/nodes.ts';
import { revokeKnown } from '../revoke/revokeTokens.ts';
import { ensureSignedIn } from '../connect/setApiKey.ts';

const dayMs = 24 * 60 * 60_000;

/** "Finish Rotation…": of a row or a due rotation, or one of the pending ones. `how` is `revoke` to go there at once. */
export async function finishRotation(services: Services, argument: unknown, how: unknown): Promise<void> {
  if (!(await ensureSignedIn(services))) return;
  const { rotations } = await services.reminders();
  const given = argument as Rotation | TokenNode | undefined;
  const id = given !== undefined && 'token' in given ? given.token.id : given?.id;
  const rotation = (id === undefined ? undefined : rotations.find(id)) ?? (await pickRotation(services));
  if (rotation === undefined) return;
  if (how === 'revoke') await revokeOld(services, rotation);
  else await settleRotation(services, rotation);
}

async function pickRotation({ session, reminders, clock }: Services): Promise<Rotation | undefined> {
  const { rotations } = await reminders();
  await rotations.scan();
  const pending = session.state.status === 'signedIn' ? rotations.of(session.state.connection.id) : [];
  if (pending.length === 0) {
    void vscode.window.showInformationMessage('No rotation is pending.');
    return undefined;
  }
  if (pending.length === 1) return pending[0];
  const items = pending.map((rotation) => ({
    label: tokenName(rotation),
    description: rotationText(rotation, clock.now()),
    rotation,
  }));
  const picked = await showPickStep({ title: 'Finish Rotation', items, placeholder: 'Which one?' });
  return picked.type === 'done' ? picked.value.rotation : undefined;
}

interface ActionItem extends vscode.QuickPickItem {
  readonly run: () => Promise<unknown>;
}

/** Offers to revoke the old token now, to be reminded later, or to leave it. */
export async function settleRotation(services: Services, rotation: Rotation): Promise<void> {
  const { clock } = services;
  const { rotations } = await services.reminders();
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
  const picked = await showPickStep<ActionItem>({ title: `Rotation of ${tokenName(rotation)}`, items, placeholder });
  if (picked.type === 'done') await picked.value.run();
}

/** Revokes a rotation's old token, after the usual question. The rotation stays when that fails, to be tried again. */
async function revokeOld(services: Services, rotation: Rotation): Promise<void> {
  if (await revokeKnown(services, oldToken(services, rotation)))
    await (await services.reminders()).rotations.end(rotation.id);
}

/** As it is listed, or as far as the rotation knows it. */
function oldToken({ store, clock }: Services, { id, kind, name }: Rotation): RevocableToken {
  const listed = store.find({ id, kind })?.list.find(id);
  const known = {
    kind,
    name,
    createdAt: clock.now(),
    expiresAt: undefined,
    revokedAt: undefined,
    lastUsedAt: undefined,
  };
  return { ...(listed ?? known), id };
}
