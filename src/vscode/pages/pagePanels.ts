import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../core/base/disposable.ts';
import { Emitter } from '../../core/base/event.ts';
import type { Logger } from '../../core/base/logger.ts';
import { panelTypes } from '../ui/ids.ts';
import type { PageToShow } from './page.ts';

/** The panels of the pages: opened by a command, or brought back by VS Code after a reload. */
export class PagePanels implements Disposable {
  private readonly extensionUri: vscode.Uri;
  private readonly logger: Logger;
  private readonly disposables = new DisposableStore();
  private readonly changeEmitter = this.disposables.add(new Emitter<void>());
  /** What is closed is not kept: a page may know a secret. */
  private readonly panels = new Map<string, { readonly panel: vscode.WebviewPanel; content: Disposable | undefined }>();

  /** A panel was opened or closed. */
  readonly onDidChange = this.changeEmitter.event;

  constructor(extensionUri: vscode.Uri, logger: Logger) {
    this.extensionUri = extensionUri;
    this.logger = logger;
  }

  get areOpen(): boolean {
    return this.panels.size > 0;
  }

  /** Shows a page, in the panel that is open or in a new one. */
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

  /** Fills a panel, new or brought back by VS Code. */
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
