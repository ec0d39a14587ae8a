import * as vscode from 'vscode';
import type { SignedRow } from '../../core/browse/rows.ts';
import type { Connection } from '../../core/connections/connection.ts';
import type { LedgerEntry } from '../../core/ledger/ledgerEntry.ts';
import { recipientName, rollingEffect, signedText } from '../../core/signing/signedHere.ts';
import { titleIn } from '../../core/connections/projectName.ts';
import { signFor } from '../issue/signUserToken.ts';
import type { Services } from '../services.ts';
import { commandIds } from '../ui/ids.ts';
import { showPickStep } from '../ui/quickInput.ts';

/** "Sign Again…": signs a token for the same user, preselecting the same lifetime. The old token stays valid. */
export async function signAgain(services: Services, { connection, entry }: SignedRow): Promise<void> {
  await signEntry(services, connection, entry);
}

/** "Show Signed Tokens…": lists recipients, expiries and places, and which tokens rolling the Secret Key would end. */
export async function showSignedTokens(services: Services, connection: Connection): Promise<void> {
  const { ledger } = services;
  await (await ledger.open()).start();
  const entries = ledger.signedOf(connection.id);
  if (entries.length === 0) {
    void vscode.window.showInformationMessage('No user token was signed here.');
    return;
  }
  const now = connection.now();
  const { summary, detail } = rollingEffect(entries, now);
  const openUserAuth = (): PromiseLike<unknown> => vscode.commands.executeCommand(commandIds.openUserAuth);
  const items: (vscode.QuickPickItem & { readonly run?: () => PromiseLike<unknown> })[] = [
    { label: `$(info) ${summary}`, detail },
    {
      label: '$(link-external) Open User Auth',
      description: 'where MagicBell rolls the Secret Key',
      run: openUserAuth,
    },
    { label: 'Signed here', kind: vscode.QuickPickItemKind.Separator },
    ...entries.map((entry) => ({
      label: recipientName(entry),
      description: signedText(entry, now),
      run: () => signEntry(services, connection, entry),
    })),
  ];
  const picked = await showPickStep({
    title: titleIn(services, connection, 'Signed Tokens'),
    items,
    placeholder: 'Select a token to sign it again',
  });
  if (picked.type === 'done') await picked.value.run?.();
}

async function signEntry(services: Services, connection: Connection, entry: LedgerEntry): Promise<void> {
  const { recipient, madeAt, expiresAt } = entry;
  const lifetimeMs = expiresAt === undefined ? undefined : expiresAt.getTime() - madeAt.getTime();
  await signFor(services, connection, recipient, recipientName(entry), lifetimeMs);
}
