import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { type LocalApi, type LocalApiOptions, startLocalApi } from '../server/localApi.ts';
import { readAnswer, type ToolAnswer } from './answers.ts';
import { mendClipboard } from './issuing.ts';
import { plantedKeys } from './productKeys.ts';
import { closeQuestions, proveEmpty, secretsLeft } from './renewal/page.ts';
import {
  type ProductOptions,
  putAway,
  type RunningProduct,
  type SharedWindow,
  startProduct,
} from './runningProduct.ts';
import { signal, waitUntilGone } from './vscode/processes.ts';
import type { VSCode } from './vscode/server.ts';
import { openWorkbench, setUserSettings, type Workbench, type WorkbenchOptions } from './vscode/workbench.ts';

export const projectTokens = 'Project Tokens';
export const userTokens = 'User Tokens';

/** A window with the extension, and the API that it is set up for. */
export interface ProductWindow {
  readonly window: Workbench;
  readonly api: LocalApi;
}

/** How to open a window of the product. */
interface OpenOptions extends WorkbenchOptions {
  /** What it is open on: "folder=/some/path". Such a window is a fresh one. */
  query?: string;
  /** A window, extension host and storage that no other test has had; by default tests share them. */
  fresh?: boolean;
}

/** After so many tests a shared window is exchanged for a new one. */
const usesAtMost = 30;

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
  private started: RunningProduct | undefined;
  /** Whether this test has the shared window. */
  private isSharedInUse = false;
  private hasFailed = false;

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
    this.started = await startProduct(this.options);
  }

  /** After a failure the shared window is not used again. */
  noteFailure(): void {
    this.hasFailed = true;
    const { shared } = this.running;
    if (shared === undefined || !this.isSharedInUse) return;
    this.windows.push(shared.window);
    this.running.shared = undefined;
    this.isSharedInUse = false;
  }

  async api(options: LocalApiOptions = { seed: 'demo' }): Promise<LocalApi> {
    const api = await startLocalApi(options);
    this.apis.push(api);
    return api;
  }

  /** Opens a window that is set up for an API, without a key unless `secrets` hold one. */
  async open(api: Pick<LocalApi, 'url'>, { fresh, query, ...given }: OpenOptions = {}): Promise<Workbench> {
    const own = { 'magicbellTokens.apiBaseUrl': api.url, ...this.options.settings, ...given.settings };
    const options = { ...given, settings: own };
    const { vscode, browser, hosts } = this.running;
    const wantsOwn =
      fresh === true || query !== undefined || given.theme !== undefined || given.storageState !== undefined;
    const isFirst = this.windows.length === 0 && !this.isSharedInUse;
    if (hosts !== undefined && isFirst && !wantsOwn) {
      const renewed = await this.renewed(options);
      if (renewed !== undefined) return renewed;
      const window = await openWorkbench(browser, vscode, options);
      this.running.shared = { window, host: await hosts.only(), uses: 1 };
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

  /** The same with an API that has been prepared. The key is planted, not typed. */
  async openConnected(api: LocalApi, options?: OpenOptions): Promise<Workbench> {
    const window = await this.open(api, { ...options, secrets: await plantedKeys(api) });
    await window.openContainer('MagicBell');
    await window.untilFilled(projectTokens);
    await window.untilFilled(userTokens);
    return window;
  }

  /**
   * Ends the product and starts it again with all that it has stored: in a shared window without a new extension host,
   * which costs seconds, and else by a reload. Where VS Code itself has to bring something back, a test reloads the window.
   */
  async restart(window: Workbench): Promise<void> {
    const { shared } = this.running;
    if (shared?.window === window && this.isSharedInUse) await shared.host.demand({ do: 'restart' });
    else await window.reload();
  }

  /** Calls a tool in the shared window, as an agent does. Resolves when it is answered, which a dialogue may put off. */
  async callTool(tool: string, input: object): Promise<ToolAnswer> {
    const { shared } = this.running;
    if (shared === undefined || !this.isSharedInUse) throw new Error('The shared window is not in use.');
    const { text } = await shared.host.demand({ do: 'call', tool, input });
    return readAnswer(text ?? '');
  }

  /** Closes what the latest test has opened, and removes what it has left. */
  async clear(): Promise<void> {
    // Flows that wait for an answer end with that.
    await Promise.all(this.apis.splice(0).map((api) => api.close()));
    await this.emptyShared();
    await this.closeWindows();
  }

  /** Closes everything, or leaves it empty for the next file of tests. */
  async stop(): Promise<void> {
    const { started } = this;
    if (started === undefined) return;
    const isSound = !this.hasFailed && (await isDone(this.clear()));
    await Promise.all(this.apis.splice(0).map((api) => api.close()));
    this.started = undefined;
    this.windows.length = 0;
    await putAway(started, isSound);
  }

  /** Closes all windows but the shared one, and removes the files. */
  private async closeWindows(): Promise<void> {
    await this.closeOthers();
    rmSync(this.globalStorage, { recursive: true, force: true });
  }

  /** Closes all windows but the shared one, with their extension hosts. */
  private async closeOthers(): Promise<void> {
    await Promise.all(this.windows.splice(0).map((window) => window.close()));
    const hosts = this.vscode.extensionHostPids().filter((pid) => pid !== this.running.shared?.host.pid);
    // A host outlives its window for a while, and would answer for what it has not delivered.
    for (const pid of hosts) signal(pid, 'SIGKILL');
    await waitUntilGone(hosts, 5000);
  }

  /** Ends the product in the shared window and empties that. A window that cannot be emptied is closed. */
  private async emptyShared(): Promise<void> {
    const { shared } = this.running;
    if (shared === undefined || !this.isSharedInUse) return;
    this.isSharedInUse = false;
    if (shared.uses >= usesAtMost) {
      this.giveUp(shared);
      return;
    }
    try {
      if (this.windows.length > 0) {
        // The extension host is another one after a reload, and cannot be told from those of other windows.
        if (!shared.host.isConnected) throw new Error('it was not the only window');
        await this.closeOthers();
      }
      const host = shared.host.isConnected ? shared.host : await this.running.hosts?.only();
      if (host === undefined) throw new Error('its extension host is gone');
      await mendClipboard(shared.window);
      await closeQuestions(shared.window);
      await host.demand({ do: 'stop', slots: await secretsLeft(shared.window) });
      await proveEmpty(shared.window);
      this.running.shared = { ...shared, host };
    } catch (error) {
      this.giveUp(shared, String(error));
    }
  }

  /** The shared window with the product started anew; undefined when there is none. */
  private async renewed({ theme, settings = {}, secrets = {} }: WorkbenchOptions): Promise<Workbench | undefined> {
    const { shared } = this.running;
    if (shared === undefined) return undefined;
    try {
      // The address of the API is changed by VS Code itself, which then reads the others too.
      const others = Object.entries(settings).filter(([name]) => name !== 'magicbellTokens.apiBaseUrl');
      setUserSettings(this.vscode, Object.fromEntries(others), theme);
      await shared.host.demand({ do: 'start', secrets, settings });
      this.running.shared = { ...shared, uses: shared.uses + 1 };
      this.isSharedInUse = true;
      return shared.window;
    } catch (error) {
      this.giveUp(shared, String(error));
      await this.closeWindows();
      return undefined;
    }
  }

  private giveUp(shared: SharedWindow, why?: string): void {
    if (why !== undefined) process.stdout.write(`    A window is not used again: ${why}\n`);
    this.windows.push(shared.window);
    this.running.shared = undefined;
  }

  private get running(): RunningProduct {
    if (this.started === undefined) throw new Error('The tests have not started yet.');
    return this.started;
  }
}

async function isDone(work: Promise<void>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch {
    return false;
  }
}

/** Starts VS Code for the tests of the suite in which it is called. */
export function useProduct(options: ProductOptions = {}): ProductFixture {
  const fixture = new ProductFixture(options);
  before(() => fixture.start());
  beforeEach(() => fixture.clear());
  afterEach(function () {
    if (this.currentTest?.state === 'failed') fixture.noteFailure();
  });
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
