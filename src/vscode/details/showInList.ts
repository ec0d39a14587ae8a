import * as vscode from 'vscode';
import type { Connection } from '../../core/connections/connection.ts';
import type { Token } from '../../core/model/token.ts';
import type { FoundToken } from '../../core/tokens/findTokens.ts';
import { tokenName } from '../../core/tokens/tokenPresentation.ts';
import { revealToken } from '../browse/findToken.ts';
import { saidIn } from '../../core/connections/projectName.ts';
import type { Services } from '../services.ts';
import { withLongProgress } from '../ui/progress.ts';
import { reportError } from '../ui/reportError.ts';

/** Reveals a token's row, loading its list if necessary, or reports that it is no longer listed. */
export async function showInList(
  services: Services,
  connection: Connection,
  { token, user }: FoundToken,
): Promise<void> {
  const { store } = connection;
  if (user !== undefined) store.openUser(user);
  const list = user === undefined ? store.projectTokens : store.tokensOf(user.id);
  const { id } = token;
  const find = (): Token | undefined => (id === undefined ? list.items.find((each) => each === token) : list.find(id));
  if (find() === undefined) {
    const title = saidIn(services, connection, `Looking for “${tokenName(token)}”`);
    await withLongProgress(services, { title, cancellable: true }, async (signal) => {
      await (list.isLoaded ? list.refresh() : list.load());
      if (find() === undefined && list.hasMore) await list.loadAll({ signal, onProgress: () => undefined });
    });
  }
  const found = find();
  if (found !== undefined) {
    await revealToken(services, connection, { token: found, user });
  } else if (list.error !== undefined) {
    const operation = user === undefined ? 'fetchProjectTokens' : 'fetchUserTokens';
    await reportError(services, list.error, { operation, connection });
  } else if (!list.hasMore) {
    const message = saidIn(services, connection, `“${tokenName(token)}” is no longer listed.`);
    void vscode.window.showInformationMessage(message);
  }
}
