import * as vscode from 'vscode';
import type { Services } from '../services.ts';

/**
 * Whether the clipboard may be overwritten. Asks if it holds a value from here, which may be the only copy.
 */
export async function mayOverwriteClipboard({ clipboardToken }: Pick<Services, 'clipboardToken'>): Promise<boolean> {
  const token = await clipboardToken.onlyCopy();
  if (token === undefined) return true;
  const choice = await vscode.window.showWarningMessage(
    `The clipboard still holds the value of “${token.name}”.`,
    { modal: true, detail: 'It cannot be shown again. Paste it where it belongs before something else is copied.' },
    'Overwrite It',
  );
  return choice !== undefined;
}

/** Copies a text that is not secret. False if the user declines to overwrite a token's value. */
export async function writeClipboard(
  services: Pick<Services, 'clipboard' | 'clipboardToken'>,
  text: string,
): Promise<boolean> {
  if (!(await mayOverwriteClipboard(services))) return false;
  await services.clipboard.writeText(text);
  await services.clipboardToken.check();
  return true;
}
