import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { installVSCode, SetupError, type Say, type VersionName, type VSCodeInstallation } from './install.ts';
import { descendants, isRunning, signal, waitUntilGone } from './processes.ts';
import { startProxy, type Proxy } from './proxy.ts';
import { calmSettings } from './settings.ts';
import { keepFolder, removeFolder, temporaryFolder } from './temporaryFolder.ts';

/** What to start. */
export interface VSCodeOptions {
  version?: VersionName;
  /** Folder of the extension under development: package.json, dist and media. */
  extension?: string;
  /** Folders of more of them, beside that one. */
  moreExtensions?: readonly string[];
  /** True: without those of VS Code's own extensions that the product has nothing to do with, so that it starts faster. */
  fewerBuiltins?: boolean;
  /** Module that exports `run()`, run inside the extension host as soon as a page is open. */
  testsPath?: string;
  /** A packaged extension, installed before the start. */
  vsix?: string;
  /** User settings on top of `calmSettings`. */
  settings?: Readonly<Record<string, unknown>>;
  /** Folder that the window opens; without it the window is empty. */
  folder?: string;
  /** False: the window knows workspace trust, and the folder is untrusted. */
  trusted?: boolean;
  /** Added to the environment of the server and its extension hosts; undefined removes a name. */
  env?: Readonly<Record<string, string | undefined>>;
  /** False: secrets live in the page's memory only and are lost on reload, as on a server without a key. */
  secretsPersist?: boolean;
  /** 0 or absent: any free port. The same port again is the same origin, with the browser's storage of it. */
  port?: number;
  /** Takes the next free port when that one is taken. */
  orNextPort?: boolean;
  /** A data folder of an earlier run to go on with; the caller owns it. */
  dataDir?: string;
  /** Leaves the data folder behind at `close`. */
  keepData?: boolean;
  say?: Say;
}

/** A running VS Code. Whoever started it closes it; it also ends when this process ends, however that happens. */
export interface VSCode {
  readonly version: string;
  /** The address to open; it carries a random token. */
  readonly url: string;
  readonly origin: string;
  readonly port: number;
  readonly pid: number;
  /** User data and extensions: `data/User/settings.json`, `data/User/globalStorage/…`. */
  readonly dataDir: string;
  /** The extension hosts, one for each open page, the newest last. */
  extensionHostPids(): number[];
  /** The newest extension host. */
  extensionHostPid(): number | undefined;
  isAlive(): boolean;
  /** Calls once when the server ends without having been closed. */
  onUnexpectedEnd(listener: () => void): void;
  /** Replaces the user settings of the start by others; a page that is opened afterwards surely has them. */
  setSettings(settings: Readonly<Record<string, unknown>>): void;
  /** What the server printed; there are no log files. */
  output(): string;
  close(): Promise<void>;
}

/** The version that this run of tests is about. */
export function versionUnderTest(): VersionName {
  return process.env['TEST_VSCODE'] === 'newest' ? 'newest' : 'oldest';
}

/** How servers of this process ended by themselves, as opposed to being closed. */
export const unexpectedDeaths: string[] = [];

const groups = new Set<number>();
process.once('exit', () => groups.forEach((pid) => signal(-pid, 'SIGKILL')));

/** Starts VS Code's server behind a door with a token (see `startProxy`), about one second. */
export async function startVSCode(options: VSCodeOptions): Promise<VSCode> {
  const installation = await installVSCode(options.version ?? versionUnderTest(), options.say);
  // A socket's path may have 107 characters at most, so it lies in the system's temporary folder. Its mode is 0700.
  const runDir = temporaryFolder('mbt', os.tmpdir());
  const dataDir = options.dataDir ?? path.join(runDir, 'data');
  const socketPath = path.join(runDir, 'vscode.sock');
  const env = environment(options);
  mkdirSync(path.join(dataDir, 'data', 'User'), { recursive: true });
  const setSettings = (settings: Readonly<Record<string, unknown>>) => {
    const all = { ...calmSettings, ...options.settings, ...settings };
    writeFileSync(path.join(dataDir, 'data', 'User', 'settings.json'), `${JSON.stringify(all, null, 2)}\n`);
  };
  setSettings({});

  const removeRun = () => {
    if (options.keepData === true) keepFolder(runDir);
    else removeFolder(runDir);
  };
  let server: ChildProcess | undefined;
  let proxy: Proxy;
  let pid: number;
  const printed: string[] = [];
  try {
    if (options.vsix !== undefined) installVsix(installation, dataDir, options.vsix, env);
    const builtinsDir = options.fewerBuiltins === true ? linkBuiltins(installation, runDir) : undefined;
    server = spawnServer(installation, { dataDir, socketPath, builtinsDir, trusted: options.trusted ?? true, env });
    pid = server.pid ?? 0;
    const keep = (chunk: Buffer) => printed.push(chunk.toString());
    server.stdout?.on('data', keep);
    server.stderr?.on('data', keep);
    await untilReady(server, socketPath, () => printed.join(''));
    proxy = await startProxy({ ...options, socketPath, secretsPersist: options.secretsPersist ?? true });
  } catch (error) {
    if (server?.pid !== undefined) signal(-server.pid, 'SIGKILL');
    removeRun();
    throw error;
  }

  const started = server;
  groups.add(pid);
  const extensionHostPids = () =>
    descendants(pid)
      .filter(({ command }) => command.includes('--type=extensionHost'))
      .map((host) => host.pid)
      .sort((a, b) => a - b);
  let closing: Promise<void> | undefined;
  started.once('exit', (code, name) => {
    if (closing === undefined) unexpectedDeaths.push(`exit ${String(code ?? name)}: ${printed.join('').slice(-2000)}`);
  });

  return {
    version: installation.version,
    url: proxy.url,
    origin: new URL(proxy.url).origin,
    port: proxy.port,
    pid,
    dataDir,
    extensionHostPids,
    extensionHostPid: () => extensionHostPids().at(-1),
    isAlive: () => started.exitCode === null && started.signalCode === null,
    onUnexpectedEnd: (listener) => {
      started.once('exit', () => {
        if (closing === undefined) listener();
      });
    },
    setSettings,
    output: () => printed.join(''),
    close: () =>
      (closing ??= (async () => {
        await proxy.close();
        await stop(started, pid);
        groups.delete(pid);
        removeRun();
      })()),
  };
}

function environment({ env }: VSCodeOptions): NodeJS.ProcessEnv {
  // Variables of an outer VS Code (its terminal) would confuse this one.
  const inherited = Object.entries(process.env).filter(([name]) => !/^(VSCODE_|ELECTRON_|npm_)/.test(name));
  return { ...Object.fromEntries(inherited), EXTENSIONS_GALLERY: '{}', ...env };
}

interface ServerStart {
  dataDir: string;
  socketPath: string;
  builtinsDir: string | undefined;
  trusted: boolean;
  env: NodeJS.ProcessEnv;
}

/**
 * Of VS Code's own extensions without code for a browser, these stay: the page of the workbench knows nothing of the
 * others and misses none. The product asks git's; the rest is how a window looks, and the languages of what it opens.
 */
const keptBuiltins = new Set(['git', 'theme-defaults', 'theme-seti', 'json', 'markdown-basics', 'ini', 'dotenv']);

/** A folder with links to those of VS Code's own extensions that tests need. */
function linkBuiltins({ serverDir }: VSCodeInstallation, runDir: string): string {
  const all = path.join(serverDir, 'extensions');
  const folder = path.join(runDir, 'builtins');
  mkdirSync(folder);
  for (const name of readdirSync(all)) {
    const manifest = path.join(all, name, 'package.json');
    if (!existsSync(manifest)) continue;
    const { browser } = JSON.parse(readFileSync(manifest, 'utf8')) as { browser?: string };
    if (browser !== undefined || keptBuiltins.has(name))
      symlinkSync(path.join(all, name), path.join(folder, name), 'junction');
  }
  return folder;
}

function spawnServer({ nodePath, serverDir }: VSCodeInstallation, start: ServerStart): ChildProcess {
  const args = [
    path.join(import.meta.dirname, 'serverGuard.mjs'),
    path.join(serverDir, 'out', 'server-main.js'),
    '--socket-path',
    start.socketPath,
    // The socket lies in a folder of mode 0700, and the proxy in front of it asks for its own token.
    '--without-connection-token',
    '--accept-server-license-terms',
    '--server-data-dir',
    start.dataDir,
    '--telemetry-level',
    'off',
    ...(start.builtinsDir === undefined ? [] : ['--builtin-extensions-dir', start.builtinsDir]),
    ...(start.trusted ? ['--disable-workspace-trust'] : []),
  ];
  // A process group of its own, so that one signal reaches its children too.
  return spawn(nodePath, args, { cwd: serverDir, env: start.env, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
}

function installVsix(
  { nodePath, serverDir }: VSCodeInstallation,
  dataDir: string,
  vsix: string,
  env: NodeJS.ProcessEnv,
) {
  const server = path.join(serverDir, 'out', 'server-main.js');
  const args = [
    server,
    '--accept-server-license-terms',
    '--server-data-dir',
    dataDir,
    '--install-extension',
    vsix,
    '--force',
  ];
  const { status, stdout, stderr } = spawnSync(nodePath, args, { cwd: serverDir, env, encoding: 'utf8' });
  if (status !== 0 || !stdout.includes('successfully installed')) {
    throw new SetupError(`VS Code did not install ${vsix}:\n${stdout}\n${stderr}`);
  }
}

async function untilReady(server: ChildProcess, socketPath: string, printed: () => string): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    if (server.exitCode !== null || server.signalCode !== null) break;
    if (await answers(socketPath)) return;
    await delay(50);
  }
  throw new Error(`VS Code's server did not start. It printed:\n${printed()}`);
}

function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = request({ socketPath, path: '/version' }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    probe.once('error', () => resolve(false));
    probe.end();
  });
}

async function stop(server: ChildProcess, pid: number): Promise<void> {
  const all = [pid, ...descendants(pid).map((child) => child.pid)];
  const ended = server.exitCode === null && server.signalCode === null ? once(server, 'exit') : undefined;
  signal(-pid, 'SIGKILL');
  // Terminals live in groups of their own.
  for (const each of all) if (isRunning(each)) signal(each, 'SIGKILL');
  await ended;
  const left = await waitUntilGone(all, 10_000);
  if (left.length > 0) throw new Error(`These processes of VS Code did not end: ${left.join(', ')}`);
}
