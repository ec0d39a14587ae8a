import { env, type ExtensionContext } from 'vscode';
import { nodeSharedFolder } from '../../../src/core/base/sharedFolder.ts';
import { activate as activateProduct } from '../../../src/extension.ts';
import { crashingClipboard, crashingJournalFiles, crashingSecrets, crashInDotenv } from './crashSteps.ts';

export { deactivate } from '../../../src/extension.ts';

/** Starts the extension as it ships; its host ends itself at the step that a file names. */
export function activate(context: ExtensionContext): void {
  crashInDotenv();
  activateProduct(context, {
    secrets: crashingSecrets(context.secrets),
    clipboard: crashingClipboard(env.clipboard),
    sharedFolder: (folder) => crashingJournalFiles(nodeSharedFolder(folder)),
  });
}
