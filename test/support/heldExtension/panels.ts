import assert from 'node:assert/strict';
import type * as vscodeApi from 'vscode';
import type { WebviewPanel } from 'vscode';
import { eventually } from '../eventually.ts';
import { replace } from './replace.ts';

type Window = typeof vscodeApi.window;

interface Panel {
  readonly type: string;
  readonly title: string;
  /** What the extension has sent to it, oldest first. */
  readonly posted: unknown[];
  readonly receive: (message: unknown) => void;
  readonly close: () => void;
}

/**
 * The extension's pages, read and answered from inside the host, with nobody who looks at them: what they show is shown
 * by the tests in a browser and in a window.
 */
export class Panels {
  private readonly open = new Set<Panel>();
  private readonly restore: () => void;

  constructor(vscode: typeof vscodeApi) {
    const create: Window['createWebviewPanel'] = (type, title) => {
      const received = new vscode.EventEmitter<unknown>();
      const disposed = new vscode.EventEmitter<void>();
      const posted: unknown[] = [];
      const close = (): void => {
        if (this.open.delete(panel)) disposed.fire();
      };
      const panel: Panel = { type, title, posted, receive: (message) => received.fire(message), close };
      this.open.add(panel);
      const webview = {
        cspSource: 'https://page.test',
        asWebviewUri: (uri: vscodeApi.Uri) => uri,
        onDidReceiveMessage: received.event,
        postMessage: (message: unknown) => {
          posted.push(message);
          return Promise.resolve(true);
        },
      };
      const made = { viewType: type, title, webview, visible: true, onDidDispose: disposed.event };
      return { ...made, reveal: () => undefined, dispose: close } as unknown as WebviewPanel;
    };
    this.restore = replace(vscode.window, 'createWebviewPanel', create);
  }

  /** What a page was sent last, as soon as it says what is expected. */
  async says(type: string, expected: RegExp): Promise<string> {
    this.send(type, { type: 'ready' });
    return eventually(() => {
      const text = JSON.stringify(this.find(type).posted.at(-1));
      assert.match(text, expected);
      return text;
    });
  }

  /** Sends a message as a page does. */
  send(type: string, message: unknown): void {
    this.find(type).receive(message);
  }

  clear(): void {
    for (const panel of [...this.open]) panel.close();
  }

  release(): void {
    this.restore();
  }

  private find(type: string): Panel {
    const found = [...this.open].findLast((panel) => panel.type === `magicbellTokens.${type}`);
    assert.ok(found, `no page ${type} among ${[...this.open].map((panel) => panel.type).join(', ')}`);
    return found;
  }
}
