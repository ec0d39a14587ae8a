import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { type LocalApi, type LocalApiOptions, startLocalApi } from '../server/localApi.ts';
import { launchBrowser } from './vscode/browser.ts';
import { signal, waitUntilGone } from './vscode/processes.ts';
import { startVSCode, type VSCode, type VSCodeOptions } from './vscode/server.ts';
import { stageExtension } from './vscode/stagedExtension.ts';
import { packageExtension } from './vscode/vsix.ts';
import { openWorkbench, type Workbench, type WorkbenchOptions } from './vscode/workbench.ts';

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
}

/**
 * One VS Code with the built extension and one browser for the tests of a file. Each test gets windows and APIs of its
 * own; what it leaves is cleared before the next, so that a picture of a failure can still be taken after it.
 */
export class ProductFixture {
  private readonly options: ProductOptions;
  private readonly windows: Workbench[] = [];
  private readonly apis: LocalApi[] = [];
  private started: { readonly vscode: VSCode; readonly browser: Browser } | undefined;

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
    const { packaged = given !== undefined && this.options.extension === undefined, ...options } = this.options;
    const product = packaged ? { vsix: given ?? (await packageExtension()) } : { extension: stageExtension() };
    const [vscode, browser] = await Promise.all([
      startVSCode({ ...product, fewerBuiltins: !packaged, ...options }),
      launchBrowser(),
    ]);
    this.started = { vscode, browser };
  }

  async api(options: LocalApiOptions = { seed: 'demo' }): Promise<LocalApi> {
    const api = await startLocalApi(options);
    this.apis.push(api);
    return api;
  }

  /** Opens a window that is set up for an API, without a key. `query` says what it is open on: "folder=/some/path". */
  async open(
    api: Pick<LocalApi, 'url'>,
    { settings, query, ...options }: WorkbenchOptions & { query?: string } = {},
  ): Promise<Workbench> {
    const url = query === undefined ? this.vscode.url : `${this.vscode.url}&${query}`;
    const window = await openWorkbench(
      this.browser,
      { ...this.vscode, url },
      {
        ...options,
        settings: { 'magicbellTokens.apiBaseUrl': api.url, ...settings },
      },
    );
    this.windows.push(window);
    return window;
  }

  /** Opens a window and connects it. */
  async connected(apiOptions?: LocalApiOptions, options?: WorkbenchOptions): Promise<ProductWindow> {
    const api = await this.api(apiOptions);
    const window = await this.open(api, options);
    await connect(window, api);
    return { window, api };
  }

  /** Closes what the latest test has opened, and removes what it has left on the disk. */
  async clear(): Promise<void> {
    await Promise.all(this.windows.splice(0).map((window) => window.close()));
    const hosts = this.vscode.extensionHostPids();
    // A host outlives its window for a while, and would answer for what it has not delivered.
    for (const pid of hosts) signal(pid, 'SIGKILL');
    await waitUntilGone(hosts, 5000);
    await Promise.all(this.apis.splice(0).map((api) => api.close()));
    rmSync(this.globalStorage, { recursive: true, force: true });
  }

  async stop(): Promise<void> {
    if (this.started === undefined) return;
    await this.clear();
    await this.browser.close();
    await this.vscode.close();
  }

  private get running(): { readonly vscode: VSCode; readonly browser: Browser } {
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
