import * as vscode from 'vscode';
import type { Connection } from '../../core/connections/connection.ts';
import type { ExpiryWarning } from '../../core/reminders/expiryWatch.ts';
import { tokenName } from '../../core/tokens/tokenPresentation.ts';
import { revealToken } from '../browse/findToken.ts';
import { saidIn } from '../../core/connections/projectName.ts';
import type { Services } from '../services.ts';
import { withLongProgress } from '../ui/progress.ts';
import { reportError } from '../ui/reportError.ts';

/** Shows the row of a token that is kept, and that may not be loaded yet; or says that it is no longer listed. */
export async function showInList(
  services: Services,
  connection: Connection,
  { token, owner }: ExpiryWarning,
): Promise<void> {
  const { store } = connection;
  if (owner !== undefined) store.openUser(owner);
  const list = owner === undefined ? store.projectTokens : store.tokensOf(owner.id);
  if (list.find(token.id) === undefined) {
    const title = saidIn(services, connection, `Looking for “${tokenName(token)}”`);
    await withLongProgress(services, { title, cancellable: true }, async (signal) => {
      await (list.isLoaded ? list.refresh() : list.load());
      if (list.find(token.id) === undefined && list.hasMore)
        await list.loadAll({ signal, onProgress: () => undefined });
    });
  }
  const found = list.find(token.id);
  if (found !== undefined) {
    await revealToken(services, connection, { token: found, user: owner });
  } else if (list.error !== undefined) {
    const operation = owner === undefined ? 'fetchProjectTokens' : 'fetchUserTokens';
    await reportError(services, list.error, { operation, connection });
  } else if (!list.hasMore) {
    const message = saidIn(services, connection, `“${tokenName(token)}” is no longer listed.`);
    void vscode.window.showInformationMessage(message);
  }
}
