import * as vscode from 'vscode';
import type { TerminalPlace } from '../../core/delivery/place.ts';
import { hasStarted } from '../../core/delivery/terminalStart.ts';
import { issuanceName } from '../../core/issuance/pendingPresentation.ts';
import type { TokenKind } from '../../core/model/token.ts';
import type { Services } from '../services.ts';
import { type Attempt, notifyAttempt } from './deliverValue.ts';
import { askVariable } from './variableName.ts';

/** Asks for the variable of a new terminal. */
export async function pickTerminalTarget(services: Services, kind: TokenKind): Promise<TerminalPlace | undefined> {
  if (!mayOpenTerminal()) return undefined;
  const prompt = 'The variable’s name in the new terminal. It is gone when the terminal is closed.';
  const variable = await askVariable(services, kind, { title: 'Deliver to Terminal' }, prompt);
  return variable === undefined ? undefined : { type: 'terminal', variable };
}

/** The workspace can configure what a terminal runs, and at log level Trace, VS Code logs a terminal's environment. */
export function mayOpenTerminal(): boolean {
  const problem = !vscode.workspace.isTrusted
    ? 'A terminal is opened only in a trusted workspace.'
    : vscode.env.logLevel === vscode.LogLevel.Trace
      ? 'At log level Trace, VS Code would log the variable.'
      : undefined;
  if (problem !== undefined) void vscode.window.showErrorMessage(problem);
  return problem === undefined;
}

/** Opens a terminal with a pending value in a variable, and reports the outcome. */
export async function deliverToTerminal(services: Services, id: string, place: TerminalPlace): Promise<void> {
  const pending = services.issuances.find(id);
  if (pending === undefined) return;
  await notifyAttempt(services, pending, await openTerminal(services, id, place), {
    arrived: `is in a new terminal as ${place.variable}`,
    missed: 'is in no terminal',
  });
}

/** Opens a terminal with the variable set. The value counts as delivered once the shell runs. */
export async function openTerminal(services: Services, id: string, place: TerminalPlace): Promise<Attempt> {
  const { issuances, clock } = services;
  const pending = issuances.find(id);
  if (pending === undefined || !mayOpenTerminal()) return { outcome: 'failed', problem: 'No terminal was opened.' };
  const { variable } = place;
  let problem = '';
  const outcome = await issuances.deliver(
    id,
    async (value) => {
      const env: Record<string, string> = { [variable]: value.reveal() };
      const terminal = vscode.window.createTerminal({
        name: issuanceName(pending.issuance),
        iconPath: new vscode.ThemeIcon('key'),
        env,
        // VS Code would otherwise store the terminal, with its variables, to restore it after a reload.
        isTransient: true,
      });
      terminal.show(true);
      const isRunning = await hasStarted(terminal.processId, closing(terminal), clock);
      // Other extensions can read a terminal's `creationOptions`.
      Reflect.deleteProperty(env, variable);
      if (isRunning) return 'confirmed';
      problem = 'Its shell did not start.';
      terminal.dispose();
      return 'failed';
    },
    place,
  );
  return { outcome, problem };
}

function closing(terminal: vscode.Terminal): Promise<void> {
  return new Promise((resolve) => {
    const listener = vscode.window.onDidCloseTerminal((closed) => {
      if (closed !== terminal) return;
      listener.dispose();
      resolve();
    });
  });
}
