import * as vscode from 'vscode';
import type { Connection } from '../../core/connections/connection.ts';
import type { FoundToken } from '../../core/tokens/findTokens.ts';
import type { Services } from '../services.ts';
import { titleIn } from '../../core/connections/projectName.ts';
import { pickToken } from './tokenPick.ts';
import { showUser } from './findUsers.ts';

/** "Find Token…": shows a loaded token, or a user that the server finds, in its view. */
export async function findToken(services: Services, connection: Connection): Promise<void> {
  const picked = await pickToken(services, connection, {
    title: titleIn(services, connection, 'Find Token'),
    withUsers: true,
  });
  if (picked?.type === 'user') await showUser(services, connection, picked.user);
  else if (picked !== undefined) await revealToken(services, connection, picked.found);
}

/** Selects the row of a loaded token; clears a filter that hides it. */
export async function revealToken(
  { views }: Services,
  connection: Connection,
  { token, user }: FoundToken,
): Promise<void> {
  const { store } = connection;
  const view = token.kind === 'project' ? views.project : views.user;
  // A user whose tokens are loaded may have left the list since.
  if (user !== undefined && !store.shownUsers.some(({ id }) => id === user.id)) store.openUser(user);
  if (view.provider.tokenRow(connection, token, user?.id) === undefined) {
    await view.arrange({ filter: 'all' });
    vscode.window.setStatusBarMessage('The filter was cleared to show the token.', 5000);
  }
  const row = view.provider.tokenRow(connection, token, user?.id);
  if (row !== undefined) await view.revealRow(row);
}
