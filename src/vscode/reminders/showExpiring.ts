import * as vscode from 'vscode';
import type { RevocableToken } from '../../core/model/token.ts';
import { expiryText, shortId, tokenName } from '../../core/tokens/tokenPresentation.ts';
import { showPickStep } from '../ui/quickInput.ts';
import type { Services } from '../services.ts';
import { revokeKnown } from '../revoke/revokeTokens.ts';
import { rotate } from './rotateToken.ts';
import { ensureSignedIn } from '../connect/setApiKey.ts';

/** "Show Expiring Tokens…": what the watch warns about, each with what can be done. */
export async function showExpiring(services: Services): Promise<void> {
  if (!(await ensureSignedIn(services))) return;
  const { clock } = services;
  const { watch } = await services.reminders();
  const now = clock.now();
  const tokens = [...watch.warnings].sort((a, b) => (a.expiresAt?.getTime() ?? 0) - (b.expiresAt?.getTime() ?? 0));
  if (tokens.length === 0) {
    void vscode.window.showInformationMessage('No token that was loaded here has expired or expires soon.');
    return;
  }
  const picked = await showPickStep({
    title: 'Expiring Tokens',
    placeholder: 'Among the tokens loaded here',
    items: tokens.map((token) => ({
      label: tokenName(token),
      description: `${token.kind} token · ${expiryText(token, now)} · ${shortId(token.id)}`,
      token,
    })),
  });
  if (picked.type === 'done') await offer(services, picked.value.token);
}

interface ActionItem extends vscode.QuickPickItem {
  readonly run: () => Promise<unknown>;
}

async function offer(services: Services, token: RevocableToken): Promise<void> {
  const items: ActionItem[] = [
    { label: '$(sync) Rotate…', description: 'a new one of the same name', run: () => rotate(services, token) },
    {
      label: '$(trash) Revoke…',
      description: 'it stops working at once',
      run: () => revokeKnown(services, token),
    },
    {
      label: '$(bell-slash) Don’t Remind Me for This Token',
      run: async () => (await services.reminders()).watch.mute(token),
    },
  ];
  const picked = await showPickStep<ActionItem>({
    title: tokenName(token),
    placeholder: expiryText(token, services.clock.now()),
    items,
  });
  if (picked.type === 'done') await picked.value.run();
}
