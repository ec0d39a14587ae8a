import * as vscode from 'vscode';
import type { Connection } from '../../core/connections/connection.ts';
import { SigningKeyVault } from '../../core/signing/signingKeys.ts';
import type { Services } from '../services.ts';
import { projectLine, projectName } from '../../core/connections/projectName.ts';

/**
 * "Forget API Key…": settles undelivered values, then clears everything of this connection and nothing of the others.
 *
 * @param settle asks about each undelivered value; false when one is left
 */
export async function forgetApiKey(
  services: Services,
  connection: Connection,
  settle: (services: Services, connection: Connection) => Promise<boolean>,
): Promise<void> {
  const { connections, activity, issuances, drafts, clipboardToken } = services;
  const signingKeys = new SigningKeyVault(services.secrets);
  const isLast = connections.all.length === 1;
  const hasSigningKeys = (await signingKeys.read(connection.id).catch(() => undefined)) !== undefined;
  const choice = await vscode.window.showWarningMessage(
    isLast ? 'Forget the API key?' : `Forget the API key of ${projectName(connection)}?`,
    {
      modal: true,
      detail: `${projectLine(services, connection)}It is removed from VS Code’s secret storage, and its lists are emptied. Pinned users, the activity recorded here and what an audit has found are removed with it. Tokens stay as they are at MagicBell.${
        hasSigningKeys ? ' The keys that user tokens were signed with are removed, too.' : ''
      }`,
    },
    'Forget API Key',
  );
  if (choice === undefined || !(await settle(services, connection))) return;
  const { id } = connection;
  const name = projectName(connection);
  await connections.remove(connection);
  const { rotations, watch, turns, dailyLook } = await services.reminders();
  await Promise.all([
    activity.clear(id),
    connection.users.forget(),
    rotations.forget(id),
    watch.forget(id),
    turns.forget(id),
    dailyLook.forget(id),
    issuances.forget(id),
    (await services.audits()).forget(id),
    (await services.ledger.open()).forget(id),
    (await services.destinations()).forget(id),
  ]);
  await (await import('./cliLogin.ts')).forgetCliLogin(services, id);
  if (hasSigningKeys) await signingKeys.clear(id);
  for (const key of drafts.keys()) if (key.startsWith(`${id} `)) drafts.delete(key);
  clipboardToken.forgetConnection(id);
  void vscode.window.showInformationMessage(
    isLast ? 'The API key is forgotten.' : `The API key of ${name} is forgotten.`,
  );
}
