import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { displayText } from '../../core/base/displayText.ts';

/** What is exported. */
export interface ExportFile {
  /** Of the dialogue that asks where to. */
  readonly title: string;
  /** The name of its kind, as the dialogue shows it. */
  readonly label: string;
  readonly extension: string;
  /** Without its extension. */
  readonly name: string;
  /** Made once there is a place for it. */
  readonly write: () => string;
  /** What is said when it is written. */
  readonly done: (file: string) => string;
}

/** Asks where to, writes the file there, says so, and offers to open it. */
export async function saveExport({ title, label, extension, name, write, done }: ExportFile): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(homedir());
  const file = `${name}.${extension}`;
  const target = await vscode.window.showSaveDialog({
    title,
    filters: { [label]: [extension] },
    defaultUri: vscode.Uri.joinPath(folder, file),
  });
  if (target === undefined) return;
  await vscode.workspace.fs.writeFile(target, Buffer.from(write()));
  const shownName = displayText(target.path.split('/').at(-1) ?? file);
  const choice = await vscode.window.showInformationMessage(done(shownName), 'Open');
  if (choice !== undefined) await vscode.window.showTextDocument(target);
}
