import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { eventually } from '../eventually.ts';
import { contextOptions } from './browser.ts';
import { Modal, Toast, toastTimesScript, untilToastsAreFree } from './notifications.ts';
import { PageDiary } from './pageDiary.ts';
import { workDir } from './paths.ts';
import { signal, waitUntilGone } from './processes.ts';
import { QuickInput } from './quickInput.ts';
import { type Secrets, storedSecrets } from './secretStorage.ts';
import type { VSCode } from './server.ts';
import { exactly, startingWith, type Text } from './text.ts';

/** Colour themes by what they are for: their names differ between versions. */
export type Theme = 'light' | 'dark' | 'high contrast' | 'high contrast light';

/** How to open a window. */
export interface WorkbenchOptions {
  theme?: Theme;
  /** What `Workbench.storageState` gave: secrets and state of an earlier window. */
  storageState?: StorageState;
  /** User settings on top of those of the start. */
  settings?: Readonly<Record<string, unknown>>;
  /** What the product's SecretStorage holds already. */
  secrets?: Secrets;
}

/** Cookies and storage of a browser context, IndexedDB included. */
export type StorageState = Awaited<ReturnType<BrowserContext['storageState']>>;

/** One row of a tree as a person reads it, and as a screen reader says it. */
export interface TreeRow {
  label: string;
  description: string;
  accessibleName: string;
  level: number;
  expanded: boolean | undefined;
}

/** The element that has the focus, as assistive technology knows it. */
export interface FocusedElement {
  role: string;
  name: string;
}

const open = new Set<Workbench>();

/** All windows that are open now, for pictures of a failure. */
export const openWorkbenches: ReadonlySet<Workbench> = open;

/** Opens a window of VS Code in a new browser context, or in the context given, and waits until it can be used. */
export async function openWorkbench(
  browser: Browser | BrowserContext,
  vscode: VSCode,
  { theme, storageState, settings = {}, secrets }: WorkbenchOptions = {},
): Promise<Workbench> {
  setUserSettings(vscode, settings, theme);
  const isOwn = 'newContext' in browser;
  const stored = secrets === undefined ? storageState : withSecrets(vscode.origin, secrets);
  const context = isOwn
    ? await browser.newContext({ ...contextOptions, ...(stored === undefined ? {} : { storageState: stored }) })
    : browser;
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: vscode.origin });
  const page = await context.newPage();
  await page.addInitScript(toastTimesScript);
  const workbench = new Workbench(page, vscode, isOwn);
  await workbench.load();
  return workbench;
}

/** Writes the user settings that a window is opened with. */
export function setUserSettings(
  vscode: VSCode,
  settings: Readonly<Record<string, unknown>>,
  theme: Theme = 'light',
): void {
  vscode.setSettings({ 'workbench.colorTheme': themeName(theme, vscode.version), ...settings });
}

function withSecrets(origin: string, secrets: Secrets): StorageState {
  const entry = storedSecrets('magicbell-tokens.magicbell-tokens', secrets);
  return { cookies: [], origins: [{ origin, localStorage: [entry] }] };
}

function themeName(theme: Theme, version: string): string {
  if (theme === 'high contrast') return 'Default High Contrast';
  if (theme === 'high contrast light') return 'Default High Contrast Light';
  const name = theme === 'dark' ? 'Dark Modern' : 'Light Modern';
  return version.startsWith('1.100.') ? `Default ${name}` : name;
}

/**
 * A window of VS Code, by what a person does in it. Everything waits for what it needs, and fails with a time limit.
 * Methods use the keyboard or the mouse as named; see `QuickInput` for the box on top, which is all keyboard.
 */
export class Workbench {
  readonly page: Page;
  readonly vscode: VSCode;
  readonly quickInput: QuickInput;
  readonly modal: Modal;
  private readonly ownsContext: boolean;
  private readonly diary: PageDiary;

  constructor(page: Page, vscode: VSCode, ownsContext: boolean) {
    this.page = page;
    this.vscode = vscode;
    this.ownsContext = ownsContext;
    this.quickInput = new QuickInput(page);
    this.modal = new Modal(page);
    this.diary = new PageDiary(page);
    page.setDefaultTimeout(30_000);
    open.add(this);
    page.once('close', () => open.delete(this));
  }

  /** Opens the address with its token, and waits for the window. */
  async load(): Promise<void> {
    await this.page.goto(this.vscode.url, { timeout: 60_000 });
    await this.waitUntilReady();
  }

  /** Reloads the window, as "Developer: Reload Window" does: a new extension host starts. */
  async reload(): Promise<void> {
    await this.page.reload({ timeout: 60_000 });
    await this.waitUntilReady();
  }

  /** Kills the extension host the hard way; nothing of it can say goodbye. Reload to go on. */
  async killExtensionHost(): Promise<void> {
    const pid = this.vscode.extensionHostPid();
    if (pid === undefined) throw new Error('No extension host is running.');
    signal(pid, 'SIGKILL');
    const left = await waitUntilGone([pid], 5000);
    if (left.length > 0) throw new Error(`The extension host ${pid} did not end.`);
  }

  /** Closes the window, and its context when it was made for it. */
  async close(): Promise<void> {
    open.delete(this);
    await (this.ownsContext ? this.page.context().close() : this.page.close());
  }

  // Side bar

  /** Shows a container of the activity bar, by mouse; does nothing when it is shown already. */
  async openContainer(title: Text): Promise<void> {
    const tab = this.page.locator('.activitybar').getByRole('tab', { name: startingWith(title) });
    await tab.waitFor({ timeout: 60_000 });
    const shown = this.page.locator('.sidebar .title-label').filter({ hasText: startingWithAnyCase(title) });
    // A window that has just been reloaded may be about to show it again; a click in that moment hides it.
    for (let attempt = 1; attempt < 4; attempt++) {
      if ((await tab.getAttribute('aria-expanded')) !== 'true') await tab.click();
      try {
        await shown.waitFor({ timeout: 5000 });
        return;
      } catch {
        // Looked at again, and clicked only where it is still hidden.
      }
    }
    await shown.waitFor();
  }

  /** Shows a view of the open container which may be collapsed, by mouse. */
  async openView(view: string): Promise<void> {
    const header = this.viewHeader(view);
    if ((await header.count()) === 0) return;
    if ((await header.getAttribute('aria-expanded')) !== 'true') await header.click({ position: { x: 60, y: 8 } });
  }

  tree(view: string): Locator {
    return this.page.getByRole('tree', { name: view, exact: true });
  }

  /** A row of a tree, by its label. Rows that are scrolled away do not exist. */
  row(label: Text, view?: string): Locator {
    const rows = (view === undefined ? this.page.locator('.pane-body') : this.tree(view)).locator('.monaco-list-row');
    return rows.filter({ has: this.page.locator('.label-name', { hasText: exactly(label) }) });
  }

  /** The visible rows of a view, from top to bottom. */
  async rows(view: string): Promise<TreeRow[]> {
    return this.page.evaluate<TreeRow[]>(`(() => {
      const tree = [...document.querySelectorAll('[role=tree]')].find((each) => each.ariaLabel === ${JSON.stringify(view)});
      const rows = [...(tree?.querySelectorAll('.monaco-list-row') ?? [])];
      rows.sort((a, b) => Number(a.dataset.index) - Number(b.dataset.index));
      return rows.map((row) => ({
        label: row.querySelector('.label-name')?.textContent ?? '',
        description: row.querySelector('.label-description')?.textContent ?? '',
        accessibleName: row.ariaLabel ?? '',
        level: Number(row.ariaLevel ?? 1),
        expanded: row.ariaExpanded === null ? undefined : row.ariaExpanded === 'true',
      }));
    })()`);
  }

  /**
   * Goes to a view's last row by keyboard; it exists only when it is in sight. Another view may take the focus in between,
   * as VS Code's views do while they are drawn: the key is pressed again then.
   */
  async moveToEnd(view: string): Promise<void> {
    const isThere = `((tree) => {
      const rows = [...tree.querySelectorAll('.monaco-list-row')];
      const last = rows.reduce((a, b) => (Number(a.dataset.index) > Number(b.dataset.index) ? a : b));
      return tree.contains(document.activeElement) && last.classList.contains('focused');
    })([...document.querySelectorAll('[role=tree]')].find((each) => each.ariaLabel === ${JSON.stringify(view)}))`;
    await eventually(async () => {
      await this.tree(view).press('End');
      if (!(await this.page.evaluate<boolean>(isThere))) throw new Error(`The end of “${view}” is not reached.`);
    });
  }

  /** Expands a row by its arrow, and waits until it is. */
  async expand(row: Locator): Promise<void> {
    await row.waitFor();
    if ((await row.getAttribute('aria-expanded')) !== 'true') await row.locator('.monaco-tl-twistie').click();
    await row.and(this.page.locator('[aria-expanded=true]')).waitFor();
  }

  /** Right-clicks a row and chooses from its menu. */
  async contextMenu(row: Locator, item: Text): Promise<void> {
    await this.chooseFromMenu(item, () => this.openContextMenu(row));
  }

  /** What a right click on a row offers, from top to bottom; closes the menu again. */
  async contextMenuItems(row: Locator): Promise<string[]> {
    await this.openContextMenu(row);
    const labels = await this.menu().locator('.action-label:not(.separator)').allInnerTexts();
    await this.page.keyboard.press('Escape');
    await this.menu().waitFor({ state: 'hidden' });
    return labels.map((label) => label.trim());
  }

  /** Hovers a row and presses one of its icons. */
  async inlineAction(row: Locator, name: Text): Promise<void> {
    await row.hover();
    await row.getByRole('button', { name }).click();
  }

  /** Presses an icon of a view's title, or an entry of its "…" menu or of a menu in that. */
  async viewAction(view: string, name: Text, submenu?: Text): Promise<void> {
    const title =
      (await this.viewHeader(view).count()) > 0 ? this.viewHeader(view) : this.page.locator('.sidebar .title');
    await title.hover();
    const icon = title.getByRole('button', { name, exact: true });
    if ((await icon.count()) > 0) {
      await icon.first().click();
      return;
    }
    // Not a button by its role on all versions.
    const more = title.getByLabel(/^(Views and )?More Actions/);
    await this.chooseFromMenu(name, async () => {
      await this.openMenu(async () => {
        // It is there only under the mouse.
        await title.hover();
        await more.click({ timeout: 5000 });
      });
      if (submenu !== undefined) await this.menuItem(submenu).click();
    });
  }

  /** Waits until a view shows rows, or what it shows instead of them. */
  async untilFilled(view: string): Promise<void> {
    await this.tree(view).locator('.monaco-list-row').or(this.welcomeContent(view)).first().waitFor();
  }

  /** What a view says above its rows; empty when nothing. */
  async viewMessage(view: string): Promise<string> {
    const message = this.pane(view).locator('.tree-explorer-viewlet-tree-view > .message:visible');
    return (await message.allInnerTexts()).join().trim();
  }

  /** What a view shows instead of rows. */
  async welcome(view: string): Promise<{ text: string; buttons: string[]; links: string[] }> {
    const content = this.welcomeContent(view);
    await content.waitFor();
    const all = async (selector: string) =>
      (await content.locator(selector).allInnerTexts()).map((text) => text.trim());
    return { text: await content.innerText(), buttons: await all('.monaco-button'), links: await all('p a') };
  }

  /** Presses a button or link of a view's welcome text. */
  async pressWelcome(view: string, name: Text): Promise<void> {
    await this.welcomeContent(view)
      .locator('.monaco-button, p a')
      .filter({ hasText: exactly(name) })
      .click();
  }

  // Commands

  /** Runs a command by keyboard from the palette: its whole title, "MagicBell: Refresh". */
  async palette(title: string): Promise<void> {
    const deadline = Date.now() + 20_000;
    for (;;) {
      await this.openPalette(title);
      try {
        await this.quickInput.pick(title, 2000);
        return;
      } catch (error) {
        // The palette offers what was known when it was opened; an extension's commands come late after a reload. And
        // what was opened before may take the focus late, which closes the palette.
        if (Date.now() <= deadline) continue;
        const offered = (await this.quickInput.labels()).join(', ');
        throw new Error(`The palette does not offer "${title}", but: ${offered}`, { cause: error });
      }
    }
  }

  /** The titles that the palette offers for a text, to see what it does not offer. */
  async paletteTitles(text: string): Promise<string[]> {
    await this.openPalette(text);
    await this.page.locator('.quick-input-widget .monaco-list-row').first().waitFor();
    const titles = await this.quickInput.labels();
    await this.quickInput.cancel();
    return titles;
  }

  // What the window says

  /** Waits for a notification by its text. VS Code shows at most three in 0.8 s, and puts more behind the bell only. */
  async toast(message: Text): Promise<Toast> {
    const items = this.page.locator('.notifications-toasts .notification-list-item:visible');
    const item = items
      .filter({ has: this.page.locator('.notification-list-item-message').filter({ hasText: message }) })
      .first();
    await item.waitFor();
    await untilToastsAreFree(this.page);
    // Held on to as this one element: another may come with the same text.
    return new Toast(item);
  }

  /** The texts of the notifications that are shown now. */
  async toasts(): Promise<string[]> {
    return this.page.locator('.notifications-toasts .notification-list-item-message:visible').allInnerTexts();
  }

  /** An item of the status bar, by `publisher.extension.item`. */
  statusItem(id: string): Locator {
    return this.page.locator(`.statusbar [id="${id}"]`);
  }

  /** The element that the next key goes to, with the name that a screen reader says. */
  async focused(): Promise<FocusedElement> {
    const session = await this.page.context().newCDPSession(this.page);
    try {
      const { result } = await session.send('Runtime.evaluate', { expression: focusedExpression });
      if (result.objectId === undefined) return { role: 'none', name: '' };
      const { nodes } = await session.send('Accessibility.getPartialAXTree', {
        objectId: result.objectId,
        fetchRelatives: false,
      });
      const text = (value: unknown) => (typeof value === 'string' ? value : '');
      return { role: text(nodes[0]?.role?.value), name: text(nodes[0]?.name?.value) };
    } finally {
      await session.detach();
    }
  }

  /**
   * Presses a key that moves the focus from one row to another. VS Code loses a key that comes while it draws rows anew;
   * it is pressed again then, as a person would.
   */
  async moveFocus(key: string, from: RegExp, to: RegExp): Promise<void> {
    await eventually(async () => {
      if (from.test((await this.focused()).name)) await this.page.keyboard.press(key);
      const { name } = await this.focused();
      if (!to.test(name)) throw new Error(`${key} leads to “${name}”.`);
    });
  }

  /** All text of the page, seen or not: texts, names for screen readers, tooltips and what stands in inputs. */
  async text(): Promise<string> {
    const all = await Promise.all(this.page.frames().map((frame) => frame.evaluate<string>(textExpression)));
    return all.join('\n');
  }

  /** Saves a picture and gives its path. */
  async screenshot(name: string, folder = 'screenshots'): Promise<string> {
    const file = path.join(workDir, folder, `${name.replaceAll(/[^\w.-]+/g, '-').slice(0, 120)}.png`);
    mkdirSync(path.dirname(file), { recursive: true });
    await this.page.screenshot({ path: file });
    return file;
  }

  // Clipboard and storage

  readClipboard(): Promise<string> {
    return this.page.evaluate<string>('navigator.clipboard.readText()');
  }

  async writeClipboard(text: string): Promise<void> {
    await this.page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
  }

  /** Secrets and state of this window, for another context to start with. VS Code writes them some seconds late. */
  storageState(): Promise<StorageState> {
    return this.page.context().storageState({ indexedDB: true });
  }

  // Trust

  /** Trusts the open folder, in a window that was started untrusted. */
  async trustFolder(): Promise<void> {
    await this.page.locator('[id="status.workspaceTrust"]').click();
    const editor = this.page.locator('.workspace-trust-editor');
    await editor.getByRole('button', { name: 'Trust', exact: true }).click();
    await editor
      .getByText(/You trust this folder/i)
      .first()
      .waitFor();
  }

  private statusBar(): Locator {
    return this.page.locator('.monaco-workbench .part.statusbar');
  }

  /** Once in some hundred times VS Code's page stays white, before anything of the extension runs: it is loaded again. */
  private async waitUntilReady(): Promise<void> {
    if (!(await appears(this.statusBar(), 30_000))) {
      process.stdout.write(
        `    VS Code's page stayed white, and is loaded again. What it said and waits for:\n${this.diary.text()}\n`,
      );
      await this.page.reload({ timeout: 60_000 });
      await this.statusBar().waitFor({ timeout: 60_000 });
    }
    await this.page.locator('.activitybar [role=tab]').first().waitFor({ timeout: 60_000 });
  }

  private async openPalette(text: string): Promise<void> {
    // Its Enter would answer the dialogue.
    if (await this.modal.isOpen()) throw new Error(`A dialogue is open: ${await this.modal.message()}`);
    // It may be closing by itself.
    if (await this.quickInput.isOpen()) {
      await this.page.keyboard.press('Escape');
      await this.quickInput.waitUntilClosed();
    }
    // What was opened before may take the focus late, which closes it again.
    await eventually(async () => {
      await this.page.keyboard.press('F1');
      await this.quickInput.waitUntilOpen(3000);
    });
    // Pasted: for each key VS Code would sort its six hundred commands anew.
    await this.page.keyboard.insertText(text);
  }

  private openContextMenu(row: Locator): Promise<void> {
    return this.openMenu(() => row.click({ button: 'right', timeout: 10_000 }));
  }

  /** VS Code closes a menu when it draws a tree anew: then it is opened again, as a person would. */
  private async openMenu(click: () => Promise<void>): Promise<void> {
    const cover = this.page.locator('.context-view-block');
    await eventually(async () => {
      // A menu that is open, or whose items are gone, covers the window: nothing below it can be clicked.
      if (await cover.isVisible()) await this.page.keyboard.press('Escape');
      await cover.waitFor({ state: 'hidden', timeout: 3000 });
      await click();
      await this.menu().locator('.action-item').first().waitFor({ timeout: 3000 });
    });
  }

  private async chooseFromMenu(item: Text, openIt: () => Promise<void>): Promise<void> {
    const choice = this.menuItem(item);
    await eventually(async () => {
      if (!(await choice.isVisible())) await openIt();
      await choice.waitFor({ timeout: 3000 });
      // Pressed once, an item is never pressed in another menu: what it does would be done twice.
      if (!(await presses(choice))) throw new Error(`The menu's “${String(item)}” could not be pressed.`);
    });
  }

  private menuItem(item: Text): Locator {
    const items = this.page.locator('.monaco-menu:visible .action-item');
    // A menu within a menu is within the item that opened it: the innermost one is meant.
    return items.filter({ has: this.page.locator('.action-label', { hasText: exactly(item) }) }).last();
  }

  private menu(): Locator {
    return this.page.locator('.monaco-menu:visible').last();
  }

  private viewHeader(view: string): Locator {
    const headers = this.page.locator('.sidebar .pane-header');
    return headers.filter({ has: this.page.locator('.title', { hasText: exactly(view) }) });
  }

  private pane(view: string): Locator {
    const panes = this.page.locator('.sidebar .pane');
    return panes.filter({ has: this.page.locator('.pane-header .title', { hasText: exactly(view) }) });
  }

  private welcomeContent(view: string): Locator {
    return this.pane(view).locator('.welcome-view-content');
  }
}

/** What is used here of an item's element. */
interface MenuItem {
  isPressed?: boolean;
  addEventListener(type: 'mouseup', listener: () => void, isCaptured: boolean): void;
}

/** Whether a press reached an item where VS Code listens to it: its menu may have been closed before. */
async function presses(choice: Locator): Promise<boolean> {
  const item = await choice.elementHandle({ timeout: 2000 }).catch(() => undefined);
  if (item === undefined) return false;
  await item.evaluate(async (element: MenuItem) => {
    // VS Code's menus listen after a tenth of a second only.
    await new Promise((resolve) => setTimeout(resolve, 150));
    element.addEventListener('mouseup', () => (element.isPressed = true), true);
  });
  await item.click({ timeout: 2000 }).catch(() => undefined);
  return item.evaluate((element: MenuItem) => element.isPressed === true);
}

async function appears(locator: Locator, timeoutMs: number): Promise<boolean> {
  try {
    await locator.waitFor({ timeout: timeoutMs });
    return true;
  } catch {
    return false;
  }
}

function startingWithAnyCase(text: Text): RegExp {
  return new RegExp(startingWith(text).source, 'iu');
}

/** Lists keep the focus themselves and name the row that is meant. */
const focusedExpression = `(() => {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  const row = element?.getAttribute('aria-activedescendant');
  return (row ? document.getElementById(row) : null) ?? element;
})()`;

const textExpression = `(() => {
  const found = [document.title];
  const visit = (root) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      if (node.nodeType === Node.TEXT_NODE) {
        if (node.parentElement?.matches('style, script') !== true && node.data.trim() !== '') found.push(node.data);
        continue;
      }
      for (const name of ['aria-label', 'title', 'placeholder', 'alt', 'href', 'aria-description']) {
        const value = node.getAttribute(name);
        if (value) found.push(value);
      }
      if ('value' in node && typeof node.value === 'string') found.push(node.value);
      if (node.shadowRoot !== null) visit(node.shadowRoot);
    }
  };
  if (document.body !== null) visit(document.body);
  return found.join('\\n');
})()`;
