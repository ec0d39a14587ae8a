import * as vscode from 'vscode';
import type { ClearOutcome } from '../../core/delivery/clipboard.ts';
import type { Services } from '../services.ts';

const messages: Readonly<Record<ClearOutcome, string>> = {
  cleared: 'The clipboard is cleared.',
  otherContent: 'The clipboard does not hold a token’s value from here; it is left alone.',
  unreadable: 'The clipboard cannot be read; it was not cleared.',
  failed: 'The clipboard could not be cleared.',
};

/** "Clear Token from Clipboard": clears the clipboard only while it still holds a value that was copied from here. */
export async function clearClipboard({ clipboardToken }: Services): Promise<void> {
  void vscode.window.showInformationMessage(messages[await clipboardToken.clear()]);
}
