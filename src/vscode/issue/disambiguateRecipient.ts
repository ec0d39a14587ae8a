import * as vscode from 'vscode';
import type { Connection } from '../../core/connections/connection.ts';
import type { Recipient } from '../../core/model/recipient.ts';
import type { User } from '../../core/model/user.ts';
import { resolveRecipient } from '../../core/signing/signingRecipient.ts';
import { userItem } from '../browse/userPick.ts';
import { showPickStep } from '../ui/quickInput.ts';

/** Signing does not wait longer for a look at the users. */
const lookMs = 5_000;

/**
 * The recipient whom a signed token would open an inbox for; of several users with one e-mail the one that is picked,
 * by external id. Undefined: none was picked, or the one that was has no external id.
 */
export async function disambiguateRecipient(
  connection: Connection,
  title: string,
  recipient: Recipient,
): Promise<Recipient | undefined> {
  const { users } = connection.store;
  const all = users.isWhole ? users.items : undefined;
  const resolved = await resolveRecipient(recipient, all, () => connection.api(), AbortSignal.timeout(lookMs));
  if (resolved.type === 'one') return resolved.recipient;
  const picked = await showPickStep({
    title,
    items: resolved.users.map((user) => withReason(user)),
    placeholder: 'Several users have this e-mail. Which one? The token names the external ID.',
  });
  if (picked.type !== 'done') return undefined;
  const { id, externalId } = picked.value.choice.user;
  if (externalId !== undefined) return { externalId, userId: id };
  await vscode.window.showErrorMessage('Give the user an external ID first: others share the e-mail.');
  return undefined;
}

const withReason = (user: User): ReturnType<typeof userItem> => ({
  ...userItem(user),
  ...(user.externalId === undefined ? { detail: 'no external ID: a token for this user cannot be signed' } : {}),
});
