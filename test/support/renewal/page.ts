import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../eventually.ts';
import { storedSlots } from '../vscode/secretStorage.ts';
import type { Workbench } from '../vscode/workbench.ts';

/** What lies over or beside the empty editor area, by what it is called here. */
const things = {
  dialogue: '.monaco-dialog-box',
  'quick input': '.quick-input-widget',
  menu: '.monaco-menu',
  notification: '.notifications-toasts .notification-list-item',
  'notification center': '.notifications-center.visible',
  editor: '.part.editor .tab',
  panel: '.part.panel',
  badge: '.activitybar [role=tab][aria-label^="MagicBell"] .badge-content',
  'container of the product':
    '.sidebar .title-label[title^="MagicBell"], .sidebar .pane-header[aria-label*="Tokens Section"]',
} as const;

/** What Escape closes. */
const closable = ['dialogue', 'quick input', 'menu'] as const;

/** Closes by Escape what waits for an answer, so that what asked for it ends. @throws when something stays open */
export async function closeQuestions(window: Workbench): Promise<void> {
  for (let tries = 0; tries < 20; tries++) {
    const open = await shown(window);
    if (!closable.some((thing) => open.includes(thing))) return;
    await window.page.keyboard.press('Escape');
  }
  throw new Error('a question cannot be closed');
}

/** Empties the clipboard, moves the pointer away, and sees that the window is as empty as a new one. @throws what is not */
export async function proveEmpty(window: Workbench): Promise<void> {
  await window.page.mouse.move(640, 400);
  if (!(await Promise.race([canBeEmptied(window), delay(5000, false)]))) throw new Error('the clipboard is not empty');
  await eventually(async () => {
    const left = await shown(window);
    left.push(...(await secretsLeft(window)).map((slot) => `secret ${slot}`));
    if (left.length > 0) throw new Error(`left: ${left.join(', ')}`);
  }, 5000);
}

/** What the page holds of the product's secrets, also those that an earlier extension host has stored. */
export async function secretsLeft(window: Workbench): Promise<string[]> {
  const stored = await window.page.evaluate<string | null>(`localStorage.getItem('secrets.provider')`);
  return stored === null ? [] : storedSlots('magicbell-tokens.magicbell-tokens', stored);
}

/** A test may have left a clipboard that hangs. */
async function canBeEmptied(window: Workbench): Promise<boolean> {
  try {
    await window.writeClipboard('');
    return (await window.readClipboard()) === '';
  } catch {
    return false;
  }
}

/** Which of those things can be seen now. */
function shown(window: Workbench): Promise<string[]> {
  return window.page.evaluate<string[]>(`(() => {
    const isVisible = (element) => element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0;
    const things = Object.entries(${JSON.stringify(things)});
    return things.filter(([, selector]) => [...document.querySelectorAll(selector)].some(isVisible)).map(([name]) => name);
  })()`);
}
