import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { type Event, type ExtensionContext, window } from 'vscode';
import { CheckedSecretStore } from '../../../src/core/base/secretStore.ts';
import { systemClock } from '../../../src/core/base/clock.ts';
import { ConnectionVault } from '../../../src/core/connections/vault.ts';
import { parseBaseUrl } from '../../../src/core/magicbell/baseUrl.ts';
import { Secret } from '../../../src/core/base/secret.ts';
import { benchKey } from '../benchKey.ts';
import type { Measured, StagedExtension } from '../steps.ts';
import { hostOptions } from './hostOptions.ts';
import { noTimers, watchTimers } from './watchTimers.ts';

interface Extension {
  activate(context: ExtensionContext): unknown;
  deactivate?: () => unknown;
}

let extension: Extension | undefined;

/** Starts the extension beside which this file lies, as it ships, and notes what that costs the host. */
export async function activate(context: ExtensionContext): Promise<Measured> {
  const staged = JSON.parse(readFileSync(context.asAbsolutePath('bench.json'), 'utf8')) as StagedExtension;
  const file = context.asAbsolutePath(staged.main);
  await connect(context);
  const refreshes = countRefreshes();
  const timers = hostOptions().watchesTimers ? watchTimers(context.extensionPath) : noTimers;
  // What was begun before is over, and the measured time is the extension's own.
  await new Promise((resolve) => setTimeout(resolve, 100));

  const startedAt = performance.now();
  const before = process.cpuUsage();
  extension = staged.isModule
    ? ((await import(pathToFileURL(file).href)) as Extension)
    : (createRequire(import.meta.url)(file) as Extension);
  await extension.activate(context);
  const { user, system } = process.cpuUsage(before);
  const cost = { cpuMs: (user + system) / 1000, wallMs: performance.now() - startedAt };
  return { cost, refreshes, ...timers };
}

export function deactivate(): unknown {
  return extension?.deactivate?.();
}

/** Keeps the API key as a person's earlier "Set API Key" would have. */
async function connect(context: ExtensionContext): Promise<void> {
  const baseUrl = parseBaseUrl(hostOptions().baseUrl);
  if (!baseUrl.ok) return;
  const vault = new ConnectionVault(new CheckedSecretStore(context.secrets, systemClock));
  await vault.save({ id: 'bench', baseUrl: baseUrl.baseUrl, key: new Secret(benchKey) });
}

/** Listens in on the trees that are made from now on: how often one has more than single rows drawn anew. */
function countRefreshes(): () => number {
  let count = 0;
  const { createTreeView } = window;
  const listening: typeof createTreeView = (id, options) => {
    const onDidChange = options.treeDataProvider.onDidChangeTreeData as Event<unknown> | undefined;
    onDidChange?.((changed) => {
      if (changed === undefined || changed === null) count += 1;
    });
    return createTreeView(id, options);
  };
  Object.assign(window, { createTreeView: listening });
  return () => count;
}
