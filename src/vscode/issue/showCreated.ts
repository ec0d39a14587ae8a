import * as vscode from 'vscode';
import type { Connection } from '../../core/connections/connection.ts';
import { type Issuance, type IssuanceRequest, tokenOfIssuance } from '../../core/issuance/issuance.ts';
import { findRecipients, isRecipient } from '../../core/issuance/orphanSearch.ts';
import type { MagicBellApi } from '../../core/magicbell/magicBellApi.ts';
import type { Token } from '../../core/model/token.ts';
import type { UserId } from '../../core/model/user.ts';
import { tokenName } from '../../core/tokens/tokenPresentation.ts';
import { saidIn } from '../../core/connections/projectName.ts';
import type { Services } from '../services.ts';

/**
 * Shows a new token in its list while it is delivered, and selects its row afterwards. A list that has to be loaded
 * comes last.
 */
export async function showCreated(
  services: Services,
  connection: Connection,
  api: MagicBellApi,
  issuance: Issuance,
  deliver: () => Promise<void>,
): Promise<void> {
  const { request } = issuance;
  const token = tokenOfIssuance(issuance, connection.now());
  const user = request.kind === 'user' ? localRecipient(connection, request) : undefined;
  connection.store.addToken(token, user);
  const delivered = deliver().then(() => selectRow(services, connection, token, user));
  if (request.kind === 'user' && user === undefined)
    await showRecipient(connection, api, request).catch(() => undefined);
  await delivered;
}

/** Selects the new row, so that the next key or command acts on it. If the filter hides it, offers to show it. */
async function selectRow(
  services: Services,
  connection: Connection,
  token: Token,
  user: UserId | undefined,
): Promise<void> {
  const view = services.views[token.kind];
  const list = user === undefined ? connection.store.projectTokens : connection.store.openedTokens(user);
  if (!view.tree.visible || token.id === undefined || list?.find(token.id) === undefined) return;
  const row = view.provider.tokenRow(connection, token, user);
  if (row !== undefined) {
    // While its value waits in the pinned row, this row does not exist.
    await Promise.resolve(view.tree.reveal(row, { select: true, focus: false })).catch(() => undefined);
    return;
  }
  const message = saidIn(services, connection, `The filter hides “${tokenName(token)}”.`);
  void vscode.window.showInformationMessage(message, 'Show').then(async (choice) => {
    if (choice === undefined) return;
    await view.arrange({ filter: 'all' });
    const shown = view.provider.tokenRow(connection, token, user);
    if (shown !== undefined) await view.revealRow(shown);
  });
}

function localRecipient({ store }: Connection, { recipient = {} }: IssuanceRequest): UserId | undefined {
  return recipient.userId ?? store.shownUsers.find((user) => isRecipient(user, recipient))?.id;
}

/** Adds the user of a new token to the list; the user may be new. */
async function showRecipient(
  { store }: Connection,
  api: MagicBellApi,
  { recipient = {} }: IssuanceRequest,
): Promise<void> {
  for (const user of await findRecipients(api, recipient)) store.openUser(user);
}
