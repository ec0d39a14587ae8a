import * as vscode from 'vscode';
import type { FoundToken } from '../../core/tokens/findTokens.ts';
import type { Services } from '../services.ts';
import { pickToken } from './tokenPick.ts';
import { showUser } from './findUsers.ts';
import { ensureSignedIn } from '../connect/setApiKey.ts';

/** "Find Token…": a loaded token, or a user that the server finds, shown in its view. */
export async function findToken(services: Services): Promise<void> {
  if (!(await ensureSignedIn(services))) return;
  const picked = await pickToken(services, { title: 'Find Token', withUsers: true });
  if (picked?.type === 'user') await showUser(services, picked.user);
  else if (picked !== undefined) await revealToken(services, picked.found);
}

/** Shows a loaded token's row, selected; a filter that hides it is cleared. */
export async function revealToken({ views, store }: Services, { token, user }: FoundToken): Promise<void> {
  const view = token.kind === 'project' ? views.project : views.user;
  // A user whose tokens are loaded may have left the list since.
  if (user !== undefined && !store.shownUsers.some(({ id }) => id === user.id)) store.openUser(user);
  if ((await view.provider.tokenNode(token, user?.id)) === undefined) {
    await view.arrange({ filter: 'all' });
    vscode.window.setStatusBarMessage('The filter was cleared to show the token.', 5000);
  }
  const node = await view.provider.tokenNode(token, user?.id);
  if (node !== undefined) await view.revealNode(node);
}
