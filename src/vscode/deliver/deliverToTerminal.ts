import * as vscode from 'vscode';
import { withTimeout } from '../../core/base/clock.ts';
import type { TerminalPlace } from '../../core/delivery/place.ts';
import { issuanceName } from '../../core/issuance/pendingPresentation.ts';
import type { TokenKind } from '../../core/model/token.ts';
import type { Services } from '../services.ts';
import { type Attempt, tellAttempt } from './deliverValue.ts';
import { askVariable } from './variableName.ts';

const startTimeoutMs = 20_000;

/** Asks for the variable of a new terminal. */
export async function pickTerminalTarget(services: Services, kind: TokenKind): Promise<TerminalPlace | undefined> {
  const prompt = 'The variable’s name in the new terminal.';
  const variable = await askVariable(services, kind, { title: 'Deliver to Terminal' }, prompt);
  return variable === undefined ? undefined : { type: 'terminal', variable };
}

/** Opens a terminal that has the value, and says what happened. */
export async function deliverToTerminal(services: Services, id: string, place: TerminalPlace): Promise<void> {
  const pending = services.issuances.find(id);
  if (pending === undefined) return;
  const attempt = await openTerminal(services, id, place);
  await tellAttempt(services, pending, attempt, {
    arrived: `is in a new terminal as ${place.variable}`,
    missed: 'is in no terminal',
  });
}

/** Opens a terminal with the variable set: delivered when its shell has started. */
export async function openTerminal(services: Services, id: string, { variable }: TerminalPlace): Promise<Attempt> {
  const { issuances, clock } = services;
  const pending = issuances.find(id);
  if (pending === undefined) return { outcome: 'failed', problem: '' };
  let problem = '';
  const outcome = await issuances.deliver(
    id,
    async (value) => {
      const env: Record<string, string> = { [variable]: value.reveal() };
      const terminal = vscode.window.createTerminal({
        name: issuanceName(pending.issuance),
        iconPath: new vscode.ThemeIcon('key'),
        env,
        // Not brought back from disk after a reload, where the variable would have to be.
        isTransient: true,
      });
      terminal.show();
      const started = Promise.resolve(terminal.processId).catch(() => undefined);
      const pid = await withTimeout(clock, startTimeoutMs, started, () => undefined);
      // Other extensions can read what a terminal was created with.
      Reflect.deleteProperty(env, variable);
      if (pid !== undefined) return 'confirmed';
      problem = 'The terminal did not start.';
      terminal.dispose();
      return 'failed';
    },
    { type: 'terminal', variable },
  );
  return { outcome, problem };
}
