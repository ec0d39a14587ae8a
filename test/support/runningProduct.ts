import type { Browser } from 'playwright-core';
import type { RenewableHost } from './renewal/hosts.ts';
import { RenewableHosts } from './renewal/hosts.ts';
import { renewalPort } from './renewal/messages.ts';
import { stageRenewable } from './renewal/stage.ts';
import { launchBrowser } from './vscode/browser.ts';
import { startVSCode, type VSCode, type VSCodeOptions } from './vscode/server.ts';
import { stageExtension } from './vscode/stagedExtension.ts';
import { packageExtension } from './vscode/vsix.ts';
import type { Workbench } from './vscode/workbench.ts';

/** What to start, with the product in it. */
export interface ProductOptions extends VSCodeOptions {
  /**
   * The product is installed from its package, as a person gets it, and not loaded from its build. By default it is
   * where the run of tests names a package in TEST_VSIX and nothing else takes its place.
   */
  packaged?: boolean;
  /** True: no other file of tests goes on with this VS Code, nor this one with another's. */
  ownServer?: boolean;
  /** False: each test has windows of its own. By default tests have one after the other, where that is possible. */
  sharesWindow?: boolean;
}

/** The window that tests have one after the other, and the extension host behind it. */
export interface SharedWindow {
  readonly window: Workbench;
  readonly host: RenewableHost;
  /** How many tests have had it. */
  readonly uses: number;
}

/** A VS Code with the product in it, and a browser. */
export interface RunningProduct {
  readonly vscode: VSCode;
  readonly browser: Browser;
  /** Where windows can be shared. */
  readonly hosts: RenewableHosts | undefined;
  /** Nothing but the product of this run is in it: the tests of another file can go on with it. */
  readonly isPlain: boolean;
  shared: SharedWindow | undefined;
}

/** What this process keeps from one file of tests for the next. */
const keeper: { isKeeping: boolean; kept: RunningProduct | undefined } = { isKeeping: false, kept: undefined };

/** From now on, a product that the tests of a file are done with is kept for those of the next, until `endKeeping`. */
export function keepProducts(): void {
  keeper.isKeeping = true;
}

/** Closes what is kept. */
export async function endKeeping(): Promise<void> {
  keeper.isKeeping = false;
  await closeKept();
}

/** Starts VS Code, or goes on with the one that is kept. */
export async function startProduct(given: ProductOptions): Promise<RunningProduct> {
  const { TEST_VSIX: vsix } = process.env;
  const { sharesWindow = true, ownServer = false, settings, ...rest } = given;
  const { packaged = vsix !== undefined && rest.extension === undefined, ...options } = rest;
  const isShared =
    sharesWindow &&
    !packaged &&
    options.extension === undefined &&
    options.trusted !== false &&
    options.env === undefined;
  const isOfRun = packaged === (vsix !== undefined);
  const isPlain = !ownServer && sharesWindow && isOfRun && Object.keys(options).length === 0;
  if (isPlain) {
    const { kept } = keeper;
    keeper.kept = undefined;
    if (kept !== undefined && isAlive(kept)) return kept;
    if (kept !== undefined) await close(kept);
  }
  const hosts = isShared ? await RenewableHosts.listen() : undefined;
  const product = packaged
    ? { vsix: vsix ?? (await packageExtension()) }
    : { extension: hosts === undefined ? stageExtension() : await stageRenewable() };
  const env = { ...options.env, ...(hosts === undefined ? {} : { [renewalPort]: String(hosts.port) }) };
  // Where the next file goes on, settings belong to the test.
  const ofStart = isShared || isPlain || settings === undefined ? {} : { settings };
  const [vscode, browser] = await Promise.all([
    startVSCode({ ...product, fewerBuiltins: !packaged, ...options, ...ofStart, env }),
    launchBrowser(),
  ]);
  return { vscode, browser, hosts, isPlain, shared: undefined };
}

/** Keeps a product for the next file, if it can be, or closes it. */
export async function putAway(running: RunningProduct, isSound: boolean): Promise<void> {
  if (!keeper.isKeeping || !running.isPlain || !isSound || !isAlive(running)) {
    await close(running);
    return;
  }
  await closeKept();
  keeper.kept = running;
}

async function closeKept(): Promise<void> {
  const { kept } = keeper;
  keeper.kept = undefined;
  if (kept !== undefined) await close(kept);
}

function isAlive({ vscode, browser }: RunningProduct): boolean {
  return vscode.isAlive() && browser.isConnected();
}

async function close({ vscode, browser, hosts }: RunningProduct): Promise<void> {
  hosts?.close();
  await browser.close();
  await vscode.close();
}
