import type * as vscode from 'vscode';
import type { Token } from '../../core/model/token.ts';

const minuteMs = 60_000;

/** Caches the items of token rows for the current minute: "Load More" requests all other rows again. */
export class MadeItems {
  private items = new WeakMap<Token, vscode.TreeItem>();
  private minute = 0;

  get(token: Token): vscode.TreeItem | undefined {
    return this.items.get(token);
  }

  set(token: Token, item: vscode.TreeItem): void {
    this.items.set(token, item);
  }

  forget(): void {
    this.items = new WeakMap();
  }

  /** Rows show relative times. */
  forgetInNextMinute(now: Date): void {
    const minute = Math.floor(now.getTime() / minuteMs);
    if (minute !== this.minute) this.forget();
    this.minute = minute;
  }
}
