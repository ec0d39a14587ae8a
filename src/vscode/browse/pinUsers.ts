import * as vscode from 'vscode';
import type { Row } from '../../core/browse/rows.ts';
import type { Connection } from '../../core/connections/connection.ts';
import type { User } from '../../core/model/user.ts';
import { presentUser, userName } from '../../core/tokens/tokenPresentation.ts';
import { titleIn } from '../../core/connections/projectName.ts';
import { showPickStep } from '../ui/quickInput.ts';
import type { Services } from '../services.ts';
import { pickUser } from './userPick.ts';

/** "Pin User" of rows: their users stay on top of the view. */
export async function pinRows(services: Services, rows: readonly Row[]): Promise<void> {
  const users = usersOf(rows);
  for (const { connection, user } of users) await connection.users.pin(user);
  show(services, users, 'Pinned');
}

/** "Pin User" of a user found by search. */
export async function pinPicked(services: Services, connection: Connection): Promise<void> {
  const user = await askForUser(services, connection);
  if (user === undefined) return;
  await connection.users.pin(user);
  show(services, [{ user }], 'Pinned');
}

/** "Unpin User" of rows. */
export async function unpinRows(services: Services, rows: readonly Row[]): Promise<void> {
  const all = usersOf(rows);
  const users = all.filter(({ connection, user }) => connection.users.isPinned(user.id));
  if (users.length === 0) {
    const message = all.length === 1 ? 'This user is not pinned.' : 'None of these users is pinned.';
    void vscode.window.showInformationMessage(message);
    return;
  }
  for (const { connection, user } of users) await connection.users.unpin(user.id);
  show(services, users, 'Unpinned');
}

/** "Unpin User" of a pinned user picked from a list. */
export async function unpinPicked(services: Services, connection: Connection): Promise<void> {
  const user = await pickPinned(services, connection);
  if (user === undefined) return;
  await connection.users.unpin(user.id);
  show(services, [{ user }], 'Unpinned');
}

const usersOf = (rows: readonly Row[]): readonly { readonly connection: Connection; readonly user: User }[] =>
  rows.flatMap((row) => (row.type === 'user' ? [{ connection: row.connection, user: row.user }] : []));

function show({ views }: Services, users: readonly { readonly user: User }[], done: string): void {
  const [first] = users;
  if (first === undefined) return;
  views.user.provider.refresh();
  const whom = users.length === 1 ? userName(first.user) : `${users.length} users`;
  vscode.window.setStatusBarMessage(`${done} ${whom}.`, 5000);
}

async function askForUser(services: Services, connection: Connection): Promise<User | undefined> {
  const picked = await pickUser(services, connection, {
    title: titleIn(services, connection, 'Pin User'),
    placeholder: 'Email or external id; names are searched among the loaded users',
    allowTyped: false,
  });
  return picked.type === 'done' && picked.value.type === 'user' ? picked.value.user : undefined;
}

async function pickPinned(services: Services, connection: Connection): Promise<User | undefined> {
  const { users } = connection;
  if (users.pinned.length === 0) {
    void vscode.window.showInformationMessage('No user is pinned.');
    return undefined;
  }
  const items = users.pinned.map((user) => {
    const { label, tooltip } = presentUser(user, undefined);
    return { label, description: tooltip.slice(1).join(' · '), user };
  });
  const picked = await showPickStep({
    title: titleIn(services, connection, 'Unpin User'),
    items,
    placeholder: 'Which user?',
  });
  return picked.type === 'done' ? picked.value.user : undefined;
}
