import { commands, type ExtensionContext, type TreeDataProvider, TreeItem, window } from 'vscode';

/** The least that an extension of this kind does: one tree and ten commands. */
export function activate(context: ExtensionContext): void {
  const name = context.extension.id.split('.')[1] ?? '';
  const provider: TreeDataProvider<string> = {
    getChildren: () => ['One', 'Two', 'Three'],
    getTreeItem: (label) => new TreeItem(label),
  };
  context.subscriptions.push(window.createTreeView(`${name}.tree`, { treeDataProvider: provider }));
  for (let index = 0; index < 10; index++) {
    context.subscriptions.push(commands.registerCommand(`${name}.command${index}`, () => index));
  }
}
