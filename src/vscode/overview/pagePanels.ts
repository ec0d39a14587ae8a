import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../core/base/disposable.ts';
import type { Services } from '../services.ts';
import { overviewPanel } from '../ui/ids.ts';

/** The Overview's panel: opened by a command, or brought back by VS Code after a reload. Its code is loaded with it. */
export class PagePanels implements Disposable {
  private readonly context: Pick<vscode.ExtensionContext, 'extensionUri' | 'globalState'>;
  private readonly disposables = new DisposableStore();
  private panel: vscode.WebviewPanel | undefined;

  constructor(context: Pick<vscode.ExtensionContext, 'extensionUri' | 'globalState'>) {
    this.context = context;
  }

  /** Shows the Overview, in the panel that is open or in a new one. */
  async showOverview(services: Services): Promise<void> {
    if (this.panel !== undefined) this.panel.reveal();
    else {
      const column = vscode.ViewColumn.Active;
      await this.fill(services, vscode.window.createWebviewPanel(overviewPanel, 'MagicBell Overview', column));
    }
  }

  dispose(): void {
    this.disposables.dispose();
  }

  /** Fills a panel, new or brought back by VS Code. */
  async fill(services: Services, panel: vscode.WebviewPanel): Promise<void> {
    this.panel = panel;
    const closing = panel.onDidDispose(() => {
      this.panel = undefined;
      closing.dispose();
    });
    const { fillOverviewPanel } = await import('./overviewPanel.ts');
    if (this.panel === panel) this.disposables.add(fillOverviewPanel(services, panel, this.context));
  }
}
