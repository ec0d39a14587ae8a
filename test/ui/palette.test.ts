import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { eventually } from '../support/eventually.ts';
import { projectTokens, useProduct } from '../support/productWindow.ts';
import { projectDir } from '../support/vscode/paths.ts';
import type { Workbench } from '../support/vscode/workbench.ts';

interface Contributes {
  readonly commands: readonly { readonly command: string; readonly title: string; readonly category: string }[];
  readonly menus: { readonly commandPalette: readonly { readonly command: string; readonly when: string }[] };
}

const { contributes } = JSON.parse(readFileSync(path.join(projectDir, 'package.json'), 'utf8')) as {
  contributes: Contributes;
};

/** What package.json says of a command in the palette; undefined: always there. */
const whenOf = (command: string): string | undefined =>
  contributes.menus.commandPalette.find((entry) => entry.command === command)?.when;

/** Whether the palette offers a command, in a window where nothing was issued yet. */
function isOffered(command: string, session: 'signedIn' | 'signedOut'): boolean {
  const when = whenOf(command);
  if (when === undefined || when === 'true') return true;
  if (when === `magicbellTokens.session == signedIn`) return session === 'signedIn';
  const isKnown =
    when === 'false' || when === 'magicbellTokens.tokenOnClipboard' || when === 'magicbellTokens.hasCliLogin';
  assert.ok(isKnown, `a condition that this test does not know: ${when}`);
  return false;
}

/**
 * Notes everything that shows up: boxes, dialogs, notifications, editors, panels, an audit's progress in the status bar,
 * and a view's moving progress bar.
 * Notifications go by their element: what the command before has said late may be said again, in the same words.
 */
const watcher = `(() => {
  const visible = (element) => element !== null && element.getClientRects().length > 0;
  const text = (element) => element?.textContent?.trim() ?? '';
  const look = () => {
    const found = [];
    const box = document.querySelector('.quick-input-widget');
    if (visible(box)) {
      const title = text(box.querySelector('.quick-input-title'));
      const placeholder = box.querySelector('input')?.placeholder ?? '';
      if (title !== '') found.push('box: ' + title);
      else if (!placeholder.startsWith('Type the name of a command')) found.push('box: ' + placeholder);
    }
    for (const dialog of document.querySelectorAll('.monaco-dialog-box')) found.push('dialog: ' + text(dialog.querySelector('.dialog-message-text')));
    for (const item of document.querySelectorAll('.notifications-toasts .notification-list-item-message')) if (visible(item) && !globalThis.itemsBefore.has(item)) found.push('notification: ' + text(item));
    for (const tab of document.querySelectorAll('.editor-group-container .tab')) found.push('editor: ' + text(tab));
    if (visible(document.querySelector('.part.panel'))) found.push('panel');
    for (const bar of document.querySelectorAll('.sidebar .monaco-progress-container.active')) if (visible(bar)) found.push('progress');
    // An audit goes on for long, and says so there: its percents are no news.
    if ([...document.querySelectorAll('.statusbar .statusbar-item')].some((item) => /Auditing/.test(text(item)))) found.push('status: auditing');
    for (const each of found) globalThis.shown.add(each);
    return found;
  };
  globalThis.shown = new Set();
  globalThis.itemsBefore = new WeakSet();
  globalThis.startWatching = () => { globalThis.itemsBefore = new WeakSet(document.querySelectorAll('.notification-list-item-message')); globalThis.shown = new Set(); const before = look(); globalThis.shown = new Set(); globalThis.shownBefore = before; };
  globalThis.newlyShown = () => { look(); return [...globalThis.shown].filter((each) => !globalThis.shownBefore.includes(each)); };
  // Once a frame: nobody sees more, and VS Code changes its page hundreds of times for each command.
  let isDue = false;
  const lookSoon = () => {
    if (isDue) return;
    isDue = true;
    requestAnimationFrame(() => { isDue = false; look(); });
  };
  globalThis.watcher = new MutationObserver(lookSoon);
  globalThis.watcher.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
})()`;

/** Closes what a command has opened, so that the next one starts from nothing. */
async function tidy(window: Workbench): Promise<void> {
  if (await window.modal.isOpen()) await window.modal.cancel();
  if (await window.quickInput.isOpen()) await window.quickInput.cancel();
  await window.page.evaluate(
    `document.querySelectorAll('.notifications-toasts .codicon-notifications-clear').forEach((button) => button.click())`,
  );
  await window.page
    .locator('.notifications-toasts .notification-list-item:visible')
    .first()
    .waitFor({ state: 'hidden' });
}

async function runAll(window: Workbench, session: 'signedIn' | 'signedOut'): Promise<Map<string, string[]>> {
  await window.page.evaluate(watcher);
  const effects = new Map<string, string[]>();
  for (const { command, title, category } of contributes.commands) {
    if (!isOffered(command, session)) continue;
    await window.page.evaluate('globalThis.startWatching()');
    await window.palette(`${category}: ${title}`);
    const shown = await eventually(async () => {
      const found = await window.page.evaluate<string[]>('globalThis.newlyShown()');
      // A progress bar alone says enough of a refresh; with all else more is still to come.
      const isShown = found.some((each) => title === 'Refresh' || each !== 'progress');
      assert.ok(isShown, `“${title}” did nothing that anybody could see`);
      return found;
    }, 25_000);
    effects.set(title, shown);
    const broken = shown.filter((each) => /resulted in an error|Something went wrong|undefined|\[object/i.test(each));
    assert.deepEqual(broken, [], title);
    await tidy(window);
  }
  await window.page.evaluate('globalThis.watcher.disconnect()');
  return effects;
}

describe('Every command from the palette with nothing selected', function () {
  this.timeout(240_000);
  const product = useProduct();

  it('does something visible when signed out', async () => {
    const api = await product.api();
    const window = await product.open(api);
    await window.openContainer('MagicBell');
    await window.welcome(projectTokens);
    const effects = await runAll(window, 'signedOut');
    for (const title of ['Create Project Token…', 'Create User Token…', 'Revoke Token…', 'Refresh', 'Search Users…']) {
      assert.ok(effects.get(title)?.includes('box: Set API Key'), `${title}: ${String(effects.get(title))}`);
    }
    assert.equal(api.journal.entries.length, 0);
  });

  it('does something visible when MagicBell cannot be reached', async () => {
    const { window, api } = await product.connected({ seed: 'demo' });
    await window.row('CI deploy').waitFor();
    await api.close();
    await runAll(window, 'signedIn');
    // Whatever was tried, the rows are still there.
    await window.row('CI deploy').waitFor();
  });

  it('does something visible in an empty project', async () => {
    // As over a network: an answer within one frame leaves no progress bar that anybody could see.
    const { window } = await product.connected({ seed: 'empty', latencyMs: 100 });
    await runAll(window, 'signedIn');
  });
});
