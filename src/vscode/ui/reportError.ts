import * as vscode from 'vscode';
import { type ErrorContext, describeError } from '../../core/describeError.ts';
import { asMagicBellError } from '../../core/magicbell/errors.ts';
import type { Row } from '../../core/browse/rows.ts';
import type { Connection } from '../../core/connections/connection.ts';
import { saidIn } from '../../core/connections/projectName.ts';
import { commandIds } from './ids.ts';
import type { Services } from '../services.ts';

/** Reports a failure to the user: one sentence, and one button for what to do. The only place that does. */
export async function reportError(
  services: Pick<Services, 'logger' | 'connections'>,
  error: unknown,
  context: ErrorContext & {
    readonly connection?: Connection | undefined;
    readonly retry?: () => PromiseLike<unknown>;
  } = {},
): Promise<void> {
  if (asMagicBellError(error)?.reason === 'cancelled') return;
  logFailure(services, error);
  const { connection } = context;
  const described = describeError(error, { host: connection?.host, ...context });
  const { action } = described;
  const message = saidIn(services, connection, described.message);
  switch (action) {
    case 'setApiKey': {
      const choice = await vscode.window.showErrorMessage(message, 'Set API Key…');
      if (choice !== undefined)
        await vscode.commands.executeCommand(
          commandIds.setApiKey,
          ...(connection === undefined ? [] : [{ type: 'connection', connection, kind: 'project' } satisfies Row]),
        );
      return;
    }
    case 'retry': {
      const { retry } = context;
      const choice = await vscode.window.showErrorMessage(message, ...(retry === undefined ? [] : ['Try Again']));
      if (choice !== undefined) await retry?.();
      return;
    }
    case 'openSettings': {
      const choice = await vscode.window.showErrorMessage(message, 'Open Settings');
      if (choice !== undefined) await vscode.commands.executeCommand(commandIds.openSettings);
      return;
    }
    case 'showLog': {
      const choice = await vscode.window.showErrorMessage(message, 'Show Log');
      if (choice !== undefined) services.logger.show();
      return;
    }
    case 'none':
      await vscode.window.showErrorMessage(message);
  }
}

/** The extension's own errors are safe to log. Of others only the stack is logged, after the redactor. */
function logFailure({ logger }: Pick<Services, 'logger'>, error: unknown): void {
  const known = asMagicBellError(error);
  if (known !== undefined) logger.warn(`${known.reason}: ${known.message}`);
  else
    logger.error(error instanceof Error ? (error.stack ?? error.message) : 'something that is not an error was thrown');
}
