import * as vscode from 'vscode';
import { issuanceName } from '../../core/issuance/pendingPresentation.ts';
import type { Services } from '../services.ts';
import { SigningKeyVault } from '../../core/signing/signingKeys.ts';
import { copyValue } from '../deliver/deliverValue.ts';
import { revokeIssued } from '../revoke/revokeTokens.ts';

/** "Forget API Key…": settles what is undelivered, then clears everything of the connection. */
export async function forgetApiKey(services: Services): Promise<void> {
  const { session, store, activity, users, drafts, clipboardToken } = services;
  const state = await session.start();
  const signingKeys = new SigningKeyVault(services.secrets);
  const hasSigningKeys = (await signingKeys.read().catch(() => undefined)) !== undefined;
  if (state.status === 'signedOut' && state.because === undefined && !hasSigningKeys) {
    void vscode.window.showInformationMessage('There is no API key to forget.');
    return;
  }
  const choice = await vscode.window.showWarningMessage(
    'Forget the API key?',
    {
      modal: true,
      detail: `It is removed from VS Code’s secret storage, and all lists are emptied. Pinned users and the activity noted down here go with it. Tokens stay as they are at MagicBell.${
        hasSigningKeys ? ' The keys that user tokens were signed with are removed, too.' : ''
      }`,
    },
    'Forget API Key',
  );
  if (choice === undefined || !(await settleUndelivered(services))) return;
  const id = await session.signOut();
  if (id !== undefined) {
    const { rotations, watch } = await services.reminders();
    await Promise.all([
      activity.clear(id),
      users.forget(id),
      rotations.forget(id),
      watch.forget(id),
      services.issuances.forget(id),
    ]);
  }
  if (hasSigningKeys) await signingKeys.clear();
  drafts.clear();
  store.reset();
  if (id !== undefined) clipboardToken.forgetConnection(id);
  void vscode.window.showInformationMessage('The API key is forgotten.');
}

/** True when no undelivered value is left: each was copied, revoked or given up. */
export async function settleUndelivered(services: Services): Promise<boolean> {
  const { session, issuances } = services;
  const current = session.state.status === 'signedIn' ? session.state.connection.id : undefined;
  // What was issued with another connection can still be settled with that one's key.
  const others = new Set((await session.connections()).map(({ id }) => id).filter((id) => id !== current));
  for (const pending of issuances.pending.filter(({ issuance }) => !others.has(issuance.connectionId))) {
    const { id } = pending.issuance;
    const name = issuanceName(pending.issuance);
    const hasValue = pending.status === 'undelivered';
    const choice = await vscode.window.showWarningMessage(
      hasValue ? `The value of “${name}” has not been copied yet.` : `The creation of “${name}” is not settled yet.`,
      {
        modal: true,
        detail:
          pending.issuance.request.isSigned === true
            ? 'It was signed here, and its value is shown only once.'
            : hasValue
              ? 'Without the API key it can no longer be revoked from here, and its value is shown only once.'
              : 'Without the API key it can no longer be looked for or revoked from here.',
      },
      ...(hasValue ? ['Copy'] : []),
      ...(pending.issuance.tokenId === undefined ? [] : ['Revoke']),
      'Discard Anyway',
    );
    if (choice === undefined) return false;
    if (choice === 'Copy' && (await copyValue(services, pending)) !== 'confirmed') return false;
    if (choice === 'Revoke' && !(await revokeIssued(services, pending))) return false;
    if (choice === 'Discard Anyway') await services.issuances.resolve(id, 'discarded');
  }
  return true;
}
