import * as vscode from 'vscode';
import type { Disposable } from '../../core/base/disposable.ts';
import { ContextKey } from './contextKey.ts';
import { commandIds, contextKeys } from './ids.ts';

/** The extension's one status bar item: a token on the clipboard, and how many expire soon. Hidden otherwise. */
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
    const { item, isOnClipboard, expiring } = this;
    const soon = expiring === 0 ? '' : `MagicBell tokens seen here that have expired or expire soon: ${expiring}.`;
    const count = `$(warning) ${expiring}`;
    if (isOnClipboard) {
      item.text = `$(key) Token on clipboard · Clear${soon && ` ${count}`}`;
      item.tooltip = `A token’s value is on the clipboard. Click to clear it.${soon && ` ${soon}`}`;
      item.command = commandIds.clearClipboard;
    } else {
      item.text = `${count} expiring`;
      item.tooltip = `${soon} Click to see them.`;
      item.command = commandIds.showExpiring;
    }
    item.accessibilityInformation = { label: item.tooltip };
    if (isOnClipboard || soon) item.show();
    else item.hide();
  }
}
