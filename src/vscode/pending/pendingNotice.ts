import * as vscode from 'vscode';
import { DotenvWriter } from '../../core/delivery/dotenvFile.ts';
import { openBesideClipboard } from '../../core/issuance/places.ts';
import { issuanceName } from '../../core/issuance/pendingPresentation.ts';
import { saidIn } from '../../core/connections/projectName.ts';
import type { Services } from '../services.ts';
import { resolveUndelivered } from './resolveUndelivered.ts';

/** Announces once what another window left behind, at the start or when it is found, even with closed views. */
export async function showPendingNotice(services: Services, ids: ReadonlySet<string>): Promise<void> {
  const pending = services.issuances.pending.filter(({ issuance }) => ids.has(issuance.id));
  const [first] = pending;
  if (first === undefined) return;
  await removeTemporaries(services);
  const name = issuanceName(first.issuance);
  const [message, button] =
    pending.length > 1
      ? [`${pending.length} tokens that were created here are not settled yet.`, 'Show…']
      : first.status === 'undelivered'
        ? openBesideClipboard(first.issuance).length > 0
          ? [`The value of “${name}” was not delivered yet.`, 'Deliver']
          : [`The value of “${name}” was not copied yet.`, 'Copy']
        : first.status === 'unknown'
          ? [`It is not known whether “${name}” was created.`, 'Check…']
          : first.status === 'orphaned'
            ? [`“${name}” was created, but its value never arrived. Revoke it?`, 'Revoke…']
            : [`The value of “${name}” cannot be read in this window.`, 'Show…'];
  await services.connections.start();
  const connection = services.connections.find(first.issuance.connectionId);
  const said = pending.length > 1 ? message : saidIn(services, connection, message);
  const choice = await vscode.window.showWarningMessage(said, button);
  if (choice === undefined) return;
  if (pending.length > 1) await resolveUndelivered(services, undefined);
  else await resolveUndelivered(services, { type: 'undelivered', connection, pending: first }, 'firstAction');
}

/** Removes copies of `.env` files that a crash during a write may have left behind. */
async function removeTemporaries({ files, logger }: Services): Promise<void> {
  try {
    await new DotenvWriter(files).sweep();
  } catch (error) {
    logger.warn(`temporary .env files cannot be removed (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`);
  }
}
