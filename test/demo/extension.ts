import { readFileSync } from 'node:fs';
import { commands, ConfigurationTarget, workspace, type ExtensionContext } from 'vscode';
import { CheckedSecretStore } from '../../src/core/base/secretStore.ts';
import { systemClock } from '../../src/core/base/clock.ts';
import { ConnectionVault } from '../../src/core/connections/vault.ts';
import { parseBaseUrl } from '../../src/core/magicbell/baseUrl.ts';
import { Secret } from '../../src/core/base/secret.ts';
import { activate as activateProduct } from '../../src/extension.ts';
import { settingIds } from '../../src/vscode/ui/ids.ts';
import type { DemoConnection } from './stageDemo.ts';

export { deactivate } from '../../src/extension.ts';

/** Remembers what was connected: "Forget API Key" must last over a reload in the demo too. */
const connectedTo = 'demo.connectedTo';

/** Connects to the local API, starts the extension as it ships, and shows it. */
export async function activate(context: ExtensionContext): Promise<void> {
  const demo = JSON.parse(readFileSync(context.asAbsolutePath('demo.json'), 'utf8')) as DemoConnection;
  if (context.globalState.get(connectedTo) !== demo.token) await connect(context, demo);
  activateProduct(context);
  await commands.executeCommand('workbench.view.extension.magicbellTokens');
}

async function connect(context: ExtensionContext, { apiBaseUrl, token, projects }: DemoConnection): Promise<void> {
  const parsed = parseBaseUrl(apiBaseUrl);
  if (!parsed.ok) throw new Error(`The demo's base URL is none: ${apiBaseUrl}`);
  await workspace.getConfiguration().update(settingIds.apiBaseUrl, apiBaseUrl, ConfigurationTarget.Global);
  const vault = new ConnectionVault(new CheckedSecretStore(context.secrets, systemClock));
  for (const [index, { token: key, ...named }] of (projects ?? [{ token }]).entries()) {
    const id = index === 0 ? 'demo' : `demo-${index + 1}`;
    await vault.save({ ...named, id, baseUrl: parsed.baseUrl, key: new Secret(key) });
  }
  await context.globalState.update(connectedTo, token);
}
