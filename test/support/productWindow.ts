import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { type LocalApi, type LocalApiOptions, startLocalApi } from '../server/localApi.ts';
import { plantedKeys } from './productKeys.ts';
import { type RenewableHost, RenewableHosts } from './renewal/hosts.ts';
import { renewalPort } from './renewal/messages.ts';
import { closeQuestions, proveEmpty } from './renewal/page.ts';
import { stageRenewable } from './renewal/stage.ts';
import { launchBrowser } from './vscode/browser.ts';
import { signal, waitUntilGone } from './vscode/processes.ts';
import { startVSCode, type VSCode, type VSCodeOptions } from './vscode/server.ts';
import { stageExtension } from './vscode/stagedExtension.ts';
import { packageExtension } from './vscode/vsix.ts';
import { openWorkbench, setUserSettings, type Workbench, type WorkbenchOptions } from './vscode/workbench.ts';

export const projectTokens = 'Project Tokens';
export const userTokens = 'User Tokens';

/** A window with the extension, and the API that it is set up for. */
export interface ProductWindow {
  readonly window: Workbench;
  readonly api: LocalApi;
}

/** What to start, with the product in it. */
export interface ProductOptions extends VSCodeOptions {
  /**
   * The product is installed from its package, as a person gets it, and not loaded from its build. By default it is
   * where the run of tests names a package in TEST_VSIX and nothing else takes its place.
   */
  packaged?: boolean;
  /** Its tests have one window after the other, with a planted key; by default each has windows of its own. */
  sharesWindow?: boolean;
}

/** How to open a window of the product. */
interface OpenOptions extends WorkbenchOptions {
  /** What it is open on: "folder=/some/path". Such a window is a fresh one. */
  query?: string;
  /** A window, extension host and storage that no other test has had; by default tests share them. */
  fresh?: boolean;
}

/** The window that tests have one after the other, and the extension host behind it. */
interface SharedWindow {
  readonly window: Workbench;
  readonly host: RenewableHost;
}

interface Running {
  readonly vscode: VSCode;
  readonly browser: Browser;
  /** Where windows can be shared. */
  readonly hosts: RenewableHosts | undefined;
}

/**
 * One VS Code with the built extension and one browser. Each test gets APIs of its own, and a window that is a new one or
 * was brought back to how a new one is. What a test leaves is cleared before the next, so that a picture of a failure
 * can still be taken after it.
 */
export class ProductFixture {
  private readonly options: ProductOptions;
  /** The windows of this test, but not the shared one. */
  private readonly windows: Workbench[] = [];
  private readonly apis: LocalApi[] = [];
  private started: Running | undefined;
  private shared: SharedWindow | undefined;
  /** Whether this test has the shared window. */
  private isSharedInUse = false;

  constructor(options: ProductOptions) {
    this.options = options;
  }

  get vscode(): VSCode {
    return this.running.vscode;
  }

  get browser(): Browser {
    return this.running.browser;
  }

  /** Where the extension keeps its files, for all windows. */
  get globalStorage(): string {
    return path.join(this.vscode.dataDir, 'data', 'User', 'globalStorage', 'magicbell-tokens.magicbell-tokens');
  }

  async start(): Promise<void> {
    const { TEST_VSIX: given } = process.env;
    const { sharesWindow = false, ...rest } = this.options;
    const { packaged = given !== undefined && rest.extension === undefined, ...options } = rest;
    const hosts = sharesWindow && !packaged ? await RenewableHosts.listen() : undefined;
    const product = packaged
      ? { vsix: given ?? (await packageExtension()) }
      : { extension: hosts === undefined ? stageExtension() : await stageRenewable() };
    const env = { ...options.env, ...(hosts === undefined ? {} : { [renewalPort]: String(hosts.port) }) };
    const [vscode, browser] = await Promise.all([
      startVSCode({ ...product, fewerBuiltins: !packaged, ...options, env }),
      launchBrowser(),
    ]);
    this.started = { vscode, browser, hosts };
  }

  async api(options: LocalApiOptions = { seed: 'demo' }): Promise<LocalApi> {
    const api = await startLocalApi(options);
    this.apis.push(api);
    return api;
  }

  /** Opens a window that is set up for an API, without a key unless `secrets` hold one. */
  async open(api: Pick<LocalApi, 'url'>, { fresh, query, ...given }: OpenOptions = {}): Promise<Workbench> {
    const options = { ...given, settings: { 'magicbellTokens.apiBaseUrl': api.url, ...given.settings } };
    const { vscode, browser, hosts } = this.running;
    const wantsOwn =
      fresh === true || query !== undefined || given.theme !== undefined || given.storageState !== undefined;
    const isFirst = this.windows.length === 0 && !this.isSharedInUse;
    if (hosts !== undefined && isFirst && !wantsOwn) {
      const renewed = await this.renewed(options);
      if (renewed !== undefined) return renewed;
      const window = await openWorkbench(browser, vscode, options);
      this.shared = { window, host: await hosts.only() };
      this.isSharedInUse = true;
      return window;
    }
    const url = query === undefined ? vscode.url : `${vscode.url}&${query}`;
    const window = await openWorkbench(browser, { ...vscode, url }, options);
    this.windows.push(window);
    return window;
  }

  /** Opens a window that is connected, with its container shown. */
  async connected(apiOptions?: LocalApiOptions, options?: OpenOptions): Promise<ProductWindow> {
    const api = await this.api(apiOptions);
    return { window: await this.openConnected(api, options), api };
  }

  /** The same with an API that has been prepared. Where windows are shared, the key is planted instead of typed. */
  async openConnected(api: LocalApi, options?: OpenOptions): Promise<Workbench> {
    if (this.options.sharesWindow !== true) {
      const opened = await this.open(api, options);
      await connect(opened, api);
      return opened;
    }
    const window = await this.open(api, { ...options, secrets: await plantedKeys(api) });
    await window.openContainer('MagicBell');
    await window.untilFilled(projectTokens);
    return window;
  }

  /** Closes what the latest test has opened, and removes what it has left. */
  async clear(): Promise<void> {
    // Flows that wait for an answer end with that.
    await Promise.all(this.apis.splice(0).map((api) => api.close()));
    await this.emptyShared();
    await this.closeWindows();
  }

  async stop(): Promise<void> {
    const { started } = this;
    if (started === undefined) return;
    await Promise.all(this.apis.splice(0).map((api) => api.close()));
    this.started = this.shared = undefined;
    this.windows.length = 0;
    started.hosts?.close();
    await started.browser.close();
    await started.vscode.close();
  }

  /** Closes all windows but the shared one, and removes the files. */
  private async closeWindows(): Promise<void> {
    await Promise.all(this.windows.splice(0).map((window) => window.close()));
    const hosts = this.vscode.extensionHostPids().filter((pid) => pid !== this.shared?.host.pid);
    // A host outlives its window for a while, and would answer for what it has not delivered.
    for (const pid of hosts) signal(pid, 'SIGKILL');
    await waitUntilGone(hosts, 5000);
    rmSync(this.globalStorage, { recursive: true, force: true });
  }

  /** Ends the product in the shared window and empties that. A window that cannot be emptied is closed. */
  private async emptyShared(): Promise<void> {
    const { shared } = this;
    if (shared === undefined || !this.isSharedInUse) return;
    this.isSharedInUse = false;
    try {
      // A second window may have come between, and its extension host.
      if (this.windows.length > 0) throw new Error('it was not the only window');
      const host = shared.host.isConnected ? shared.host : await this.running.hosts?.only();
      if (host === undefined) throw new Error('its extension host is gone');
      await closeQuestions(shared.window);
      await host.demand({ do: 'stop' });
      await proveEmpty(shared.window);
      this.shared = { window: shared.window, host };
    } catch (error) {
      this.giveUp(shared, error);
    }
  }

  /** The shared window with the product started anew; undefined when there is none. */
  private async renewed({ theme, settings = {}, secrets = {} }: WorkbenchOptions): Promise<Workbench | undefined> {
    const { shared } = this;
    if (shared === undefined) return undefined;
    try {
      // The address of the API is changed by VS Code itself, which then reads the others too.
      const others = Object.entries(settings).filter(([name]) => name !== 'magicbellTokens.apiBaseUrl');
      setUserSettings(this.vscode, Object.fromEntries(others), theme);
      await shared.host.demand({ do: 'start', secrets, settings });
      this.isSharedInUse = true;
      return shared.window;
    } catch (error) {
      this.giveUp(shared, error);
      await this.closeWindows();
      return undefined;
    }
  }

  private giveUp(shared: SharedWindow, error: unknown): void {
    process.stdout.write(`    A window is not used again: ${String(error)}\n`);
    this.windows.push(shared.window);
    this.shared = undefined;
  }

  private get running(): Running {
    if (this.started === undefined) throw new Error('The tests have not started yet.');
    return this.started;
  }
}

/** Starts VS Code for the tests of the suite in which it is called. */
export function useProduct(options: ProductOptions = {}): ProductFixture {
  const fixture = new ProductFixture(options);
  before(() => fixture.start());
  beforeEach(() => fixture.clear());
  after(() => fixture.stop());
  return fixture;
}

/** Sets the API key by the welcome's button, and waits for what the view shows then. */
export async function connect(window: Workbench, api: LocalApi): Promise<void> {
  await window.openContainer('MagicBell');
  await window.pressWelcome(projectTokens, 'Set API Key…');
  await window.quickInput.waitForTitle('Set API Key');
  await window.quickInput.paste(api.token);
  await window.quickInput.accept();
  await window.toast(/^Connected to /);
}

/** Expands a user's row, and waits until it says how many tokens there are: VS Code draws its rows anew with that. */
export async function showTokensOf(window: Workbench, user: string): Promise<void> {
  const row = window.row(user, userTokens);
  await window.expand(row);
  await row.filter({ hasText: /token/ }).waitFor();
}

/** Changes user settings as a person does, in their JSON. VS Code's server does not see changes of the file itself. */
export async function editUserSettings(window: Workbench, settings: Readonly<Record<string, unknown>>): Promise<void> {
  const file = path.join(window.vscode.dataDir, 'data', 'User', 'settings.json');
  const current = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  await window.palette('Preferences: Open User Settings (JSON)');
  const tab = window.page.getByRole('tab', { name: /^settings\.json/ });
  await tab.waitFor();
  await window.page.locator('.monaco-editor[data-uri$="settings.json"] .view-line').first().click();
  await window.page.keyboard.press('ControlOrMeta+A');
  // Pasted, since an editor adds quotes and brackets to what is typed.
  await window.writeClipboard(JSON.stringify({ ...current, ...settings }));
  await window.page.keyboard.press('ControlOrMeta+V');
  await window.page.keyboard.press('ControlOrMeta+S');
  await tab.and(window.page.locator(':not(.dirty)')).waitFor();
}

/** The labels of a view's visible rows, from top to bottom. */
export async function labels(window: Workbench, view: string): Promise<string[]> {
  return (await window.rows(view)).map(({ label }) => label);
}
