import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../core/disposable.ts';
import type { ErrorContext } from '../../core/describeError.ts';
import { type CommandId, commandIds, settingIds } from '../ids.ts';
import { reportError } from '../reportError.ts';
import type { Services } from '../services.ts';

type Handler = (services: Services, ...args: readonly unknown[]) => Promise<void>;

/** Each command and its flow. A flow is loaded when it is first used. Arguments come from rows and may be absent. */
const handlers: Record<CommandId, Handler> = {
  [commandIds.setApiKey]: async (services) => (await import('./setApiKey.ts')).setApiKey(services),
  [commandIds.forgetApiKey]: async (services) => (await import('./forgetApiKey.ts')).forgetApiKey(services),
  [commandIds.createProjectToken]: async (services) => (await import('./createToken.ts')).createProjectToken(services),
  [commandIds.createUserToken]: async (services, node) =>
    (await import('./createToken.ts')).createUserToken(services, node),
  [commandIds.revokeToken]: async (services, node, nodes) =>
    (await import('./revokeTokens.ts')).revokeTokens(services, node, nodes),
  [commandIds.copyTokenId]: async (services, node) => (await import('./copyIds.ts')).copyTokenId(services, node),
  [commandIds.copyUserId]: async (services, node) => (await import('./copyIds.ts')).copyUserId(services, node),
  [commandIds.refresh]: async (services) => (await import('./loadTokens.ts')).refresh(services),
  [commandIds.loadMore]: async (services, node) => (await import('./loadTokens.ts')).loadMore(services, node),
  [commandIds.loadAll]: async (services) => (await import('./loadTokens.ts')).loadAll(services),
  [commandIds.searchUsers]: async (services) => (await import('./findUsers.ts')).searchUsers(services),
  [commandIds.openUserById]: async (services) => (await import('./findUsers.ts')).openUserById(services),
  [commandIds.resolveUndelivered]: async (services, node, how) =>
    (await import('./resolveUndelivered.ts')).resolveUndelivered(services, node, how),
  [commandIds.clearClipboard]: async (services) => (await import('./clearClipboard.ts')).clearClipboard(services),
  [commandIds.openDashboard]: async () => {
    await vscode.env.openExternal(vscode.Uri.parse('https://app.magicbell.com'));
  },
  [commandIds.showLog]: (services) => {
    services.logger.show();
    return Promise.resolve();
  },
  [commandIds.openSettings]: async () => {
    await vscode.commands.executeCommand('workbench.action.openSettings', settingIds.apiBaseUrl);
  },
};

/** The call that a command is about, where a failure is told in other words for it. */
const operations: Partial<Record<string, ErrorContext['operation']>> = {
  [commandIds.createProjectToken]: 'createProjectJwt',
  [commandIds.createUserToken]: 'createUserJwt',
};

/** Registers every command behind the one error boundary: what a flow throws is told, never lost. */
export function registerCommands(services: Services): Disposable {
  const disposables = new DisposableStore();
  for (const [id, handler] of Object.entries(handlers)) {
    const run = async (...args: readonly unknown[]): Promise<void> => {
      try {
        await handler(services, ...args);
      } catch (error) {
        await reportError(services, error, { operation: operations[id], retry: () => run(...args) });
      }
    };
    disposables.add(vscode.commands.registerCommand(id, run));
  }
  return disposables;
}
