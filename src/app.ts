import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import * as vscode from 'vscode';
import { CheckedSecretStore } from './core/base/secretStore.ts';
import { type Clock, systemClock } from './core/base/clock.ts';
import type { Audits } from './core/audit/audits.ts';
import { ConnectionVault } from './core/connections/vault.ts';
import { Connections } from './core/connections/connections.ts';
import { DisposableStore } from './core/base/disposable.ts';
import { Emitter } from './core/base/event.ts';
import { Leases, type Owner, isProcessAlive } from './core/base/lease.ts';
import { readsPerMinute } from './core/magicbell/limits.ts';
import { ClipboardToken } from './core/delivery/clipboardToken.ts';
import type { Destinations } from './core/destinations/destinations.ts';
import { IssuanceService } from './core/issuance/issuanceService.ts';
import { OutcomeLookUps } from './core/issuance/outcomeLookUps.ts';
import { Journal } from './core/issuance/journal.ts';
import { LedgerAccess } from './core/ledger/ledgerAccess.ts';
import { type SharedFolder, nodeSharedFolder } from './core/base/sharedFolder.ts';
import { ValueVault } from './core/issuance/valueVault.ts';
import { Redactor } from './core/base/redaction.ts';
import { WallClock } from './core/base/wallClock.ts';
import type { StartOptions } from './startOptions.ts';
import { ActivityRecorder } from './vscode/activity/activityRecorder.ts';
import { PagePanels } from './vscode/pages/pagePanels.ts';
import type { Reminders } from './vscode/reminders/reminders.ts';
import type { Services } from './vscode/services.ts';
import { startUp } from './vscode/startup.ts';
import { Views } from './vscode/tree/views.ts';
import { type CommandId, type ToolId, contextKeys } from './vscode/ui/ids.ts';
import { OutputLogger } from './vscode/ui/outputLogger.ts';
import { Settings } from './vscode/ui/settings.ts';
import { StatusItem } from './vscode/ui/statusItem.ts';

/** Time after the start in which nothing is requested unless a person asks for it. */
const quietStartMs = 60_000;

/** The product behind the stub: built when it is first needed, once per window. */
export interface App {
  run(id: CommandId, args: readonly unknown[]): Promise<void>;
  /** Fills a page's panel after VS Code has restored it. */
  restorePage(panel: vscode.WebviewPanel, state: unknown): Promise<void>;
  /** Runs a tool for an agent. */
  invokeTool(
    id: ToolId,
    input: unknown,
    cancellation: vscode.CancellationToken,
  ): Promise<vscode.LanguageModelToolResult>;
  /** Lets another window take over at once what this one has not delivered. */
  close(): Promise<void>;
}

/** What is built first, and used by everything else. */
interface Basis {
  readonly context: vscode.ExtensionContext;
  readonly options: StartOptions;
  readonly disposables: DisposableStore;
  readonly clock: Clock;
  readonly redactor: Redactor;
  readonly logger: OutputLogger;
  readonly settings: Settings;
  readonly secrets: CheckedSecretStore;
  readonly folder: (name: string) => SharedFolder;
  readonly owner: Owner;
}

/** Builds the product. No network, no HTTP code: the first list or command that needs them loads them. */
export function createApp(context: vscode.ExtensionContext, options: StartOptions): App {
  const basis = createBasis(context, options);
  const { disposables, clock, redactor, logger, settings, secrets, folder } = basis;
  const { doubles } = options;
  const connections = createConnections(basis);
  const activity = disposables.add(
    new ActivityRecorder(connections, vscode.Uri.joinPath(context.globalStorageUri, 'activity'), clock, logger),
  );
  const files = folder('issuances');
  const journal = new Journal(files, logger);
  const destinations = followDestinations(basis, connections, journal);
  disposables.add(journal.onDidAdvance((issuance) => void activity.noteIssuance(issuance)));
  const issuances = createIssuances(basis, { connections, journal, files });
  const wallClock = disposables.add(new WallClock(clock));
  let reminders: Reminders | undefined;
  let loading: Promise<Reminders> | undefined;
  const ledger = createLedger(basis, journal);
  const startReminders = async (): Promise<Reminders> => {
    const { createReminders } = await import('./vscode/reminders/reminders.ts');
    reminders = disposables.add(
      createReminders({ ...basis, startedAt: options.startedAt, connections, journal, ledger, wallClock }),
    );
    return reminders;
  };
  const views = disposables.add(
    new Views(options.trees, {
      connections,
      issuances,
      state: context.globalState,
      clock,
      settings,
      ledger,
      rotationOf: (connection, id) => reminders?.rotations.find(id, connection.id),
    }),
  );
  const statusItem = disposables.add(new StatusItem());
  const clipboard = doubles.clipboard ?? vscode.env.clipboard;
  const pages = disposables.add(new PagePanels(context.extensionUri, logger));
  const services: Services = {
    connections,
    activity,
    issuances,
    views,
    settings,
    clipboard,
    clipboardToken: disposables.add(
      new ClipboardToken({
        clipboard,
        clock,
        wallClock,
        settings,
        indicator: statusItem,
        recognise: async (text) =>
          (await import('./core/ledger/recogniseValue.ts')).recogniseValue(text, {
            ledger,
            issuances,
            connections,
            clock,
          }),
      }),
    ),
    reminders: () => (loading ??= startReminders()),
    ledger,
    audits: followAudits(basis),
    destinations,
    pages,
    statusItem,
    timePassed: disposables.add(new Emitter<void>()),
    secrets,
    files,
    workspaceState: context.workspaceState,
    state: context.globalState,
    clock,
    redact: (text) => redactor.redact(text),
    logger,
    drafts: new Map(),
  };
  disposables.add(startUp(services, context.secrets, files));
  return appOf(services);
}

/** What the stub calls. Each part is loaded when it is first used. */
const appOf = (services: Services): App => ({
  run: async (id, args) => (await import('./vscode/commands.ts')).runCommand(services, id, args),
  restorePage: async (panel, state) => (await import('./vscode/restorePage.ts')).restorePage(services, panel, state),
  invokeTool: async (id, input, cancellation) =>
    (await import('./vscode/agents/tools.ts')).invokeTool(services, id, input, cancellation),
  close: async () => {
    const turns = services.reminders().then((reminders) => reminders.turns.close());
    await Promise.all([services.issuances.abandonAll(), turns]);
  },
});

function createBasis(context: vscode.ExtensionContext, options: StartOptions): Basis {
  const disposables = new DisposableStore();
  context.subscriptions.push(disposables);
  const { doubles } = options;
  const clock = systemClock;
  const redactor = new Redactor();
  const channel = disposables.add(vscode.window.createOutputChannel('MagicBell Tokens', { log: true }));
  return {
    context,
    options,
    disposables,
    clock,
    redactor,
    logger: new OutputLogger(channel, redactor),
    settings: new Settings(),
    secrets: new CheckedSecretStore(doubles.secrets ?? context.secrets, clock),
    folder: (name) =>
      (doubles.sharedFolder ?? nodeSharedFolder)(vscode.Uri.joinPath(context.globalStorageUri, name).fsPath),
    owner: { windowId: randomUUID(), pid: process.pid, hostname: hostname() },
  };
}

function createConnections({ context, disposables, clock, redactor, logger, settings, secrets }: Basis): Connections {
  const version = (context.extension.packageJSON as { version: string }).version;
  return disposables.add(
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
      now: () => clock.now(),
      pageSize: () => settings.pageSize,
      redactor,
      logger,
    }),
  );
}

/** The ledger of issued and signed tokens. It drops tokens that were never created and values that nobody received. */
function createLedger({ disposables, secrets, folder, clock, logger }: Basis, journal: Journal): LedgerAccess {
  const ledger = disposables.add(
    new LedgerAccess(async () => {
      const { openLedger } = await import('./core/ledger/openLedger.ts');
      return openLedger({ secrets, files: folder('ledger'), clock, logger });
    }, logger),
  );
  disposables.add(journal.onDidAdvance((issuance) => void ledger.follow(issuance)));
  return ledger;
}

/** The audits of users' tokens; loaded when they are first needed. */
function followAudits({ disposables, folder, owner, clock, logger, settings }: Basis): () => Promise<Audits> {
  const load = async (): Promise<Audits> => {
    const { Audits } = await import('./core/audit/audits.ts');
    const files = folder('audits');
    const sharePerMinute = (): number => readsPerMinute * settings.auditShare;
    return disposables.add(
      new Audits({ files, owner, clock, logger, pageSize: () => settings.pageSize, sharePerMinute }),
    );
  };
  let loading: Promise<Audits> | undefined;
  return () => (loading ??= load());
}

/** Keeps where values went; loaded when it is first needed. */
function followDestinations(
  { disposables, folder, logger }: Basis,
  connections: Connections,
  journal: Journal,
): () => Promise<Destinations> {
  let loading: Promise<Destinations> | undefined;
  const files = folder('destinations');
  const load = (): Promise<Destinations> =>
    (loading ??= import('./core/destinations/destinations.ts').then(
      ({ Destinations }) => new Destinations({ files, readJournal: () => journal.readAll(), logger }),
    ));
  disposables.add(
    journal.onDidAdvance((issuance) => {
      if (issuance.placesDone !== undefined && !connections.hasForgotten(issuance.connectionId))
        void load().then((destinations) => destinations.note(issuance));
    }),
  );
  return load;
}

function createIssuances(
  { options, disposables, clock, redactor, logger, secrets, owner }: Basis,
  given: { readonly connections: Connections; readonly journal: Journal; readonly files: SharedFolder },
): IssuanceService {
  const { connections, journal, files } = given;
  const { startedAt } = options;
  const issuances = disposables.add(
    new IssuanceService({
      journal,
      leases: new Leases(files, owner, clock, isProcessAlive),
      vault: new ValueVault(secrets),
      clock,
      logger,
      redactor,
      // The window itself answers this, so it fails or hangs once the window is gone.
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
  return issuances;
}
