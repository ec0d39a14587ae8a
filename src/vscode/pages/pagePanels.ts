import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../core/base/disposable.ts';
import { Emitter } from '../../core/base/event.ts';
import type { Logger } from '../../core/base/logger.ts';
import { panelTypes } from '../ui/ids.ts';
import type { PageToShow } from './page.ts';

/** The open webview panels: created by a command, or restored by VS Code after a reload. */
export class PagePanels implements Disposable {
  private readonly extensionUri: vscode.Uri;
  private readonly logger: Logger;
  private readonly disposables = new DisposableStore();
  private readonly changeEmitter = this.disposables.add(new Emitter<void>());
  /** Open panels by key. A closed one is removed at once, because its page may hold a secret. */
  private readonly panels = new Map<string, { readonly panel: vscode.WebviewPanel; content: Disposable | undefined }>();

  /** Fires when a panel was opened or closed. */
  readonly onDidChange = this.changeEmitter.event;

  constructor(extensionUri: vscode.Uri, logger: Logger) {
    this.extensionUri = extensionUri;
    this.logger = logger;
  }

  get areOpen(): boolean {
    return this.panels.size > 0;
  }

  /** Reveals the page's open panel, or creates one. */
  async show(page: PageToShow): Promise<void> {
    const open = this.panels.get(page.key)?.panel;
    if (open !== undefined && page.isNew !== true) {
      open.reveal();
      return;
    }
    const column = open?.viewColumn ?? vscode.ViewColumn.Active;
    open?.dispose();
    await this.fill(page, vscode.window.createWebviewPanel(panelTypes[page.name], page.title, column));
  }

  /** Fills a new panel, or one restored by VS Code. */
  async fill(page: PageToShow, panel: vscode.WebviewPanel): Promise<void> {
    const { key } = page;
    const entry: { readonly panel: vscode.WebviewPanel; content: Disposable | undefined } = {
      panel,
      content: undefined,
    };
    this.panels.set(key, entry);
    const closing = panel.onDidDispose(() => {
      if (this.panels.get(key) === entry) this.panels.delete(key);
      closing.dispose();
      this.changeEmitter.fire();
    });
    const { fillPanel } = await import('./fillPanel.ts');
    if (this.panels.get(key) !== entry) return;
    entry.content = fillPanel(page, panel, this.extensionUri, this.logger);
    this.changeEmitter.fire();
  }

  dispose(): void {
    for (const { content } of this.panels.values()) content?.dispose();
    this.panels.clear();
    this.disposables.dispose();
  }
}
