import * as vscode from 'vscode';
import { ConnectionVault } from '../core/connections/vault.ts';
import { type Disposable, DisposableStore } from '../core/base/disposable.ts';
import type { SharedFolder } from '../core/base/sharedFolder.ts';
import { ContextKey } from './ui/contextKey.ts';
import { contextKeys } from './ui/ids.ts';
import type { Services } from './services.ts';

/** One change of the journal causes several events. */
const scanDelayMs = 500;

/** What runs without a command: the start, and reactions to other windows and SecretStorage. */
export function startUp(services: Services, secrets: vscode.SecretStorage, files: SharedFolder): Disposable {
  const { connections, issuances, clock, logger } = services;
  const disposables = new DisposableStore();
  const sessionKey = new ContextKey<'signedIn' | 'signedOut'>(contextKeys.session);
  const undeliveredKey = new ContextKey<boolean>(contextKeys.hasUndelivered);
  const follow = (work: Promise<unknown>): void => {
    work.catch((error: unknown) => logger.error(`start: ${(error as Error).stack ?? 'failed'}`));
  };

  const cliLoginKey = new ContextKey<boolean>(contextKeys.hasCliLogin);
  follow(import('./connect/cliLogin.ts').then(async ({ hasCliLogin }) => cliLoginKey.set(await hasCliLogin())));
  disposables.add(
    connections.onDidChange(() => {
      if (connections.state !== 'unknown') sessionKey.set(connections.all.length > 0 ? 'signedIn' : 'signedOut');
    }),
  );
  /** Issuances that start in this window need no notice; others were left behind by another window. */
  const known = new Set<string>();
  const left = new Set<string>();
  const offering = disposables.add(new DisposableStore());
  disposables.add(
    issuances.onDidChange(() => {
      undeliveredKey.set(issuances.pending.length > 0);
      for (const { issuance, status } of issuances.pending) {
        if (status !== 'inProgress' && !known.has(issuance.id)) left.add(issuance.id);
        known.add(issuance.id);
      }
      if (left.size === 0) return;
      offering.clear();
      const offer = async (): Promise<void> => {
        const ids = new Set(left);
        left.clear();
        await (await import('./pending/pendingNotice.ts')).showPendingNotice(services, ids);
      };
      // One notice for everything that a scan finds.
      offering.add(clock.after(scanDelayMs, () => follow(offer())));
    }),
  );
  disposables.add(
    secrets.onDidChange(({ key }) => {
      if (key === ConnectionVault.slot) follow(connections.reload());
    }),
  );
  disposables.add(
    vscode.window.onDidChangeWindowState(({ focused }) => {
      // Another text may have been copied while the window was not focused.
      if (focused) follow(services.clipboardToken.check());
    }),
  );
  follow(
    issuances.scan().then(() => {
      const scanning = disposables.add(new DisposableStore());
      const scanSoon = (): void => {
        scanning.clear();
        scanning.add(clock.after(scanDelayMs, () => follow(issuances.scan())));
      };
      disposables.add(files.watch(scanSoon));
    }),
  );
  // Loads code in advance that the first view and the first command need. Sends no requests.
  follow(
    connections.start().then(async (all) => {
      await Promise.all([...all.map((connection) => connection.api()), import('./commands.ts')]);
    }),
  );
  follow(
    Promise.all([import('./reminders/expiryNotices.ts'), services.reminders()]).then(
      ([{ followExpiries }, reminders]) => {
        disposables.add(followExpiries(services, reminders));
      },
    ),
  );
  return disposables;
}
