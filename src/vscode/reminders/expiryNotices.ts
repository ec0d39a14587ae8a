import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../core/base/disposable.ts';
import type { Rotation } from '../../core/reminders/rotation.ts';
import { shortId, tokenName } from '../../core/tokens/tokenPresentation.ts';
import type { ExpiryWarning } from '../../core/reminders/expiryWatch.ts';
import { noticeText } from '../../core/reminders/expiryWords.ts';
import { commandIds, settingIds } from '../ui/ids.ts';
import { saidIn } from '../../core/connections/projectName.ts';
import { reportError } from '../ui/reportError.ts';
import type { Services } from '../services.ts';
import { followTime } from './followTime.ts';
import type { Reminders } from './reminders.ts';

/** Evaluating tokens at once would delay their rows, which come first. */
const checkDelayMs = 500;
/** Rotations that become due within this time are announced together. */
const dueDelayMs = 300;

/** Reports expiries and due rotations: the badge, the status item, and one notification each. */
export function followExpiries(services: Services, reminders: Reminders): Disposable {
  const { watch, rotations, dailyLook } = reminders;
  const { connections, issuances, ledger, views, statusItem, clock } = services;
  const disposables = new DisposableStore();
  const guard = (work: PromiseLike<unknown>): void => {
    work.then(undefined, (error: unknown) => void reportError(services, error));
  };
  const checks = disposables.add(new DisposableStore());
  const following = disposables.add(new DisposableStore());
  disposables.add(
    connections.onDidChangeStore(({ connection, change }) => {
      if (change.list === 'none') {
        const { token, user } = change;
        const owner = user === undefined ? undefined : connection.store.user(user);
        guard(watch.note({ connectionId: connection.id, tokens: [{ token, owner }], isWhole: () => false }));
        return;
      }
      checks.clear();
      checks.add(clock.after(checkDelayMs, () => guard(watch.check())));
    }),
  );
  disposables.add(
    connections.onDidChange(() => {
      guard(watch.check());
      guard(dailyLook.schedule());
    }),
  );
  disposables.add(ledger.onDidChange(() => guard(watch.check())));
  disposables.add(
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration(settingIds.dailyCheck)) guard(dailyLook.schedule());
      if (!change.affectsConfiguration(settingIds.expiryReminderDays)) return;
      views.refresh();
      guard(watch.check());
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
  disposables.add(watch.onDidNotice((warnings) => guard(notifyExpiries(services, warnings))));
  // Another window may have seen or revoked something.
  disposables.add(
    reminders.onDidChangeFiles(() => {
      following.clear();
      following.add(clock.after(checkDelayMs, () => guard(watch.followFiles())));
    }),
  );
  disposables.add(followDue(services, reminders, guard));
  disposables.add(rotations.onDidChange(() => views.refresh()));
  // A rotation's new token may be delivered or given up outside its flow, such as from the notice after a restart.
  disposables.add(
    issuances.onDidChange(() => {
      if (rotations.isWaitingForDelivery) guard(rotations.scan());
    }),
  );
  disposables.add(followTime(services, reminders));
  guard(rotations.scan());
  guard(watch.check());
  guard(dailyLook.schedule());
  return disposables;
}

/** Announces due rotations. */
function followDue(
  services: Services,
  { rotations, turns }: Reminders,
  guard: (work: PromiseLike<unknown>) => void,
): Disposable {
  const { clock } = services;
  const disposables = new DisposableStore();
  // All windows notice a due rotation; one announces it, together with those that are due at the same time.
  const due: Rotation[] = [];
  const announcing = disposables.add(new DisposableStore());
  disposables.add(
    rotations.onDidBecomeDue((rotation) =>
      guard(
        turns.take(rotation).then((isMine) => {
          if (!isMine) return;
          due.push(rotation);
          announcing.clear();
          announcing.add(clock.after(dueDelayMs, () => guard(notifyDue(services, due.splice(0)))));
        }),
      ),
    ),
  );
  return disposables;
}

async function notifyExpiries(services: Services, warnings: readonly ExpiryWarning[]): Promise<void> {
  const [only, second] = warnings;
  if (only === undefined) return;
  const text = noticeText(warnings, (id) => services.connections.nowOf(id));
  await services.connections.start();
  const connection = services.connections.find(only.connectionId);
  if (second !== undefined || connection === undefined) {
    const choice = await vscode.window.showWarningMessage(text, 'Show…');
    if (choice !== undefined) await vscode.commands.executeCommand(commandIds.showExpiring);
    return;
  }
  const said = saidIn(services, connection, text);
  const renew = only.isSigned === true ? 'Sign Again…' : 'Rotate…';
  const choice = await vscode.window.showWarningMessage(said, renew, 'Don’t Remind Me of This Token');
  if (choice === undefined) return;
  if (choice !== renew) await (await import('./muting.ts')).mute(services, [only]);
  else if (only.isSigned === true) await (await import('./signAgain.ts')).signWatchedAgain(services, connection, only);
  else await (await import('./rotateToken.ts')).rotate(services, connection, only.token);
}

async function notifyDue(services: Services, rotations: readonly Rotation[]): Promise<void> {
  // After a restart a rotation may be due before the connections are read.
  await services.connections.start();
  const known = rotations.flatMap((rotation) => {
    const connection = services.connections.find(rotation.connectionId);
    return connection === undefined ? [] : [{ rotation, connection }];
  });
  const [only, second] = known;
  if (only === undefined) return;
  if (second !== undefined) {
    const message = `${known.length} old tokens were rotated and are due to be revoked.`;
    const choice = await vscode.window.showWarningMessage(message, 'Show…');
    if (choice !== undefined) await vscode.commands.executeCommand(commandIds.finishRotation);
    return;
  }
  const { rotation, connection } = only;
  const message = `The old “${tokenName(rotation)}” (${shortId(rotation.id)}) was rotated and is due to be revoked.`;
  const choice = await vscode.window.showWarningMessage(saidIn(services, connection, message), 'Revoke…', 'Later…');
  if (choice === undefined) return;
  const { revokeOld, settleRotation } = await import('./finishRotation.ts');
  await (choice === 'Revoke…' ? revokeOld(services, rotation) : settleRotation(services, rotation));
}
