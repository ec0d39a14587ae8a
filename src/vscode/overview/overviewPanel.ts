import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../core/base/disposable.ts';
import { parsePageMessage } from '../../core/overview/parseMessage.ts';
import type { Services } from '../services.ts';
import { reportError } from '../ui/reportError.ts';
import { LastLooks } from './lastLooks.ts';
import { OverviewPage } from './overviewPage.ts';
import { pageHtml } from './pageHtml.ts';

/** Fills a panel with the Overview, and answers it as long as it is open. */
export function fillOverviewPanel(
  services: Services,
  panel: vscode.WebviewPanel,
  { extensionUri, globalState }: Pick<vscode.ExtensionContext, 'extensionUri' | 'globalState'>,
): Disposable {
  const { webview } = panel;
  const disposables = new DisposableStore();
  const folder = vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
  const host = {
    post: (message: unknown) => void webview.postMessage(message),
    get isVisible() {
      return panel.visible;
    },
  };
  const page = disposables.add(new OverviewPage(services, host, new LastLooks(globalState)));
  disposables.add(
    webview.onDidReceiveMessage((data: unknown) => {
      const message = parsePageMessage(data);
      if (message === undefined) {
        services.logger.warn('overview: a message that is not of the page was dropped');
        return;
      }
      page.receive(message).catch((error: unknown) => reportError(services, error, {}));
    }),
  );
  disposables.add(panel.onDidDispose(() => disposables.dispose()));
  panel.iconPath = vscode.Uri.joinPath(extensionUri, 'media', 'icon.png');
  webview.options = { enableScripts: true, enableForms: false, localResourceRoots: [folder] };
  webview.html = pageHtml({
    title: 'MagicBell Overview',
    source: webview.cspSource,
    script: webview.asWebviewUri(vscode.Uri.joinPath(folder, 'main.js')).toString(),
    style: webview.asWebviewUri(vscode.Uri.joinPath(folder, 'pages.css')).toString(),
  });
  return disposables;
}
