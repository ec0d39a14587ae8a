import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import * as vscode from 'vscode';
import { CheckedSecretStore } from './core/base/secretStore.ts';
import { systemClock } from './core/base/clock.ts';
import { ConnectionVault } from './core/connections/vault.ts';
import { Connections } from './core/connections/connections.ts';
import { DisposableStore } from './core/base/disposable.ts';
import { Leases, isProcessAlive } from './core/base/lease.ts';
import { ClipboardToken } from './core/delivery/clipboardToken.ts';
import { IssuanceService } from './core/issuance/issuanceService.ts';
import { OutcomeLookUps } from './core/issuance/outcomeLookUps.ts';
import { Journal } from './core/issuance/journal.ts';
import { type SharedFolder, nodeSharedFolder } from './core/base/sharedFolder.ts';
import { ValueVault } from './core/issuance/valueVault.ts';
import { Redactor } from './core/base/redaction.ts';
import { WallClock } from './core/base/wallClock.ts';
import type { TestDoubles, Trees } from './extension.ts';
import { ActivityRecorder } from './vscode/activity/activityRecorder.ts';
import { Pages } from './vscode/browse/pages.ts';
import type { Reminders } from './vscode/reminders/reminders.ts';
import type { Services } from './vscode/services.ts';
import { startUp } from './vscode/startup.ts';
import { Views } from './vscode/tree/views.ts';
import { type CommandId, contextKeys } from './vscode/ui/ids.ts';
import { OutputLogger } from './vscode/ui/outputLogger.ts';
import { Settings } from './vscode/ui/settings.ts';
import { StatusItem } from './vscode/ui/statusItem.ts';

/** No request is made by itself before this time has passed since the start. */
const quietStartMs = 60_000;

/** The product behind the stub: built on first need, once in a window. */
export interface App {
  run(id: CommandId, args: readonly unknown[]): Promise<void>;
  /** Lets another window take over at once what this one has not delivered. */
  close(): Promise<void>;
}

/** Builds the product. No network, no HTTP code: the first list or command that needs them loads them. */
export function createApp(
  context: vscode.ExtensionContext,
  { doubles, trees, startedAt }: { readonly doubles: TestDoubles; readonly trees: Trees; readonly startedAt: Date },
): App {
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
  const connections = disposables.add(
    new Connections({
      vault: new ConnectionVault(secrets),
      createApi: async ({ baseUrl, key }) => {
        const [{ createMagicBellApi }, { fetch }] = await Promise.all([
          import('./core/magicbell/client.ts'),
          import('./http.ts'),
        ]);
        return createMagicBellApi({ baseUrl, key, fetch, clock, logger, version });
      },
      state: context.globalState,
      pageSize: () => settings.pageSize,
      redactor,
      logger,
    }),
  );
  const activity = disposables.add(
    new ActivityRecorder(vscode.Uri.joinPath(context.globalStorageUri, 'activity'), clock, logger),
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
      startedAt,
    }),
  );
  disposables.add(
    new OutcomeLookUps({
      issuances,
      api: (id) => connections.find(id)?.api(),
      clock,
      logger,
      notBefore: new Date(startedAt.getTime() + quietStartMs),
    }),
  );
  const wallClock = disposables.add(new WallClock(clock));
  let reminders: Reminders | undefined;
  let loading: Promise<Reminders> | undefined;
  const startReminders = async (): Promise<Reminders> => {
    const { createReminders } = await import('./vscode/reminders/reminders.ts');
    reminders = disposables.add(createReminders({ connections, settings, logger, journal, folder, clock, wallClock }));
    return reminders;
  };
  const views = disposables.add(
    new Views(trees, {
      connections,
      issuances,
      state: context.globalState,
      clock,
      settings,
      rotationOf: (connection, id) => reminders?.rotations.find(id, connection.id),
    }),
  );
  const statusItem = disposables.add(new StatusItem());
  const services: Services = {
    connections,
    activity,
    issuances,
    views,
    settings,
    clipboard,
    clipboardToken: disposables.add(
      new ClipboardToken({ clipboard, clock, wallClock, settings, indicator: statusItem }),
    ),
    reminders: () => (loading ??= startReminders()),
    statusItem,
    secrets,
    files,
    workspaceState: context.workspaceState,
    clock,
    logger,
    drafts: new Map(),
  };
  disposables.add(new Pages(services));
  disposables.add(startUp(services, context.secrets, files));
  return {
    run: async (id, args) => (await import('./vscode/commands.ts')).runCommand(services, id, args),
    close: () => issuances.abandonAll(),
  };
}
