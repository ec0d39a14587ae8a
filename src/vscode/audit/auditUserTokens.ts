import * as vscode from 'vscode';
import type { Audit } from '../../core/audit/audit.ts';
import { auditText } from '../../core/audit/auditText.ts';
import type { Connection } from '../../core/connections/connection.ts';
import { saidIn, titleIn } from '../../core/connections/projectName.ts';
import type { Services } from '../services.ts';
import { commandIds } from '../ui/ids.ts';
import { showPickStep } from '../ui/quickInput.ts';
import { reportError } from '../ui/reportError.ts';

/** The actions on an audit. */
export type AuditAction = 'start' | 'pause' | 'resume' | 'cancel' | 'show';

const choices: Record<Exclude<AuditAction, 'start'>, string> = {
  pause: 'Pause',
  resume: 'Resume',
  cancel: 'Stop and Discard',
  show: 'Show Overview',
};

/**
 * "Audit Users’ Tokens": starts an audit, or asks what to do with the existing one. The Overview shows its progress.
 */
export async function auditUserTokens(services: Services, connection: Connection): Promise<void> {
  const audit = (await services.audits()).of(connection);
  await audit.check();
  const { state } = audit;
  if (state === 'none' || state === 'done' || state === 'elsewhere') {
    await controlAudit(services, connection, 'start');
    await vscode.commands.executeCommand(commandIds.showOverview);
    return;
  }
  const actions =
    state === 'running' || state === 'waiting' ? ['pause', 'cancel', 'show'] : ['resume', 'cancel', 'show'];
  const picked = await showPickStep({
    title: titleIn(services, connection, 'Audit Users’ Tokens'),
    items: (actions as (keyof typeof choices)[]).map((action) => ({ label: choices[action], action })),
    placeholder: auditText(audit, connection.host),
  });
  if (picked.type === 'done') await controlAudit(services, connection, picked.value.action);
}

/** Carries out the chosen action on a connection's audit. */
export async function controlAudit(services: Services, connection: Connection, action: AuditAction): Promise<void> {
  const audit = (await services.audits()).of(connection);
  switch (action) {
    case 'start':
    case 'resume':
      if (audit.state === 'running' || audit.state === 'waiting') return;
      if (await audit.start()) follow(services, connection, audit);
      else
        void vscode.window.showInformationMessage(saidIn(services, connection, 'Another window is auditing already.'));
      return;
    case 'pause':
      await audit.pause();
      return;
    case 'cancel':
      await audit.cancel();
      return;
    case 'show':
      await vscode.commands.executeCommand(commandIds.showOverview);
  }
}

/** Shows an audit's progress in the status bar, and reports its end. */
function follow(services: Services, connection: Connection, audit: Audit): void {
  const title = saidIn(services, connection, 'Auditing users’ tokens');
  const location = vscode.ProgressLocation.Window;
  void vscode.window.withProgress({ location, title }, async (progress) => {
    const report = (): void => {
      const { userCount = 0, readCount = 0 } = audit.record ?? {};
      if (userCount > 0) progress.report({ message: `${Math.floor((readCount / userCount) * 100)} %` });
    };
    const listening = audit.onDidChange(report);
    await audit.ended();
    listening.dispose();
  });
  audit
    .ended()
    .then(() => notifyEnd(services, connection, audit))
    .catch((error: unknown) => reportError(services, error, { connection }));
}

async function notifyEnd(services: Services, connection: Connection, audit: Audit): Promise<void> {
  if (audit.state === 'failed' && !connection.isRemoved) {
    const retry = (): Promise<void> => controlAudit(services, connection, 'resume');
    await reportError(services, audit.error, { connection, retry });
  }
  if (audit.state !== 'done') return;
  const { scope } = audit.record ?? {};
  const { store } = connection;
  // Without user tokens or users in the API, the project tokens are all there is to audit.
  if (scope !== 'everything')
    await store.projectTokens.loadAll({ signal: new AbortController().signal, onProgress: () => undefined });
  const message = saidIn(services, connection, auditText(audit, connection.host));
  const sign = scope === 'everything' ? [] : ['Sign for a User…'];
  const choice = await vscode.window.showInformationMessage(message, choices.show, ...sign);
  if (choice === choices.show) await vscode.commands.executeCommand(commandIds.showOverview);
  else if (choice !== undefined)
    await vscode.commands.executeCommand(commandIds.signUserToken, { type: 'connection', connection, kind: 'user' });
}
