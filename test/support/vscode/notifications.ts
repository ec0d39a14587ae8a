import type { Locator, Page } from 'playwright-core';
import { exactly, type Text } from './text.ts';

/** A notification in the corner of the window. */
export class Toast {
  private readonly item: Locator;

  constructor(item: Locator) {
    this.item = item;
  }

  message(): Promise<string> {
    return this.item.locator('.notification-list-item-message').innerText();
  }

  async buttons(): Promise<string[]> {
    return (await this.buttonLocator().allInnerTexts()).map((text) => text.trim());
  }

  async press(button: Text): Promise<void> {
    await this.buttonLocator()
      .filter({ hasText: exactly(button) })
      .click();
  }

  /** Closes it without an answer. */
  async dismiss(): Promise<void> {
    await this.item.hover();
    await this.item.locator('.notification-list-item-toolbar-container .codicon-notifications-clear').click();
    await this.waitUntilGone();
  }

  async waitUntilGone(): Promise<void> {
    await this.item.waitFor({ state: 'hidden' });
  }

  private buttonLocator(): Locator {
    return this.item.locator('.notification-list-item-buttons-container .monaco-button');
  }
}

/** VS Code puts a notification behind the bell only when more than three come within this time. */
const toastIntervalMs = 800;

/** A script for pages: keeps the times at which toasts came. */
export const toastTimesScript = `(() => {
  const times = (globalThis.toastTimes = []);
  const isToast = (node) => node instanceof Element && node.classList.contains('notification-toast-container');
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) if ([...addedNodes].some(isToast)) times.push(Date.now());
  }).observe(document, { childList: true, subtree: true });
})()`;

/** Waits until VS Code would show two more toasts. No person acts quicker than that; tests do. */
export async function untilToastsAreFree(page: Page): Promise<void> {
  await page.waitForFunction(
    `globalThis.toastTimes.filter((time) => Date.now() - time <= ${toastIntervalMs}).length < 2`,
  );
}

/** A dialog that blocks the window. */
export class Modal {
  private readonly box: Locator;
  private readonly page: Page;

  constructor(page: Page) {
    this.page = page;
    this.box = page.locator('.monaco-dialog-box:visible');
  }

  /** Waits for a dialog with this message, or for any. */
  async wait(message: Text = /./): Promise<this> {
    await this.box.locator('.dialog-message-text').filter({ hasText: message }).waitFor();
    return this;
  }

  message(): Promise<string> {
    return this.box.locator('.dialog-message-text').innerText();
  }

  detail(): Promise<string> {
    return this.box.locator('.dialog-message-detail').innerText();
  }

  async buttons(): Promise<string[]> {
    return (await this.box.locator('.dialog-buttons .monaco-button').allInnerTexts()).map((text) => text.trim());
  }

  async press(button: Text): Promise<void> {
    const found = this.box.locator('.dialog-buttons .monaco-button').filter({ hasText: exactly(button) });
    // Another dialog may follow at once: this one is waited for.
    const pressed = await this.box.elementHandle();
    await found.click();
    await pressed.waitForElementState('hidden');
  }

  /** Presses Escape, which is Cancel. */
  async cancel(): Promise<void> {
    await this.box.waitFor();
    await this.page.keyboard.press('Escape');
    await this.waitUntilClosed();
  }

  isOpen(): Promise<boolean> {
    return this.box.isVisible();
  }

  async waitUntilClosed(): Promise<void> {
    await this.box.waitFor({ state: 'hidden' });
  }
}
