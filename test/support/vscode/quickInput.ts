import type { Locator, Page } from 'playwright-core';
import { untilToastsAreFree } from './notifications.ts';
import { exactly, type Text } from './text.ts';

/** A row's detail is a label too, in its second line. */
const label = '.quick-input-list-row:first-child .label-name';

/** The box on top of the window: the command palette, a quick pick, or an input box. All of it works by keyboard. */
export class QuickInput {
  private readonly widget: Locator;
  private readonly page: Page;

  constructor(page: Page) {
    this.page = page;
    this.widget = page.locator('.quick-input-widget:visible');
  }

  /** Waits for the box with this title, "Create Token (2/3)" for one with steps. Steps reuse one box: name each. */
  async waitForTitle(title: Text): Promise<void> {
    await this.widget
      .locator('.quick-input-title')
      .filter({ hasText: exactly(title) })
      .waitFor();
  }

  /** Waits for the line below the input: the prompt, or what is wrong with the text. */
  async waitForMessage(message: Text): Promise<void> {
    await this.widget.locator('.quick-input-message').filter({ hasText: message }).waitFor();
  }

  title(): Promise<string> {
    return this.widget.locator('.quick-input-title').innerText();
  }

  message(): Promise<string> {
    return this.widget.locator('.quick-input-message').innerText();
  }

  value(): Promise<string> {
    return this.input().inputValue();
  }

  async placeholder(): Promise<string> {
    return (await this.input().getAttribute('placeholder')) ?? '';
  }

  /** Whether what is typed is hidden. */
  async isMasked(): Promise<boolean> {
    return (await this.input().getAttribute('type')) === 'password';
  }

  /** Replaces the text, key by key. */
  async type(text: string): Promise<void> {
    await this.clear();
    await this.page.keyboard.type(text);
  }

  /** Replaces the text at once, as pasting does. */
  async paste(text: string): Promise<void> {
    await this.clear();
    await this.page.keyboard.insertText(text);
  }

  /** Presses Enter. Whether the box stays is up to the extension. */
  async accept(): Promise<void> {
    await this.waitUntilOpen();
    await untilToastsAreFree(this.page);
    await this.page.keyboard.press('Enter');
  }

  /** Presses Escape and waits until the box is gone. */
  async cancel(): Promise<void> {
    await this.waitUntilOpen();
    await this.page.keyboard.press('Escape');
    await this.waitUntilClosed();
  }

  async waitUntilOpen(timeoutMs?: number): Promise<void> {
    await this.input().waitFor(timeoutMs === undefined ? {} : { timeout: timeoutMs });
  }

  async waitUntilClosed(): Promise<void> {
    await this.widget.waitFor({ state: 'hidden' });
  }

  isOpen(): Promise<boolean> {
    return this.widget.isVisible();
  }

  /** The labels of the rows that are visible now. */
  async labels(): Promise<string[]> {
    return (await this.rows().locator(label).allInnerTexts()).map((text) => text.trim());
  }

  /** The row with this label. */
  row(text: Text): Locator {
    return this.rows().filter({ has: this.page.locator(label, { hasText: exactly(text) }) });
  }

  /** Picks the row with this label by keyboard: moves to it and presses Enter. @throws when there is none in time */
  async pick(label: Text, timeoutMs?: number): Promise<void> {
    await this.moveTo(label, timeoutMs);
    await untilToastsAreFree(this.page);
    // The rows may have been exchanged since.
    await this.moveTo(label, timeoutMs);
    await this.page.keyboard.press('Enter');
  }

  /** Checks or unchecks the row with this label, where several can be picked. */
  async toggle(label: Text): Promise<void> {
    await this.moveTo(label);
    await this.page.keyboard.press('Space');
  }

  /** Picks the row with this label by mouse. */
  async click(label: Text): Promise<void> {
    await this.row(label).first().click();
  }

  /** Presses a button of the title or beside the input, "Back" for example. */
  async pressButton(name: Text): Promise<void> {
    await this.widget.getByRole('button', { name, exact: true }).first().click();
  }

  private async moveTo(label: Text, timeoutMs?: number): Promise<void> {
    const row = this.row(label).first();
    await row.waitFor(timeoutMs === undefined ? {} : { timeout: timeoutMs });
    const focused = this.page.locator('.monaco-list-row.focused');
    // Rows below may not exist yet; one round through the list passes all of them.
    for (let step = 0; step < 200; step++) {
      if ((await row.and(focused).count()) > 0) return;
      await this.page.keyboard.press('ArrowDown');
    }
    throw new Error(`The row ${String(label)} cannot be reached by keyboard.`);
  }

  private async clear(): Promise<void> {
    await this.input().focus();
    await this.page.keyboard.press('ControlOrMeta+A');
    await this.page.keyboard.press('Delete');
  }

  private input(): Locator {
    return this.widget.locator('.quick-input-filter input, .quick-input-box input').first();
  }

  private rows(): Locator {
    return this.widget.locator('.monaco-list-row');
  }
}
