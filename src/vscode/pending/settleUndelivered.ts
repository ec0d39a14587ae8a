import * as vscode from 'vscode';
import type { Connection } from '../../core/connections/connection.ts';
import { issuanceName } from '../../core/issuance/pendingPresentation.ts';
import { copyValue } from '../deliver/deliverValue.ts';
import { revokeIssued } from '../revoke/revokeTokens.ts';
import type { Services } from '../services.ts';
import { projectLine } from '../../core/connections/projectName.ts';

/** True when no undelivered value of a connection is left: each was copied, revoked or given up. */
export async function settleUndelivered(services: Services, connection: Connection): Promise<boolean> {
  const { issuances } = services;
  for (const pending of issuances.pending.filter(({ issuance }) => issuance.connectionId === connection.id)) {
    const { id } = pending.issuance;
    const name = issuanceName(pending.issuance);
    const hasValue = pending.status === 'undelivered';
    const why =
      pending.issuance.request.isSigned === true
        ? 'It was signed here, and its value is shown only once.'
        : hasValue
          ? 'Without the API key it can no longer be revoked from here, and its value is shown only once.'
          : 'Without the API key it can no longer be looked for or revoked from here.';
    const choice = await vscode.window.showWarningMessage(
      hasValue ? `The value of “${name}” has not been copied yet.` : `The creation of “${name}” is not settled yet.`,
      { modal: true, detail: `${projectLine(services, connection)}${why}` },
      ...(hasValue ? ['Copy'] : []),
      ...(pending.issuance.tokenId === undefined ? [] : ['Revoke']),
      'Discard Anyway',
    );
    if (choice === undefined) return false;
    if (choice === 'Copy' && (await copyValue(services, pending)) !== 'confirmed') return false;
    if (choice === 'Revoke' && !(await revokeIssued(services, connection, pending))) return false;
    if (choice === 'Discard Anyway') await issuances.resolve(id, 'discarded');
  }
  return true;
}
