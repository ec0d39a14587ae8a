import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import * as vscode from 'vscode';
import { CheckedSecretStore, type SecretStore } from './core/base/secretStore.ts';
import { systemClock } from './core/base/clock.ts';
import { ConnectionVault } from './core/connections/vault.ts';
import { Session } from './core/connections/session.ts';
import { DisposableStore } from './core/base/disposable.ts';
import { Leases, isProcessAlive } from './core/base/lease.ts';
import { ClipboardToken } from './core/delivery/clipboardToken.ts';
import type { Clipboard } from './core/delivery/clipboard.ts';
import { IssuanceService } from './core/issuance/issuanceService.ts';
import { Journal } from './core/issuance/journal.ts';
import { type SharedFolder, nodeSharedFolder } from './core/base/sharedFolder.ts';
import { ValueVault } from './core/issuance/valueVault.ts';
import { Redactor } from './core/base/redaction.ts';
import { RememberedUsers } from './core/tokens/rememberedUsers.ts';
import { TokenStore } from './core/tokens/tokenStore.ts';
import { WallClock } from './core/base/wallClock.ts';
import { ActivityRecorder } from './vscode/activity/activityRecorder.ts';
import { registerCommands } from './vscode/registerCommands.ts';
import { startUp } from './vscode/startup.ts';
import { contextKeys } from './vscode/ui/ids.ts';
import { OutputLogger } from './vscode/ui/outputLogger.ts';
import { Pages } from './vscode/browse/pages.ts';
import { PagePanels } from './vscode/overview/pagePanels.ts';
import type { Services } from './vscode/services.ts';
import { Settings } from './vscode/ui/settings.ts';
import { StatusItem } from './vscode/ui/statusItem.ts';
import type { Reminders } from './vscode/reminders/reminders.ts';
import { Views } from './vscode/tree/views.ts';

/** What tests put in the place of the real thing, to fail or to stop at a chosen step. VS Code passes none. */
export interface TestDoubles {
  readonly secrets?: SecretStore;
  readonly clipboard?: Clipboard;
  readonly sharedFolder?: (folder: string) => SharedFolder;
}

/** Which connection this window uses, in the workspace's state. */
const chosenConnection = 'magicbellTokens.connection';

let services: (Services & { dispose(): void }) | undefined;

/** Builds the extension. No network, no HTTP code: the first view or command that needs them loads them. */
export function activate(context: vscode.ExtensionContext, doubles: TestDoubles = {}): void {
  const disposables = new DisposableStore();
  context.subscriptions.push(disposables);
  const clock = systemClock;
  const redactor = new Redactor();
  const logger = new OutputLogger(
    disposables.add(vscode.window.createOutputChannel('MagicBell Tokens', { log: true })),
    redactor,
  );
  const settings = new Settings();
  const secrets = new CheckedSecretStore(doubles.secrets ?? context.secrets, clock);
  const clipboard = doubles.clipboard ?? vscode.env.clipboard;
  const version = (context.extension.packageJSON as { version: string }).version;

  const session = disposables.add(
    new Session({
      vault: new ConnectionVault(secrets, {
        get: () => context.workspaceState.get<string>(chosenConnection),
        set: (id) => context.workspaceState.update(chosenConnection, id),
      }),
      configuredBaseUrl: () => settings.baseUrl,
      createApi: async ({ baseUrl, key }) => {
        const [{ createMagicBellApi }, { fetch }] = await Promise.all([
          import('./core/magicbell/client.ts'),
          import('./http.ts'),
        ]);
        return createMagicBellApi({ baseUrl, key, fetch, clock, logger, version });
      },
      redactor,
      logger,
    }),
  );
  const activity = disposables.add(
    new ActivityRecorder(vscode.Uri.joinPath(context.globalStorageUri, 'activity'), session, clock, logger),
  );
  const users = new RememberedUsers(context.globalState, () => activity.connectionId);
  const store = disposables.add(
    new TokenStore(
      () => session.api(),
      () => settings.pageSize,
      () => users.pinned,
    ),
  );

  const folder = (name: string): SharedFolder =>
    (doubles.sharedFolder ?? nodeSharedFolder)(vscode.Uri.joinPath(context.globalStorageUri, name).fsPath);
  const files = folder('issuances');
  const owner = { windowId: randomUUID(), pid: process.pid, hostname: hostname() };
  const journal = new Journal(files, logger);
  disposables.add(journal.onDidAdvance((issuance) => void activity.noteIssuance(issuance)));
  const issuances = disposables.add(
    new IssuanceService({
      journal,
      leases: new Leases(files, owner, clock, isProcessAlive),
      vault: new ValueVault(secrets),
      clock,
      logger,
      redactor,
      // Answered by the window itself, so that it fails or hangs when there is none any more.
      pingWindow: () => vscode.commands.executeCommand('setContext', contextKeys.ping, true),
      startedAt: clock.now(),
    }),
  );
  const wallClock = disposables.add(new WallClock(clock));
  let reminders: Promise<Reminders> | undefined;
  const startTracking = async (): Promise<Reminders> => {
    const { createReminders } = await import('./vscode/reminders/reminders.ts');
    return disposables.add(createReminders({ session, store, settings, logger, journal, folder, clock, wallClock }));
  };
  const views = disposables.add(
    new Views({ session, store, issuances, users, state: context.globalState, clock, settings }),
  );
  const statusItem = disposables.add(new StatusItem());
  const clipboardToken = disposables.add(
    new ClipboardToken({ clipboard, clock, wallClock, settings, indicator: statusItem }),
  );
  services = {
    session,
    store,
    activity,
    users,
    issuances,
    views,
    settings,
    clipboard,
    clipboardToken,
    reminders: () => (reminders ??= startTracking()),
    pages: disposables.add(new PagePanels(context)),
    statusItem,
    secrets,
    files,
    workspaceState: context.workspaceState,
    clock,
    logger,
    drafts: new Map(),
    dispose: () => disposables.dispose(),
  };
  disposables.add(registerCommands(services));
  disposables.add(new Pages(services));
  disposables.add(services.pages.register(services));
  disposables.add(startUp(services, context.secrets, files));
}

/** Lets another window take over at once what this one has not delivered. */
export async function deactivate(): Promise<void> {
  await services?.issuances.abandonAll();
}
