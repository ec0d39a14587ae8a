import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../core/base/disposable.ts';
import type { ErrorContext } from '../core/describeError.ts';
import { ContextKey } from './ui/contextKey.ts';
import { commandIds, contextKeys } from './ui/ids.ts';
import type { Services } from './services.ts';

/** The call that a command is about, where a failure is told in other words for it. */
const operations: Partial<Record<string, ErrorContext['operation']>> = {
  [commandIds.createProjectToken]: 'createProjectJwt',
  [commandIds.createUserToken]: 'createUserJwt',
  [commandIds.rotateToken]: 'createProjectJwt',
};

/** Registers every command behind the one error boundary: what a flow throws is told, never lost. */
export function registerCommands(services: Services): Disposable {
  const disposables = new DisposableStore();
  // VS Code notices the commands themselves only once a walkthrough was opened.
  const stepKeys: Partial<Record<string, ContextKey<boolean>>> = {
    [commandIds.revokeToken]: new ContextKey(contextKeys.askedToRevoke),
    [commandIds.showExpiring]: new ContextKey(contextKeys.lookedAtExpiring),
  };
  for (const id of Object.values(commandIds)) {
    const run = async (...args: readonly unknown[]): Promise<void> => {
      try {
        const { handlers } = await import('./handlers.ts');
        await handlers[id](services, ...args);
        stepKeys[id]?.set(true);
      } catch (error) {
        const { reportError } = await import('./ui/reportError.ts');
        await reportError(services, error, { operation: operations[id], retry: () => run(...args) });
      }
    };
    disposables.add(vscode.commands.registerCommand(id, run));
  }
  return disposables;
}
