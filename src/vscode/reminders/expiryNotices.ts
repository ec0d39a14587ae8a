import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../core/base/disposable.ts';
import type { Rotation } from '../../core/reminders/rotation.ts';
import { expiryText, shortId, tokenName } from '../../core/tokens/tokenPresentation.ts';
import type { ExpiryNotice } from '../../core/reminders/expiryWatch.ts';
import { commandIds, settingIds } from '../ui/ids.ts';
import { saidIn } from '../connect/projectName.ts';
import { reportError } from '../ui/reportError.ts';
import type { Services } from '../services.ts';
import { followTime } from './followTime.ts';
import type { Reminders } from './reminders.ts';

/** Looking through this many tokens would hold up their rows, which come first. */
const manyTokens = 1000;
const lookDelayMs = 500;

/** Tells of expiries and due rotations: the badge, the status item, and one notification each. */
export function followExpiries(services: Services, reminders: Reminders): Disposable {
  const { watch, rotations } = reminders;
  const { connections, issuances, views, statusItem, clock } = services;
  const disposables = new DisposableStore();
  const guard = (work: PromiseLike<unknown>): void => {
    work.then(undefined, (error: unknown) => void reportError(services, error));
  };
  const looking = disposables.add(new DisposableStore());
  disposables.add(
    connections.onDidChangeStore(({ connection }) => {
      looking.clear();
      if (connection.store.seenTokens.length < manyTokens) guard(watch.look());
      else looking.add(clock.after(lookDelayMs, () => guard(watch.look())));
    }),
  );
  disposables.add(connections.onDidChange(() => guard(watch.look())));
  disposables.add(
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (!change.affectsConfiguration(settingIds.expiryReminderDays)) return;
      views.refresh();
      guard(watch.look());
    }),
  );
  disposables.add(
    watch.onDidChange(() => {
      const { warnings } = watch;
      const count = warnings.length;
      const project = warnings.filter(({ token }) => token.kind === 'project').length;
      views.project.setBadge(project);
      views.user.setBadge(count - project);
      statusItem.setExpiring(count);
    }),
  );
  disposables.add(watch.onDidNotice((notices) => guard(tell(services, notices))));
  disposables.add(rotations.onDidBecomeDue((rotation) => guard(tellDue(services, rotation))));
  disposables.add(rotations.onDidChange(() => views.refresh()));
  // A new token may be delivered, or given up, far from its rotation: from its notice after a restart, for one.
  disposables.add(
    issuances.onDidChange(() => {
      if (rotations.isWaitingForDelivery) guard(rotations.scan());
    }),
  );
  disposables.add(followTime(services, reminders));
  guard(rotations.scan());
  guard(watch.look());
  return disposables;
}

async function tell(services: Services, notices: readonly ExpiryNotice[]): Promise<void> {
  const [first] = notices;
  if (first === undefined) return;
  const now = services.clock.now();
  if (notices.length > 1) {
    const expired = notices.filter(({ threshold }) => threshold === 0).length;
    const parts = [
      ...(notices.length > expired ? [counted(notices.length - expired, 'expires soon', 'expire soon')] : []),
      ...(expired > 0 ? [counted(expired, 'has expired', 'have expired')] : []),
    ];
    const choice = await vscode.window.showWarningMessage(`MagicBell tokens: ${parts.join(', ')}.`, 'Show…');
    if (choice !== undefined) await vscode.commands.executeCommand(commandIds.showExpiring);
    return;
  }
  const { token, connectionId } = first;
  await services.connections.start();
  const connection = services.connections.find(connectionId);
  if (connection === undefined) return;
  const choice = await vscode.window.showWarningMessage(
    saidIn(services, connection, `“${tokenName(token)}” ${expiryText(token, now)}.`),
    'Rotate…',
    'Don’t Remind Me for This Token',
  );
  if (choice === undefined) return;
  if (choice === 'Rotate…') await (await import('./rotateToken.ts')).rotate(services, connection, token);
  else await (await services.reminders()).watch.mute(connection.id, token);
}

const counted = (count: number, one: string, several: string): string => `${count} ${count === 1 ? one : several}`;

async function tellDue(services: Services, rotation: Rotation): Promise<void> {
  // After a restart a rotation may be due before the connections are read.
  await services.connections.start();
  const connection = services.connections.find(rotation.connectionId);
  if (connection === undefined) return;
  const message = `The old “${tokenName(rotation)}” (${shortId(rotation.id)}) was rotated and is due to be revoked.`;
  const choice = await vscode.window.showWarningMessage(saidIn(services, connection, message), 'Revoke…', 'Later…');
  if (choice === undefined) return;
  const { revokeOld, settleRotation } = await import('./finishRotation.ts');
  await (choice === 'Revoke…' ? revokeOld(services, rotation) : settleRotation(services, rotation));
}
