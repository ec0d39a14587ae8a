import * as vscode from 'vscode';
import { projectLine } from '../../core/connections/projectName.ts';
import type { Services } from '../services.ts';

/**
 * Whether the clipboard may be overwritten. Asks if it holds a value from here, which may be the only copy.
 */
export async function mayOverwriteClipboard(
  services: Pick<Services, 'clipboardToken' | 'connections'>,
): Promise<boolean> {
  const token = await services.clipboardToken.onlyCopy();
  if (token === undefined) return true;
  const choice = await vscode.window.showWarningMessage(
    `The clipboard still holds the value of “${token.name}”.`,
    {
      modal: true,
      detail: `${projectLine(services, services.connections.find(token.connectionId))}It cannot be shown again. Paste it where it belongs before something else is copied.`,
    },
    'Overwrite It',
  );
  return choice !== undefined;
}

/** Copies a text that is not secret. False if the user declines to overwrite a token's value. */
export async function writeClipboard(
  services: Pick<Services, 'clipboard' | 'clipboardToken' | 'connections'>,
  text: string,
): Promise<boolean> {
  if (!(await mayOverwriteClipboard(services))) return false;
  await services.clipboard.writeText(text);
  await services.clipboardToken.check();
  return true;
}
