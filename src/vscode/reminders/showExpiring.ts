import * as vscode from 'vscode';
import type { Connection } from '../../core/connections/connection.ts';
import type { RevocableToken } from '../../core/model/token.ts';
import { expiryText, shortId, tokenName } from '../../core/tokens/tokenPresentation.ts';
import { showPickStep } from '../ui/quickInput.ts';
import type { Services } from '../services.ts';
import { titleIn } from '../connect/projectName.ts';
import { confirmAndRevoke } from '../revoke/revokeTokens.ts';
import { rotate } from './rotateToken.ts';

/** "Show Expiring Tokens…": what the watch warns about, each with what can be done. */
export async function showExpiring(services: Services): Promise<void> {
  const { clock } = services;
  const { watch } = await services.reminders();
  const now = clock.now();
  const all = await services.connections.start();
  const tokens = watch.warnings
    .flatMap(({ connectionId, token }) => {
      const connection = all.find(({ id }) => id === connectionId);
      return connection === undefined ? [] : [{ connection, token }];
    })
    .sort((a, b) => (a.token.expiresAt?.getTime() ?? 0) - (b.token.expiresAt?.getTime() ?? 0));
  if (tokens.length === 0) {
    void vscode.window.showInformationMessage('No token that was loaded here has expired or expires soon.');
    return;
  }
  const picked = await showPickStep({
    title: 'Expiring Tokens',
    placeholder: 'Among the tokens loaded here',
    items: tokens.map(({ connection, token }) => ({
      label: tokenName(token),
      description: [
        ...(all.length > 1 ? [connection.label] : []),
        `${token.kind} token`,
        expiryText(token, now),
        shortId(token.id),
      ].join(' · '),
      connection,
      token,
    })),
  });
  if (picked.type === 'done') await offer(services, picked.value.connection, picked.value.token);
}

interface ActionItem extends vscode.QuickPickItem {
  readonly run: () => Promise<unknown>;
}

async function offer(services: Services, connection: Connection, token: RevocableToken): Promise<void> {
  const items: ActionItem[] = [
    {
      label: '$(sync) Rotate…',
      description: 'a new one of the same name',
      run: () => rotate(services, connection, token),
    },
    {
      label: '$(trash) Revoke…',
      description: 'it stops working at once',
      run: () => confirmAndRevoke(services, connection, [token]),
    },
    {
      label: '$(bell-slash) Don’t Remind Me for This Token',
      run: async () => (await services.reminders()).watch.mute(connection.id, token),
    },
  ];
  const picked = await showPickStep<ActionItem>({
    title: titleIn(services, connection, tokenName(token)),
    placeholder: expiryText(token, services.clock.now()),
    items,
  });
  if (picked.type === 'done') await picked.value.run();
}
