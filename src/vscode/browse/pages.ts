import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../core/base/disposable.ts';
import type { Services } from '../services.ts';

export const pageScheme = 'magicbell-tokens';

/** Several changes in a row are one for whoever reads. */
const refreshDelayMs = 200;

/** The read-only pages of plain text: an open one follows what it is about. What they say is loaded with the first. */
export class Pages implements vscode.TextDocumentContentProvider, Disposable {
  private readonly services: Services;
  private readonly disposables = new DisposableStore();
  private readonly waiting = this.disposables.add(new DisposableStore());
  private readonly changeEmitter = this.disposables.add(new vscode.EventEmitter<vscode.Uri>());

  readonly onDidChange = this.changeEmitter.event;

  constructor(services: Services) {
    this.services = services;
    const { connections, activity, timePassed } = services;
    this.disposables.add(vscode.workspace.registerTextDocumentContentProvider(pageScheme, this));
    for (const event of [connections.onDidChangeStore, connections.onDidChange, activity.onDidChange, timePassed.event])
      this.disposables.add((event as (listener: () => void) => Disposable)(() => this.refreshSoon()));
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const { contentOf } = await import('./pageContent.ts');
    return contentOf(this.services, uri);
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private refreshSoon(): void {
    const open = vscode.workspace.textDocuments.filter(({ uri }) => uri.scheme === pageScheme);
    this.waiting.clear();
    if (open.length === 0) return;
    this.waiting.add(
      this.services.clock.after(refreshDelayMs, () => {
        for (const { uri } of open) this.changeEmitter.fire(uri);
      }),
    );
  }
}
