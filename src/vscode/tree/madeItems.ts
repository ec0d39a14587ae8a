import type * as vscode from 'vscode';
import type { Token } from '../../core/model/token.ts';

const minuteMs = 60_000;

/** The rows of tokens as they were made in this minute: "Load More" asks for all the others again. */
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

  /** Rows say how far away a time is. */
  forgetInNextMinute(now: Date): void {
    const minute = Math.floor(now.getTime() / minuteMs);
    if (minute !== this.minute) this.forget();
    this.minute = minute;
  }
}
