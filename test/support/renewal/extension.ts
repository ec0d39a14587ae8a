import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { isDeepStrictEqual } from 'node:util';
import {
  commands,
  ConfigurationTarget,
  type ExtensionContext,
  type SecretStorage,
  type TreeDataProvider,
  TreeItem,
  window,
  workspace,
} from 'vscode';
import type * as builtProduct from '../../../src/extension.ts';
import { contextKeys, settingIds, viewIds } from '../../../src/vscode/ui/ids.ts';
import { callTool } from '../agent.ts';
import { keySlots } from '../productKeys.ts';
import { type Answer, type Demand, renewalPort } from './messages.ts';

type Product = Pick<typeof builtProduct, 'activate' | 'deactivate'>;

/**
 * The product in a window that several tests share: it is started like any extension, and can be ended and started again
 * in the same extension host. What it has left in VS Code is removed in between.
 */
class RenewableProduct {
  private readonly product: Product;
  private readonly context: ExtensionContext;
  private readonly slots = new Set(keySlots);
  private subscriptions: { dispose(): unknown }[] = [];

  constructor(product: Product, context: ExtensionContext) {
    this.product = product;
    this.context = context;
  }

  start(): void {
    this.subscriptions = [];
    const own = { subscriptions: { value: this.subscriptions }, secrets: { value: this.followedSecrets() } };
    this.product.activate(Object.create(this.context, own) as ExtensionContext);
  }

  async stop(): Promise<void> {
    await this.product.deactivate();
    for (const subscription of this.subscriptions.splice(0)) subscription.dispose();
  }

  async answer(demand: Demand): Promise<Answer> {
    if (demand.do === 'stop') {
      await this.stop();
      for (const slot of demand.slots) this.slots.add(slot);
      await this.tidy();
      return { differences: await this.leftovers() };
    }
    if (demand.do === 'restart') {
      await this.stop();
      await clearWindow();
      this.start();
      return { differences: [] };
    }
    if (demand.do === 'call') return { differences: [], text: (await callTool(demand.tool, demand.input)).text };
    const { 'magicbellTokens.apiBaseUrl': apiBaseUrl } = demand.settings;
    // The others are in the file by now. VS Code's server sees no change of a file but its own, and reads all with it.
    await workspace.getConfiguration().update(settingIds.apiBaseUrl, apiBaseUrl, ConfigurationTarget.Global);
    const names = new Set([...Object.values(settingIds), ...Object.keys(demand.settings)]);
    const differences = [...names].filter(
      (name) => !isDeepStrictEqual(workspace.getConfiguration().inspect(name)?.globalValue, demand.settings[name]),
    );
    for (const [slot, value] of Object.entries(demand.secrets)) await this.context.secrets.store(slot, value);
    this.start();
    return { differences: differences.map((name) => `setting ${name}`) };
  }

  private async tidy(): Promise<void> {
    await closeEditors();
    await commands.executeCommand('workbench.action.closePanel');
    await commands.executeCommand('workbench.view.explorer');
    await clearWindow();
    for (const slot of this.slots) await this.context.secrets.delete(slot);
    for (const state of [this.context.globalState, this.context.workspaceState])
      for (const key of state.keys()) await state.update(key, undefined);
  }

  private async leftovers(): Promise<string[]> {
    const { secrets, globalState, workspaceState } = this.context;
    const found = [...globalState.keys(), ...workspaceState.keys()].map((key) => `state ${key}`);
    for (const slot of this.slots) if ((await secrets.get(slot)) !== undefined) found.push(`secret ${slot}`);
    for (const { tabs } of window.tabGroups.all) found.push(...tabs.map(({ label }) => `editor ${label}`));
    return found;
  }

  /** SecretStorage cannot list its slots. */
  private followedSecrets(): Pick<SecretStorage, 'get' | 'store' | 'delete' | 'onDidChange'> {
    const { secrets } = this.context;
    return {
      get: (slot) => secrets.get(slot),
      store: (slot, value) => {
        this.slots.add(slot);
        return secrets.store(slot, value);
      },
      delete: (slot) => secrets.delete(slot),
      onDidChange: secrets.onDidChange,
    };
  }
}

/** Closes all editors without a question: what is unsaved is dropped. */
async function closeEditors(): Promise<void> {
  const tabs = () => window.tabGroups.all.flatMap((group) => group.tabs);
  for (let left = tabs().length; left > 0 && tabs().some(({ isDirty }) => isDirty); left--)
    await commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  if (tabs().length > 0) await commands.executeCommand('workbench.action.closeAllEditors');
}

/** Removes what VS Code keeps of an extension that it lets go. */
async function clearWindow(): Promise<void> {
  for (const key of Object.values(contextKeys)) await commands.executeCommand('setContext', key, undefined);
  for (const id of Object.values(viewIds)) clearHeader(id);
  await commands.executeCommand('notifications.clearAll');
}

/** VS Code keeps a view's description, message and badge when its extension lets it go. */
function clearHeader(id: string): void {
  const nothing: TreeDataProvider<never> = { getChildren: () => [], getTreeItem: () => new TreeItem('') };
  const view = window.createTreeView(id, { treeDataProvider: nothing });
  view.description = '';
  view.message = '';
  // Another one first: a new view takes for granted that it has none.
  view.badge = { value: 0, tooltip: '' };
  view.badge = undefined;
  view.dispose();
}

/** The entry of an extension that is the product, and follows the fixture's demands. */
export function renewable(product: Product): Product {
  let current: RenewableProduct | undefined;
  return {
    activate: (context) => {
      const started = (current = new RenewableProduct(product, context));
      started.start();
      const socket = connect(Number(process.env[renewalPort]), '127.0.0.1');
      const say = (message: unknown): void => void socket.write(`${JSON.stringify(message)}\n`);
      socket.on('error', () => undefined);
      say({ pid: process.pid });
      createInterface(socket).on('line', (line) => {
        started.answer(JSON.parse(line) as Demand).then(say, (error: unknown) => {
          say({ differences: [String(error)] });
        });
      });
    },
    deactivate: async () => current?.stop(),
  };
}
