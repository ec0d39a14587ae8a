import { readdir } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { App } from './app.ts';
import type { StartOptions, TestDoubles } from './startOptions.ts';
import { LazyTree } from './vscode/tree/lazyTree.ts';
import { commandIds, restoredPanels, toolIds, viewIds } from './vscode/ui/ids.ts';

/** Time from activation until the product is loaded: VS Code's own start comes first. */
const lookDelayMs = 1000;
/**
 * The slot in which `ConnectionVault` keeps the connections, and the folder of the journal. Repeated here so that the
 * stub does not load their code.
 */
const connectionsSlot = 'magicbellTokens.connections';
const journalFolder = 'issuances';

let app: Promise<App> | undefined;

/**
 * Registers the commands and both views, and loads the rest on first need. A second later it is loaded as well where
 * there is something to do: a connection, or an issuance that is not settled.
 */
export function activate(context: vscode.ExtensionContext, doubles: TestDoubles = {}): void {
  app = undefined;
  // What another window stores in SecretStorage after this is not seen here (see IssuanceService).
  const startedAt = new Date();
  const load = (): Promise<App> => {
    app ??= import('./app.ts').then(
      ({ createApp }) => createApp(context, { doubles, trees, startedAt }),
      (error: unknown) => {
        // The next call loads it again.
        app = undefined;
        throw error;
      },
    );
    return app;
  };
  const trees: StartOptions['trees'] = {
    project: new LazyTree(viewIds.projectTokens, load, false),
    user: new LazyTree(viewIds.userTokens, load, true),
  };
  context.subscriptions.push(trees.project, trees.user);
  for (const id of Object.values(commandIds)) {
    context.subscriptions.push(
      vscode.commands.registerCommand(id, async (...args: unknown[]) => (await load()).run(id, args)),
    );
  }
  for (const id of Object.values(toolIds)) {
    context.subscriptions.push(
      vscode.lm.registerTool(id, {
        invoke: async ({ input }, cancellation) => (await load()).invokeTool(id, input, cancellation),
      }),
    );
  }
  for (const type of restoredPanels) {
    context.subscriptions.push(
      vscode.window.registerWebviewPanelSerializer(type, {
        deserializeWebviewPanel: async (panel, state: unknown) => (await load()).restorePage(panel, state),
      }),
    );
  }
  const timer = setTimeout(() => loadIfNeeded(context, doubles, load), lookDelayMs);
  context.subscriptions.push({ dispose: () => clearTimeout(timer) });
}

export async function deactivate(): Promise<void> {
  await (await app)?.close();
}

/** Looks for a connection and for a journal independently of each other, since SecretStorage may hang. */
function loadIfNeeded(context: vscode.ExtensionContext, doubles: TestDoubles, load: () => Promise<App>): void {
  const loadWhen = (isNeeded: Thenable<boolean>): void => {
    // The next command or view loads the product again, and reports the error.
    Promise.resolve(isNeeded)
      .then((is) => (is ? load() : undefined))
      .catch(() => undefined);
  };
  const secrets = doubles.secrets ?? context.secrets;
  loadWhen(
    secrets.get(connectionsSlot).then(
      (stored) => stored !== undefined,
      () => true,
    ),
  );
  loadWhen(
    readdir(vscode.Uri.joinPath(context.globalStorageUri, journalFolder).fsPath).then(
      (names) => names.length > 0,
      () => false,
    ),
  );
}
