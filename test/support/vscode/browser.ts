import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';
import { chromium, type Browser, type BrowserContext, type LaunchOptions } from 'playwright-core';
import { installOnce, isHostSupported, SetupError, type Say } from './install.ts';
import { descendants, signal, waitUntilGone } from './processes.ts';

const installedBrowsers: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  linux: ['/usr/bin/google-chrome', '/usr/bin/chromium', '/usr/bin/chromium-browser', '/snap/bin/chromium'],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
  win32: [
    String.raw`C:\Program Files\Google\Chrome\Application\chrome.exe`,
    String.raw`C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe`,
  ],
};

/** Not the package's own arguments: one of them makes all contexts share their storage. */
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--js-flags=--min-semi-space-size=64',
];

/** A browser with a profile on disk, which can be killed and started again. */
export interface PersistentBrowser {
  context: BrowserContext;
  /**
   * Ends it the hard way: its pages first, which get no chance to say goodbye, then the rest. Chromium writes what pages
   * put into localStorage, VS Code's secrets for one, up to a minute late; it gets half a second to catch up here.
   */
  kill(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a headless Chromium; its contexts share nothing. */
export async function launchBrowser(say?: Say): Promise<Browser> {
  return explain(chromium.launch(await launchOptions(say)));
}

/** Starts a headless Chromium on a profile folder: storage, cookies and secrets survive it. */
export async function persistentBrowser(userDataDir: string, say?: Say): Promise<PersistentBrowser> {
  const context = await explain(
    chromium.launchPersistentContext(userDataDir, { ...(await launchOptions(say)), ...contextOptions }),
  );
  return {
    context,
    kill: async () => {
      const closed = context.waitForEvent('close').catch(() => undefined);
      const main = descendants(process.pid).find(({ command }) => command.includes(`--user-data-dir=${userDataDir}`));
      if (main === undefined) throw new Error('The browser is not running.');
      const all = [main, ...descendants(main.pid)];
      for (const { pid } of all.filter(({ command }) => command.includes('--type=renderer'))) signal(pid, 'SIGKILL');
      await untilWritten(path.join(userDataDir, 'Default', 'Local Storage', 'leveldb'));
      for (const { pid } of all) signal(pid, 'SIGKILL');
      await closed;
      const left = await waitUntilGone(
        all.map(({ pid }) => pid),
        5000,
      );
      if (left.length > 0) throw new Error(`The browser's processes ${left.join(', ')} did not end.`);
    },
    close: () => context.close(),
  };
}

/** Waits until nothing was added to a database for half a second. */
async function untilWritten(folder: string): Promise<void> {
  const size = () =>
    existsSync(folder) ? readdirSync(folder).reduce((sum, name) => sum + statSync(path.join(folder, name)).size, 0) : 0;
  for (let before = -1, now = size(); now !== before; now = size()) {
    before = now;
    await delay(500);
  }
}

/** The window that all tests and pictures use. */
export const contextOptions = { viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1 } as const;

async function launchOptions(say: Say = () => undefined): Promise<LaunchOptions> {
  const chosen = process.env['CHROMIUM_PATH'];
  if (chosen !== undefined) {
    if (existsSync(chosen)) return { executablePath: chosen, args };
    throw new SetupError(`CHROMIUM_PATH names ${chosen}, which does not exist.`);
  }
  if (isHostSupported()) return bundledChromium(say);
  const found = installedBrowsers[process.platform]?.find((file) => existsSync(file));
  if (found !== undefined) return { executablePath: found, args };
  throw new SetupError('No browser found: install Chrome or Chromium, or set CHROMIUM_PATH to one.');
}

/** The browser, its libraries and a font all lie compressed in one npm package, so that nothing of the system is needed. */
async function bundledChromium(say: Say): Promise<LaunchOptions> {
  const build = path.dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium'));
  const packageDir = path.resolve(build, '..', '..');
  const { version } = JSON.parse(readFileSync(path.join(packageDir, 'package.json'), 'utf8')) as { version: string };
  const folder = await installOnce(`chromium-${version}-1`, async (into) => {
    say(`Unpacking Chromium ${version} (once)…`);
    const packed = path.join(packageDir, 'bin');
    await Promise.all([
      unpackFile(path.join(packed, 'chromium.br'), path.join(into, 'chromium')),
      unpackArchive(path.join(packed, 'swiftshader.tar.br'), into),
      unpackArchive(path.join(packed, 'al2023.tar.br'), into),
      unpackArchive(path.join(packed, 'fonts.tar.br'), into),
    ]);
    writeFileSync(path.join(into, 'fonts.conf'), fontSettings);
  });
  const env = {
    ...process.env,
    LD_LIBRARY_PATH: [path.join(folder, 'lib'), process.env['LD_LIBRARY_PATH']].filter(Boolean).join(':'),
    FONTCONFIG_PATH: folder,
  };
  return { executablePath: path.join(folder, 'chromium'), args, env };
}

/** The packed font first, so that pictures look the same everywhere; the system's for what it lacks. */
const fontSettings = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <dir>/usr/share/fonts</dir>
  <dir prefix="xdg">fonts</dir>
  <alias><family>sans-serif</family><prefer><family>Open Sans</family></prefer></alias>
  <alias><family>system-ui</family><prefer><family>Open Sans</family></prefer></alias>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`;

async function unpackFile(from: string, to: string): Promise<void> {
  await writeFile(to, await promisify(brotliDecompress)(await readFile(from)));
  await chmod(to, 0o755);
}

async function unpackArchive(from: string, into: string): Promise<void> {
  const archive = path.join(into, path.basename(from, '.br'));
  await unpackFile(from, archive);
  await promisify(execFile)('tar', ['-xf', archive, '-C', into, '--no-same-owner']);
  rmSync(archive);
}

/** @throws SetupError when it lacks libraries of the system, with the command that brings them. */
async function explain<T>(launch: Promise<T>): Promise<T> {
  try {
    return await launch;
  } catch (error) {
    const missing = /error while loading shared libraries: (\S+?):|version `(GLIBC\S+)' not found/.exec(String(error));
    if (missing === null) throw error;
    throw new SetupError(
      `Chromium cannot start: this system lacks ${missing[1] ?? missing[2] ?? 'a library'}. ` +
        'On Debian and Ubuntu: sudo apt-get install -y libnss3 libnspr4 libexpat1. ' +
        'Or install Chrome or Chromium and set CHROMIUM_PATH to it.',
    );
  }
}
