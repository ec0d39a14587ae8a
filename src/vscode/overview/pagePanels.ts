import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../core/base/disposable.ts';
import type { Services } from '../services.ts';

export const overviewType = 'magicbellTokens.overview';

/** The Overview's panel: opened by a command, or brought back by VS Code after a reload. Its code is loaded with it. */
export class PagePanels implements Disposable {
  private readonly context: Pick<vscode.ExtensionContext, 'extensionUri' | 'globalState'>;
  private readonly disposables = new DisposableStore();
  private panel: vscode.WebviewPanel | undefined;

  constructor(context: Pick<vscode.ExtensionContext, 'extensionUri' | 'globalState'>) {
    this.context = context;
  }

  /** Lets VS Code bring back panels that were open. */
  register(services: Services): Disposable {
    return vscode.window.registerWebviewPanelSerializer(overviewType, {
      deserializeWebviewPanel: (panel) => this.fill(services, panel),
    });
  }

  /** Shows the Overview, in the panel that is open or in a new one. */
  async showOverview(services: Services): Promise<void> {
    if (this.panel !== undefined) this.panel.reveal();
    else {
      const column = vscode.ViewColumn.Active;
      await this.fill(services, vscode.window.createWebviewPanel(overviewType, 'MagicBell Overview', column));
    }
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private async fill(services: Services, panel: vscode.WebviewPanel): Promise<void> {
    this.panel = panel;
    const closing = panel.onDidDispose(() => {
      this.panel = undefined;
      closing.dispose();
    });
    const { fillOverviewPanel } = await import('./overviewPanel.ts');
    if (this.panel === panel) this.disposables.add(fillOverviewPanel(services, panel, this.context));
  }
}
