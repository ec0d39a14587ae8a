import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import path from 'node:path';
import type * as vscodeApi from 'vscode';
import {
  commands,
  extensions,
  type ExtensionContext,
  type TreeDataProvider,
  type TreeItem,
  type TreeView,
} from 'vscode';
import type * as builtProduct from '../../../src/extension.ts';
import { type LocalApi, type LocalApiOptions, startLocalApi } from '../../server/localApi.ts';
import { eventually } from '../eventually.ts';
import { plantedKeys } from '../productKeys.ts';
import { Messages } from './messages.ts';
import { Panels } from './panels.ts';
import { QuickInputs } from './quickInputs.ts';
import { replace } from './replace.ts';
import { Timers } from './timers.ts';

interface Held {
  readonly context: ExtensionContext;
  /** The API as the extension has it: another object than what the tests import. */
  readonly vscode: typeof vscodeApi;
  readonly product: Pick<typeof builtProduct, 'activate' | 'deactivate'>;
}

/** A row of a view as its provider gives it. */
export interface Row {
  readonly node: unknown;
  readonly label: string;
  readonly description: string;
}

interface View {
  readonly provider: TreeDataProvider<unknown>;
  readonly tree: TreeView<unknown>;
}

/** A clipboard that no page can refuse, so that a delivery is confirmed in any host. */
class MemoryClipboard {
  text = '';
  fails = false;
  readText = (): Promise<string> => Promise.resolve(this.text);
  writeText = (text: string): Promise<void> => {
    if (this.fails) return Promise.reject(new Error('no clipboard'));
    this.text = text;
    return Promise.resolve();
  };
}

/**
 * The extension, started by tests inside its host: the real bundle, VS Code, SecretStorage and files. Only what VS Code
 * refuses to a run of tests is answered from here: dialogues, and the keys of a person.
 */
export class HeldProduct {
  readonly quickInputs: QuickInputs;
  readonly messages: Messages;
  readonly panels: Panels;
  readonly clipboard = new MemoryClipboard();
  private readonly held: Held;
  private readonly views = new Map<string, View>();
  private readonly apis: LocalApi[] = [];
  private readonly timers: Timers;
  private readonly restore: (() => void)[];
  private saveTo = '';
  private subscriptions: { dispose(): unknown }[] = [];

  private constructor(held: Held) {
    this.held = held;
    const { window } = held.vscode;
    this.quickInputs = new QuickInputs(window);
    this.messages = new Messages(window);
    this.panels = new Panels(held.vscode);
    const { createTreeView } = window;
    const createFollowed = (id: string, options: vscodeApi.TreeViewOptions<unknown>): TreeView<unknown> => {
      const tree = createTreeView.call(window, id, options);
      this.views.set(id, { provider: options.treeDataProvider, tree });
      return tree;
    };
    this.timers = new Timers(path.join(held.context.extensionPath, 'dist'));
    this.restore = [
      replace(window, 'createTreeView', createFollowed),
      replace(window, 'showSaveDialog', () => Promise.resolve(held.vscode.Uri.file(this.saveTo))),
    ];
  }

  static async hold(): Promise<HeldProduct> {
    const extension = extensions.getExtension<Held>('magicbell-tokens.magicbell-tokens');
    assert.ok(extension);
    return new HeldProduct(await extension.activate());
  }

  get vscode(): typeof vscodeApi {
    return this.held.vscode;
  }

  get globalStorage(): string {
    return this.held.context.globalStorageUri.fsPath;
  }

  /** What SecretStorage holds in one of the extension's slots. */
  secret(slot: string): PromiseLike<string | undefined> {
    return this.held.context.secrets.get(`magicbellTokens.${slot}`);
  }

  /** Starts the extension, as VS Code does. */
  start(): void {
    const { context, product } = this.held;
    this.subscriptions = [];
    const own = Object.create(context, { subscriptions: { value: this.subscriptions } }) as ExtensionContext;
    product.activate(own, { clipboard: this.clipboard });
  }

  /** Ends the extension, as VS Code does: `deactivate` first, then what it subscribed. */
  async stop(): Promise<void> {
    await this.held.product.deactivate();
    for (const subscription of this.subscriptions.splice(0)) subscription.dispose();
  }

  /** Starts a local API, and connects to it as a person does. */
  async connect(options: LocalApiOptions = { seed: 'demo' }): Promise<LocalApi> {
    const api = await this.api(options);
    await this.connectTo(api.url, api.token);
    await this.messages.shown(/^Connected to /);
    return api;
  }

  /** Starts the extension anew, with the keys of all projects of an API as if they had been entered before. */
  async connectAll(api: LocalApi): Promise<void> {
    await this.stop();
    for (const [slot, value] of Object.entries(await plantedKeys(api)))
      await this.held.context.secrets.store(slot, value);
    this.start();
  }

  /** Enters the key of a base URL. Resolves when the box is closed. */
  async connectTo(url: string, key: string): Promise<void> {
    await this.configure('apiBaseUrl', url);
    const done = this.run('setApiKey');
    await this.quickInputs.enter('Set API Key', key);
    await done;
  }

  async api(options: LocalApiOptions = { seed: 'demo' }): Promise<LocalApi> {
    const api = await startLocalApi(options);
    this.apis.push(api);
    return api;
  }

  /** Sets a setting of the user; undefined takes the default. */
  async configure(name: string, value: unknown): Promise<void> {
    const { workspace, ConfigurationTarget } = this.vscode;
    await workspace.getConfiguration('magicbellTokens').update(name, value, ConfigurationTarget.Global);
  }

  /** Sets a setting of VS Code's own for the user; undefined takes the default. */
  async configureHost(name: string, value: unknown): Promise<void> {
    const { workspace, ConfigurationTarget } = this.vscode;
    await workspace.getConfiguration().update(name, value, ConfigurationTarget.Global);
  }

  /** Runs a command of the extension by the last part of its id. Its flow goes on until its inputs are answered. */
  run(name: string, ...args: unknown[]): Promise<unknown> {
    return Promise.resolve(commands.executeCommand(`magicbellTokens.${name}`, ...args));
  }

  /** Goes through "Create Project Token…" with the expiry that is preselected, until its value was delivered or not. */
  async createProjectToken(name: string): Promise<void> {
    // The only copy of an earlier value would be asked about.
    this.clipboard.text = 'something else';
    const created = this.run('createProjectToken');
    await this.quickInputs.type('Create Project Token', name);
    await this.quickInputs.pick('Create Project Token', '90 days');
    await created;
  }

  /** Signs a token for a user's row, for an hour; its value. */
  async signFor(email: string, { keys }: LocalApi): Promise<string> {
    // The only copy of an earlier value would be asked about.
    this.clipboard.text = 'something else';
    const { node } = await this.row('userTokens', email);
    const signed = this.run('signUserToken', node);
    const title = `Sign Token for ${email}`;
    for (const key of [keys.apiKey, keys.secretKey]) await this.quickInputs.type(title, key);
    await this.quickInputs.pick(title, '1 hour');
    await signed;
    return this.clipboard.text;
  }

  /** Where the extension's code has set the timers that have not run yet. */
  runningTimers(): readonly string[] {
    return this.timers.set;
  }

  /** Where the next file is saved: the dialogue that asks is one that VS Code refuses. */
  saveAs(file: string): void {
    this.saveTo = file;
  }

  badge(view: 'projectTokens' | 'userTokens'): number {
    return this.view(view).tree.badge?.value ?? 0;
  }

  /** The rows of a view, or those below one of them. */
  async rows(view: 'projectTokens' | 'userTokens', below?: unknown): Promise<Row[]> {
    const { provider } = this.view(view);
    const nodes = (await provider.getChildren(below)) ?? [];
    return Promise.all(
      nodes.map(async (node) => {
        const { label, description }: TreeItem = await provider.getTreeItem(node);
        return {
          node,
          label: typeof label === 'string' ? label : (label?.label ?? ''),
          description: typeof description === 'string' ? description : '',
        };
      }),
    );
  }

  /** The name of a row's icon. */
  async icon(view: 'projectTokens' | 'userTokens', node: unknown): Promise<string | undefined> {
    const { iconPath } = await this.view(view).provider.getTreeItem(node);
    return iconPath instanceof this.vscode.ThemeIcon ? iconPath.id : undefined;
  }

  /** A row, as soon as it is there and, if so asked, says what it shall say. */
  row(view: 'projectTokens' | 'userTokens', label: string, description = /^/, below?: unknown): Promise<Row> {
    return eventually(async () => {
      const rows = await this.rows(view, below);
      const row = rows.find((each) => each.label === label && description.test(each.description));
      const seen = rows.map((each) => `${each.label}: ${each.description}`);
      assert.ok(row, `no row “${label}” ${String(description)} in ${JSON.stringify(seen)}`);
      return row;
    });
  }

  /** Ends everything that a test has started, and removes what it has left. */
  async clear(): Promise<void> {
    await this.stop();
    this.quickInputs.clear();
    this.messages.clear();
    this.panels.clear();
    Object.assign(this.clipboard, { text: '', fails: false });
    const { secrets, globalState, workspaceState } = this.held.context;
    for (const slot of ['connections', 'signingKeys', 'fingerprintKey'])
      await secrets.delete(`magicbellTokens.${slot}`);
    for (const state of [globalState, workspaceState])
      for (const key of state.keys()) await state.update(key, undefined);
    for (const setting of ['apiBaseUrl', 'expiryReminderDays']) await this.configure(setting, undefined);
    rmSync(this.globalStorage, { recursive: true, force: true });
    await Promise.all(this.apis.splice(0).map((api) => api.close()));
    await commands.executeCommand('workbench.action.closeAllEditors');
  }

  /** Gives VS Code's API back as it was. */
  release(): void {
    for (const restore of this.restore) restore();
    this.timers.release();
    this.quickInputs.release();
    this.messages.release();
    this.panels.release();
  }

  private view(name: string): View {
    const view = this.views.get(`magicbellTokens.${name}`);
    assert.ok(view, `the view ${name} was not created`);
    return view;
  }
}

/** Holds the extension for the tests of the suite in which it is called; each starts with nothing. */
export function useHeldProduct(): { readonly current: HeldProduct } {
  let current: HeldProduct | undefined;
  before(async () => {
    current = await HeldProduct.hold();
  });
  beforeEach(() => current?.start());
  afterEach(() => current?.clear());
  after(() => current?.release());
  return {
    get current() {
      assert.ok(current);
      return current;
    },
  };
}
