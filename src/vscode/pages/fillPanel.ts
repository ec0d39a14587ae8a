import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../core/base/disposable.ts';
import type { Logger } from '../../core/base/logger.ts';
import type { PageToShow } from './page.ts';
import { pageHtml } from './pageHtml.ts';

/** Fills a panel with a page, and handles its messages until it is closed. */
export function fillPanel(
  { name, title, open, report }: PageToShow,
  panel: vscode.WebviewPanel,
  extensionUri: vscode.Uri,
  logger: Logger,
): Disposable {
  const { webview } = panel;
  const disposables = new DisposableStore();
  const folder = vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
  const page = disposables.add(
    open({
      post: (message) => void webview.postMessage(message),
      get isVisible() {
        return panel.visible;
      },
    }),
  );
  const receive = async (data: unknown): Promise<void> => {
    if (!(await page.receive(data))) logger.warn(`${name}: a message that is not of the page was dropped`);
  };
  disposables.add(webview.onDidReceiveMessage((data: unknown) => void receive(data).catch(report)));
  disposables.add(panel.onDidDispose(() => disposables.dispose()));
  panel.iconPath = vscode.Uri.joinPath(extensionUri, 'media', 'icon.png');
  webview.options = { enableScripts: true, enableForms: false, localResourceRoots: [folder] };
  webview.html = pageHtml({
    page: name,
    title,
    source: webview.cspSource,
    script: webview.asWebviewUri(vscode.Uri.joinPath(folder, 'main.js')).toString(),
    style: webview.asWebviewUri(vscode.Uri.joinPath(folder, 'pages.css')).toString(),
  });
  return disposables;
}
