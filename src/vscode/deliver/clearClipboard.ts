import * as vscode from 'vscode';
import type { Services } from '../services.ts';

/** "Clear Token from Clipboard": clears the clipboard only while it still holds a value that was copied from here. */
export async function clearClipboard({ clipboardToken }: Services): Promise<void> {
  const isCleared = await clipboardToken.clear();
  void vscode.window.showInformationMessage(
    isCleared
      ? 'The clipboard is cleared.'
      : 'The clipboard does not hold a token’s value from here; it is left alone.',
  );
}
