import * as vscode from 'vscode';
import type { User } from '../../core/model/user.ts';
import { presentUser, userName } from '../../core/tokens/tokenPresentation.ts';
import { showPickStep } from '../ui/quickInput.ts';
import type { Services } from '../services.ts';
import type { Node } from '../tree/nodes.ts';
import { pickUser } from './userPick.ts';
import { ensureSignedIn } from '../connect/setApiKey.ts';

/** "Pin User": the row's user, or one that is searched for, stays on top of the view. */
export async function pinUser(services: Services, argument: unknown): Promise<void> {
  if (!(await ensureSignedIn(services))) return;
  const user = userOf(services, argument) ?? (await askForUser(services));
  if (user === undefined) return;
  await services.users.pin(user);
  shown(services, `Pinned ${userName(user)}.`);
}

/** "Unpin User" */
export async function unpinUser(services: Services, argument: unknown): Promise<void> {
  if (!(await ensureSignedIn(services))) return;
  const { users } = services;
  const row = userOf(services, argument);
  const user = row !== undefined && users.isPinned(row.id) ? row : await pickPinned(services);
  if (user === undefined) return;
  await users.unpin(user.id);
  shown(services, `Unpinned ${userName(user)}.`);
}

function userOf({ views }: Services, argument: unknown): User | undefined {
  const node = (argument ?? views.selection[0]) as Node | undefined;
  return node?.type === 'user' ? node.user : undefined;
}

function shown({ views }: Services, message: string): void {
  views.user.provider.refresh();
  vscode.window.setStatusBarMessage(message, 5000);
}

async function askForUser(services: Services): Promise<User | undefined> {
  const picked = await pickUser(services, {
    title: 'Pin User',
    placeholder: 'Email or external id; names are searched among the loaded users',
    allowTyped: false,
  });
  return picked.type === 'done' && picked.value.type === 'user' ? picked.value.user : undefined;
}

async function pickPinned({ users }: Services): Promise<User | undefined> {
  if (users.pinned.length === 0) {
    void vscode.window.showInformationMessage('No user is pinned.');
    return undefined;
  }
  const items = users.pinned.map((user) => {
    const { label, tooltip } = presentUser(user, undefined);
    return { label, description: tooltip.slice(1).join(' · '), user };
  });
  const picked = await showPickStep({ title: 'Unpin User', items, placeholder: 'Which user?' });
  return picked.type === 'done' ? picked.value.user : undefined;
}
