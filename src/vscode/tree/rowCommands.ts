import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../core/base/disposable.ts';
import type { ViewId } from '../ui/ids.ts';

/**
 * Gives each clickable row a command of its own without arguments. VS Code drops the arguments of a row's command as
 * soon as it requests the rows again, while the window still shows the old row: a click in that time would end in
 * “Actual command not found”.
 */
export class RowCommands implements Disposable {
  private readonly viewId: ViewId;
  private readonly disposables = new DisposableStore();
  /** By row id: the id of its command, and what it currently runs. */
  private readonly known = new Map<string, { readonly id: string; does: vscode.Command }>();

  constructor(viewId: ViewId) {
    this.viewId = viewId;
  }

  /** Replaces the command of a row. */
  giveTo(item: vscode.TreeItem): vscode.TreeItem {
    if (item.command !== undefined && item.id !== undefined)
      item.command = { command: this.commandFor(item.id, item.command), title: item.command.title };
    return item;
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private commandFor(row: string, does: vscode.Command): string {
    const known = this.known.get(row);
    if (known !== undefined) {
      known.does = does;
      return known.id;
    }
    const made = { id: `${this.viewId}.row${this.known.size}`, does };
    this.known.set(row, made);
    this.disposables.add(
      vscode.commands.registerCommand(made.id, () =>
        vscode.commands.executeCommand(made.does.command, ...((made.does.arguments ?? []) as unknown[])),
      ),
    );
    return made.id;
  }
}
