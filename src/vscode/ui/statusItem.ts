import * as vscode from 'vscode';
import type { Disposable } from '../../core/base/disposable.ts';
import { ContextKey } from './contextKey.ts';
import { commandIds, contextKeys } from './ids.ts';

/** The extension's one status bar item: shows a token on the clipboard, else expiring tokens; hidden otherwise. */
export class StatusItem implements Disposable {
  private readonly item = vscode.window.createStatusBarItem('status', vscode.StatusBarAlignment.Right, 100);
  private readonly contextKey = new ContextKey<boolean>(contextKeys.tokenOnClipboard);
  private readonly issuedKey = new ContextKey<boolean>(contextKeys.issued);
  private isOnClipboard = false;
  private expiring = 0;

  constructor() {
    this.item.name = 'MagicBell Tokens';
  }

  setOnClipboard(isOnClipboard: boolean): void {
    this.isOnClipboard = isOnClipboard;
    this.contextKey.set(isOnClipboard);
    if (isOnClipboard) this.issuedKey.set(true);
    this.show();
  }

  setExpiring(count: number): void {
    this.expiring = count;
    this.show();
  }

  dispose(): void {
    this.item.dispose();
  }

  private show(): void {
    if (this.isOnClipboard) {
      this.item.text = '$(key) Token on clipboard · Clear';
      this.item.tooltip = 'A token’s value is on the clipboard. Click to clear it.';
      this.item.accessibilityInformation = { label: 'A token’s value is on the clipboard. Clear it' };
      this.item.command = commandIds.clearClipboard;
    } else if (this.expiring > 0) {
      this.item.text = `$(warning) ${this.expiring} expiring`;
      this.item.tooltip = 'MagicBell tokens seen here that have expired or expire soon. Click to see them.';
      this.item.accessibilityInformation = { label: `${this.expiring} MagicBell tokens have expired or expire soon` };
      this.item.command = commandIds.showExpiring;
    } else {
      this.item.hide();
      return;
    }
    this.item.show();
  }
}
