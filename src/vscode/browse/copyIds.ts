import * as vscode from 'vscode';
import type { Token } from '../../core/model/token.ts';
import type { User } from '../../core/model/user.ts';
import { expiryText, shortId, tokenName, userName } from '../../core/tokens/tokenPresentation.ts';
import { writeClipboard } from '../deliver/writeClipboard.ts';
import { showPickStep } from '../ui/quickInput.ts';
import type { Services } from '../services.ts';
import type { Node } from '../tree/nodes.ts';
import { pickUser } from './userPick.ts';
import { revocableChoices } from './revocableChoices.ts';
import { ensureSignedIn } from '../connect/setApiKey.ts';

/** "Copy Token ID": of the row, or of a token picked from the loaded ones. */
export async function copyTokenId(services: Services, argument: unknown): Promise<void> {
  const node = (argument ?? services.views.selection[0]) as Node | undefined;
  const token = node?.type === 'token' ? node.token : await pickToken(services);
  if (token?.id !== undefined) await copy(services, token.id, 'token ID');
}

/** "Copy User ID": of the row, or of a user that is searched for. */
export async function copyUserId(services: Services, argument: unknown): Promise<void> {
  const node = (argument ?? services.views.selection[0]) as Node | undefined;
  const user = node?.type === 'user' ? node.user : await askForUser(services);
  if (user !== undefined) await copy(services, user.id, `ID of ${userName(user)}`);
}

async function copy(services: Services, id: string, what: string): Promise<void> {
  if (!(await writeClipboard(services, id))) return;
  vscode.window.setStatusBarMessage(`Copied the ${what}.`, 5000);
}

async function pickToken(services: Services): Promise<Token | undefined> {
  if (!(await ensureSignedIn(services))) return undefined;
  const tokens = await revocableChoices(services);
  const now = services.clock.now();
  const items = tokens
    .filter(({ id }) => id !== undefined)
    .map((token) => ({
      label: tokenName(token),
      description: `${expiryText(token, now)} · ${shortId(token.id)}`,
      token,
    }));
  if (items.length === 0) {
    void vscode.window.showInformationMessage('No tokens are loaded whose id could be copied.');
    return undefined;
  }
  const picked = await showPickStep({
    title: 'Copy Token ID',
    items,
    placeholder: 'Which token? (among the loaded ones)',
  });
  return picked.type === 'done' ? picked.value.token : undefined;
}

async function askForUser(services: Services): Promise<User | undefined> {
  if (!(await ensureSignedIn(services))) return undefined;
  const picked = await pickUser(services, {
    title: 'Copy User ID',
    placeholder: 'Email or external id; names are searched among the loaded users',
    allowTyped: false,
  });
  return picked.type === 'done' && picked.value.type === 'user' ? picked.value.user : undefined;
}
