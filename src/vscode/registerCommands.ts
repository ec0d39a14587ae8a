import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../core/base/disposable.ts';
import type { ErrorContext } from '../core/describeError.ts';
import { commandIds } from './ui/ids.ts';
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
  for (const id of Object.values(commandIds)) {
    const run = async (...args: readonly unknown[]): Promise<void> => {
      try {
        const { handlers } = await import('./handlers.ts');
        await handlers[id](services, ...args);
      } catch (error) {
        const { reportError } = await import('./ui/reportError.ts');
        await reportError(services, error, { operation: operations[id], retry: () => run(...args) });
      }
    };
    disposables.add(vscode.commands.registerCommand(id, run));
  }
  return disposables;
}
