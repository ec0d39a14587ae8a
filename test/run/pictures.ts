// "npm run pictures": pictures of everything that people see, from the real window, in all four kinds of theme. Fails on
// text that does not fit and on a theme that is not there. With --commit the few that the documents show are replaced.
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import type { Browser } from 'playwright-core';
import { bundle, webviewOptions } from '../../esbuild.js';
import type { FaultSpec } from '../server/faults.ts';
import { type LocalApi, startLocalApi } from '../server/localApi.ts';
import { breakClipboard, createProjectToken, mendClipboard } from '../support/issuing.ts';
import { plantedKeys } from '../support/productKeys.ts';
import { projectTokens, userTokens } from '../support/productWindow.ts';
import { frontPage } from '../support/frontPage.ts';
import { launchBrowser } from '../support/vscode/browser.ts';
import type { VersionName } from '../support/vscode/install.ts';
import { projectDir, workDir } from '../support/vscode/paths.ts';
import { startVSCode, type VSCode } from '../support/vscode/server.ts';
import { stageExtension } from '../support/vscode/stagedExtension.ts';
import { temporaryFolder } from '../support/vscode/temporaryFolder.ts';
import { openWorkbench, type Theme, type Workbench } from '../support/vscode/workbench.ts';
import { type Crop, toWebp } from './webp.ts';

/** Each with the class that VS Code gives a window in a theme of that kind. */
const themes: Readonly<Record<Theme, string>> = {
  light: 'vs',
  dark: 'vs-dark',
  'high contrast': 'hc-black',
  'high contrast light': 'hc-light',
};

/** The pictures of whole windows that documents show, from the project's folder. */
const kept: Readonly<Record<string, string>> = {
  'light/revoke': 'docs/pictures/revoke.png',
  'dark/walkthrough-2-browse': 'docs/pictures/walkthrough.png',
  'high-contrast/undelivered': 'docs/pictures/undelivered.png',
};

interface Part extends Crop {
  readonly selector: string;
  readonly file: string;
}

const webview = 'iframe.webview.ready';
/** The Overview's summary and the beginning of its table. */
const overview = { selector: webview, height: 590, width: 670 };

/**
 * The parts of a window that documents show. Those of docs/page travel inside the packaged page, so each has to be small.
 */
const parts: Readonly<Record<string, Part>> = {
  'light/overview': { ...overview, file: 'docs/page/overview-light' },
  'dark/overview': { ...overview, file: 'docs/page/overview-dark' },
  'dark/list': { selector: '.part.sidebar', height: 460, file: 'docs/page/list' },
  'dark/create-expiry': { selector: '.quick-input-widget', file: 'docs/page/create-expiry' },
  'dark/revoke': { selector: '.monaco-dialog-box', file: 'docs/page/revoke' },
  'light/details': { selector: webview, height: 420, file: 'docs/pictures/token' },
  'light/check': { selector: webview, height: 640, file: 'docs/pictures/check-token' },
};

const { values } = parseArgs({
  options: {
    commit: { type: 'boolean' },
    theme: { type: 'string', multiple: true },
    newest: { type: 'boolean' },
    /** Only those of the Overview. */
    overview: { type: 'boolean' },
  },
});
const version: VersionName = values.newest === true ? 'newest' : 'oldest';
const chosen = (Object.keys(themes) as Theme[]).filter((theme) => values.theme?.includes(theme) ?? true);
const outFolder = path.join(workDir, 'pictures');
const faults: string[] = [];
const tell = (fault: string): void => {
  faults.push(fault);
  console.error(`error: ${fault}`);
};

/** Text that is cut off where it has no "…" of a row: in dialogs, notifications, welcomes, boxes and buttons. */
const overflowing = `(() => {
  const places = '.monaco-dialog-box, .notification-toast, .welcome-view-content, .quick-input-title, .quick-input-message, .monaco-hover-content, .getting-started-step, .getting-started-detail-right';
  const found = [];
  for (const place of document.querySelectorAll(places)) {
    if (place.getClientRects().length === 0) continue;
    for (const element of [place, ...place.querySelectorAll('*')]) {
      const hasText = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim() !== '');
      const style = getComputedStyle(element);
      if (!hasText || style.display === 'inline' || element.getClientRects().length === 0) continue;
      if (element.closest('[aria-hidden=true], .codicon, .monaco-list-row') !== null) continue;
      if (element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0) found.push(element.textContent.trim().slice(0, 80));
    }
  }
  return found;
})()`;

class Album {
  private readonly window: Workbench;
  private readonly theme: Theme;
  private readonly browser: Browser;

  constructor(window: Workbench, theme: Theme, browser: Browser) {
    this.window = window;
    this.browser = browser;
    this.theme = theme;
  }

  /** Brings the window into a state and takes its picture; what fails is told at the end, and the rest goes on. */
  async take(name: string, prepare: () => Promise<unknown>, tidy: () => Promise<unknown> = done): Promise<void> {
    const id = `${this.theme.replaceAll(' ', '-')}/${name}`;
    const { page } = this.window;
    try {
      await prepare();
      // Pictures of a window that comes to rest: sliding and fading are over by then.
      await page.waitForTimeout(400);
      await page.screenshot({ path: this.file(id) });
      const part = parts[id];
      if (part !== undefined)
        writeFileSync(
          this.file(id, 'webp'),
          await toWebp(this.browser, await page.locator(part.selector).screenshot(), part),
        );
      for (const text of await page.evaluate<string[]>(overflowing)) tell(`${id}: does not fit: ${text}`);
      await tidy();
    } catch (error) {
      tell(`${id}: ${String(error).split('\n')[0] ?? ''}`);
      await page.screenshot({ path: this.file(`${id}-failed`) });
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');
    }
  }

  async checkTheme(): Promise<void> {
    const themed = this.window.page.locator(`.monaco-workbench.${themes[this.theme]}`);
    await themed.waitFor({ timeout: 10_000 }).catch(() => tell(`${this.theme}: there is no such theme`));
  }

  private file(id: string, type = 'png'): string {
    const file = path.join(outFolder, `${id}.${type}`);
    mkdirSync(path.dirname(file), { recursive: true });
    return file;
  }
}

const done = (): Promise<void> => Promise.resolve();

async function picturesOf(window: Workbench, api: LocalApi, theme: Theme, browser: Browser): Promise<void> {
  const { page, quickInput, modal } = window;
  const album = new Album(window, theme, browser);
  const closeToasts = () => window.palette('Notifications: Clear All Notifications');
  const escape = () => page.keyboard.press('Escape');
  await album.checkTheme();

  await album.take('signed-out', async () => {
    await window.openContainer('MagicBell');
    await window.welcome(projectTokens);
  });
  await window.pressWelcome(projectTokens, 'Set API Key…');
  await quickInput.waitForTitle('Set API Key');
  await album.take('key-box', () => quickInput.paste('pk_abcdef'));

  // Nothing loaded, and something wrong: one welcome for each.
  const failures: readonly [string, FaultSpec['fault'], RegExp][] = [
    ['key-refused', { kind: 'status', status: 401 }, /does not accept/],
    ['offline', { kind: 'reset' }, /cannot be reached/],
    ['not-offered', { kind: 'notOffered' }, /does not list/],
    ['failed', { kind: 'status', status: 400 }, /could not be loaded/],
    ['empty', { kind: 'edit', set: { data: [] }, omit: [], headers: {} }, /lists no tokens/],
  ];
  const apply = (fault: FaultSpec['fault'], skip: number) => {
    api.faults.clear();
    api.faults.add({ operation: 'FetchProjectTokens', skip, times: 'always', fault });
    api.faults.add({ operation: 'ListUsers', times: 'always', fault });
  };
  for (const [index, [name, fault, text]] of failures.entries()) {
    await album.take(name, async () => {
      apply(fault, index === 0 ? 1 : 0);
      if (index === 0) {
        await quickInput.paste(api.token);
        await quickInput.accept();
      } else await window.palette('MagicBell: Refresh');
      await page.locator('.welcome-view-content').filter({ hasText: text }).first().waitFor();
      await closeToasts();
    });
  }
  api.faults.clear();
  await window.palette('MagicBell: Refresh');
  await window.row('CI deploy').waitFor();
  await window.row('hana@example.com').waitFor();
  await closeToasts();

  await album.take(
    'list',
    async () => {
      // No more of it than is full of rows.
      await page.setViewportSize({ width: 1280, height: 620 });
      await window.expand(window.row('hana@example.com'));
      await window.row('CI deploy').click();
    },
    () => page.setViewportSize({ width: 1280, height: 800 }),
  );
  await album.take(
    'hover',
    async () => {
      await window.row('Staging webhook').hover();
      await page.locator('.monaco-hover:visible').waitFor();
    },
    () => page.mouse.move(900, 500),
  );
  await album.take(
    'row-menu',
    async () => {
      await window.row('CI deploy').click({ button: 'right' });
      await page.locator('.monaco-menu:visible').last().waitFor();
    },
    escape,
  );
  await album.take(
    'view-menu',
    async () => {
      const title = page.locator('.pane-header').filter({ hasText: userTokens });
      await title.hover();
      await title.getByLabel(/^(Views and )?More Actions/).click();
      await page.locator('.monaco-menu:visible').last().waitFor();
    },
    escape,
  );
  await album.take(
    'details',
    async () => {
      await window.row('CI deploy').click();
      await window.palette('MagicBell: Show Token Details');
      await frontPage(window).locator('.facts').first().waitFor();
    },
    () => window.palette('View: Close All Editors'),
  );

  await window.palette('MagicBell: Create Project Token…');
  await album.take('create-name', () => quickInput.type('Release pipeline'));
  await quickInput.accept();
  await album.take('create-expiry', () => quickInput.waitForTitle('Create Project Token (2/2)'));
  await quickInput.accept();
  await album.take('created', () => window.toast(/is copied/), closeToasts);
  await album.take(
    'check',
    async () => {
      await window.palette('MagicBell: Check Token…');
      await quickInput.waitForTitle('Check Token');
      await quickInput.pick('On the Clipboard');
      await frontPage(window).locator('.facts').first().waitFor();
    },
    () => window.palette('View: Close All Editors'),
  );
  await album.take(
    'activity',
    async () => {
      await window.palette('MagicBell: Show Activity');
      await frontPage(window).locator('table').waitFor();
    },
    () => window.palette('View: Close All Editors'),
  );

  await album.take(
    'user-search',
    async () => {
      await window.palette('MagicBell: Search Users…');
      await quickInput.waitForTitle('Search Users');
      await quickInput.type('example');
      await quickInput.row('hana@example.com').waitFor();
    },
    () => quickInput.cancel(),
  );
  await album.take(
    'user-pick',
    async () => {
      await window.palette('MagicBell: Create User Token…');
      await quickInput.waitForTitle('Create User Token (1/3)');
      await quickInput.type('new.person@example.com');
      await quickInput
        .row(/^\s*Use “new/)
        .first()
        .waitFor();
    },
    () => quickInput.cancel(),
  );
  await album.take(
    'rotate',
    () => window.contextMenu(window.row('CI deploy'), 'Rotate Token…'),
    () => escape(),
  );
  await album.take(
    'revoke',
    async () => {
      await window.contextMenu(window.row('Staging webhook'), 'Revoke Token…');
      await modal.wait();
    },
    () => modal.cancel(),
  );
  await album.take(
    'revoke-many',
    async () => {
      await window.row('Demo stand').click();
      await window.row('Terraform').click({ modifiers: ['Shift'] });
      await page.keyboard.press('Delete');
      await modal.wait();
    },
    () => modal.cancel(),
  );
  await album.take(
    'expiring',
    () => window.palette('MagicBell: Show Expiring Tokens…'),
    () => escape(),
  );
  await album.take(
    'undelivered',
    async () => {
      await window.writeClipboard('something else');
      await breakClipboard(window, 'rejects');
      await createProjectToken(window, 'Not copied yet');
      await window.toast(/could not be copied/);
    },
    closeToasts,
  );
  await album.take(
    'undelivered-menu',
    () => window.row('Not copied yet').first().click({ button: 'right' }),
    () => escape(),
  );
  await album.take(
    'forget',
    async () => {
      await window.palette('MagicBell: Forget API Key…');
      await modal.wait();
    },
    () => modal.cancel(),
  );
  await mendClipboard(window);

  await album.take(
    'settings',
    async () => {
      await window.palette('MagicBell: Open Settings');
      await page.locator('.settings-editor .setting-item-contents').first().waitFor();
    },
    () => window.palette('View: Close All Editors'),
  );
  await window.palette('Welcome: Open Walkthrough...');
  await quickInput.pick('First Steps with MagicBell');
  const steps = page.locator('.getting-started-step');
  for (const [index, step] of ['connect', 'browse', 'issue', 'revoke', 'watch'].entries()) {
    await album.take(`walkthrough-${index + 1}-${step}`, async () => {
      await steps.filter({ has: page.locator('.step-title', { hasText: new RegExp(`^${step}$`, 'i') }) }).click();
      const frame = page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
      await frame.locator('svg text').first().waitFor();
    });
  }
}

const dayMs = 86_400_000;

/** The Overview of two projects, one of which was audited. */
async function pictureOfOverview(vscode: VSCode, theme: Theme, browser: Browser): Promise<void> {
  const api = await startLocalApi({ seed: 'demo', projects: [{ name: 'Acme' }, { name: 'Globex', seed: 'empty' }] });
  const [, globex] = api.projects;
  const expiries = {
    Deploy: 4,
    'Mail gateway': 47,
    'Data export': 110,
    'Support desk': 170,
    Importer: 300,
    Legacy: null,
  };
  for (const [index, [name, days]] of Object.entries(expiries).entries()) {
    const expiresAt = days === null ? null : new Date(Date.now() + days * dayMs);
    const createdAt = new Date(Date.now() - (index + 1) * 17 * dayMs);
    globex?.state.addProjectToken({ name, createdAt, expiresAt });
  }
  const secrets = await plantedKeys(api);
  const settings = { 'magicbellTokens.apiBaseUrl': api.url, 'workbench.sideBar.location': 'right' };
  const window = await openWorkbench(browser, vscode, { theme, settings, secrets });
  const album = new Album(window, theme, browser);
  await album.take('overview', async () => {
    await window.palette('MagicBell: Show Overview');
    await window.palette('View: Toggle Primary Side Bar Visibility');
    const frame = frontPage(window);
    await frame.getByRole('button', { name: 'Audit Users’ Tokens' }).first().click();
    await frame.getByText(/^Audited /).waitFor();
    await window.palette('Notifications: Clear All Notifications');
    await frame.locator('.row.body .owner', { hasText: 'hana@example.com' }).first().waitFor();
  });
  await window.close();
  await api.close();
}

const dist = path.join(temporaryFolder('pictures'), 'dist');
await bundle(dist);
await build({ ...webviewOptions(path.join(dist, 'webview')), absWorkingDir: projectDir });
const vscode = await startVSCode({ version, extension: stageExtension(dist), say: (line) => console.log(line) });
const browser = await launchBrowser();
try {
  for (const theme of chosen) {
    rmSync(path.join(outFolder, theme.replaceAll(' ', '-')), { recursive: true, force: true });
    await pictureOfOverview(vscode, theme, browser);
    if (values.overview === true) continue;
    const api = await startLocalApi({ seed: 'demo' });
    const window = await openWorkbench(browser, vscode, { theme, settings: { 'magicbellTokens.apiBaseUrl': api.url } });
    try {
      await picturesOf(window, api, theme, browser);
    } catch (error) {
      tell(`${theme}: ${String(error).split('\n')[0] ?? ''}`);
      await window.screenshot(theme, 'failures');
    }
    await window.close();
    rmSync(path.join(vscode.dataDir, 'data', 'User', 'globalStorage', 'magicbell-tokens.magicbell-tokens'), {
      recursive: true,
      force: true,
    });
    await api.close();
    console.log(`${theme}: ${path.join(outFolder, theme.replaceAll(' ', '-'))}`);
  }
} finally {
  await browser.close();
  await vscode.close();
}
if (values.commit === true && faults.length === 0) {
  const ofChosen = (id: string): boolean => chosen.some((theme) => id.startsWith(`${theme.replaceAll(' ', '-')}/`));
  for (const [from, to] of Object.entries(kept).filter(([id]) => ofChosen(id) && values.overview !== true)) {
    cpSync(path.join(outFolder, `${from}.png`), path.join(projectDir, to));
  }
  for (const [from, { file }] of Object.entries(parts).filter(([id]) => ofChosen(id))) {
    if (values.overview === true && !from.endsWith('/overview')) continue;
    cpSync(path.join(outFolder, `${from}.webp`), path.join(projectDir, `${file}.webp`));
  }
}
process.exitCode = faults.length === 0 ? 0 : 1;
