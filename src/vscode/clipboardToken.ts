import * as vscode from 'vscode';
import type { Clock } from '../core/clock.ts';
import { type Disposable, DisposableStore } from '../core/disposable.ts';
import { type Clipboard, ClipboardMark } from '../core/issuance/delivery.ts';
import type { Secret } from '../core/secret.ts';
import { ContextKey } from './contextKey.ts';
import { commandIds, contextKeys } from './ids.ts';
import type { Settings } from './settings.ts';

/**
 * The status item "Token on clipboard · Clear". It knows the copied text by its hash only, and reads the clipboard
 * only when asked to clear it.
 */
export class ClipboardToken implements Disposable {
  private readonly clipboard: Clipboard;
  private readonly clock: Clock;
  private readonly settings: Settings;
  private readonly disposables = new DisposableStore();
  private readonly timer = this.disposables.add(new DisposableStore());
  private readonly item: vscode.StatusBarItem;
  private readonly contextKey = new ContextKey<boolean>(contextKeys.tokenOnClipboard);
  private mark: ClipboardMark | undefined;

  constructor(clipboard: Clipboard, clock: Clock, settings: Settings) {
    this.clipboard = clipboard;
    this.clock = clock;
    this.settings = settings;
    this.item = this.disposables.add(
      vscode.window.createStatusBarItem('clipboard', vscode.StatusBarAlignment.Right, 100),
    );
    this.item.name = 'MagicBell Token on Clipboard';
    this.item.text = '$(key) Token on clipboard · Clear';
    this.item.tooltip = 'A token’s value is on the clipboard. Click to clear it.';
    this.item.command = commandIds.clearClipboard;
  }

  /** A token's value was copied. */
  show(text: Secret): void {
    this.mark = new ClipboardMark(text);
    this.item.show();
    this.contextKey.set(true);
    this.timer.clear();
    const minutes = this.settings.clearClipboardAfterMinutes;
    if (minutes > 0) this.clearAt(new Date(this.clock.now().getTime() + minutes * 60_000));
  }

  /** Clears the clipboard if it still holds the value. False when it holds something else, which is left alone. */
  async clear(): Promise<boolean> {
    const { mark } = this;
    this.forget();
    return (await mark?.clear(this.clipboard, this.clock)) ?? false;
  }

  /** Takes the item away and leaves the clipboard alone. */
  forget(): void {
    this.mark = undefined;
    this.timer.clear();
    this.item.hide();
    this.contextKey.set(false);
  }

  dispose(): void {
    this.disposables.dispose();
  }

  /** By the wall clock, looked at once a minute: a computer that sleeps does not count its timers on. */
  private clearAt(due: Date): void {
    this.timer.clear();
    const leftMs = due.getTime() - this.clock.now().getTime();
    if (leftMs <= 0) void this.clear();
    else this.timer.add(this.clock.after(Math.min(leftMs, 60_000), () => this.clearAt(due)));
  }
}
