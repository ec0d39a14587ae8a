import * as vscode from 'vscode';
import type { Row } from '../../core/browse/rows.ts';
import type { Connection } from '../../core/connections/connection.ts';
import type { Token } from '../../core/model/token.ts';
import type { User } from '../../core/model/user.ts';
import { expiryText, shortId, tokenName, userName } from '../../core/tokens/tokenPresentation.ts';
import { writeClipboard } from '../deliver/writeClipboard.ts';
import { titleIn } from '../../core/connections/projectName.ts';
import { showPickStep } from '../ui/quickInput.ts';
import type { Services } from '../services.ts';
import { pickUser } from './userPick.ts';
import { revocableChoices } from './revocableChoices.ts';

/** "Copy Token ID" of rows, one line each. */
export async function copyTokenIds(services: Services, rows: readonly Row[]): Promise<void> {
  const ids = rows.flatMap((row) => (row.type === 'token' && row.token.id !== undefined ? [row.token.id] : []));
  if (ids.length === 0) void vscode.window.showInformationMessage('MagicBell sent no id for this token.');
  else await copy(services, ids, ids.length === 1 ? 'token ID' : `IDs of ${ids.length} tokens`);
}

/** "Copy Token ID" of a token picked from the loaded ones. */
export async function copyPickedTokenId(services: Services, connection: Connection): Promise<void> {
  const token = await pickToken(services, connection);
  if (token?.id !== undefined) await copy(services, [token.id], 'token ID');
}

/** "Copy User ID" of rows, one line each. */
export async function copyUserIds(services: Services, rows: readonly Row[]): Promise<void> {
  const users = rows.flatMap((row) => (row.type === 'user' ? [row.user] : []));
  const [first] = users;
  if (first === undefined) return;
  const what = users.length === 1 ? `ID of ${userName(first)}` : `IDs of ${users.length} users`;
  await copy(
    services,
    users.map(({ id }) => id),
    what,
  );
}

/** "Copy User ID" of a user found by search. */
export async function copyPickedUserId(services: Services, connection: Connection): Promise<void> {
  const user = await askForUser(services, connection);
  if (user !== undefined) await copy(services, [user.id], `ID of ${userName(user)}`);
}

async function copy(services: Services, ids: readonly string[], what: string): Promise<void> {
  if (!(await writeClipboard(services, ids.join('\n')))) return;
  vscode.window.setStatusBarMessage(`Copied the ${what}.`, 5000);
}

async function pickToken(services: Services, connection: Connection): Promise<Token | undefined> {
  const tokens = await revocableChoices(services, connection);
  if (tokens === undefined) return undefined;
  const now = connection.now();
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
    title: titleIn(services, connection, 'Copy Token ID'),
    items,
    placeholder: 'Which token? (among the loaded ones)',
  });
  return picked.type === 'done' ? picked.value.token : undefined;
}

async function askForUser(services: Services, connection: Connection): Promise<User | undefined> {
  const picked = await pickUser(services, connection, {
    title: titleIn(services, connection, 'Copy User ID'),
    placeholder: 'Email or external id; names are searched among the loaded users',
    allowTyped: false,
  });
  return picked.type === 'done' && picked.value.type === 'user' ? picked.value.user : undefined;
}
