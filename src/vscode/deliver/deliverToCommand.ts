import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { type CommandResult, runCommand } from '../../core/delivery/commandRun.ts';
import {
  type CommandTemplate,
  answerProblem,
  commandLine,
  commandTemplates,
  fillTemplate,
} from '../../core/delivery/commandTemplates.ts';
import { isOnPath } from '../../core/delivery/findProgram.ts';
import { afterDelivery } from '../../core/issuance/deliveryMessage.ts';
import { issuanceName } from '../../core/issuance/pendingPresentation.ts';
import type { TokenKind } from '../../core/model/token.ts';
import { withLongProgress } from '../ui/progress.ts';
import { showInputStep, showPickStep } from '../ui/quickInput.ts';
import type { Services } from '../services.ts';
import { offerOtherWays } from './deliverValue.ts';
import { askVariable } from './variableName.ts';

/** A command that was agreed to, with its answers. */
export interface CommandTarget {
  readonly label: string;
  readonly steps: CommandTemplate['steps'];
  readonly folder: string;
  readonly opensStdin: boolean;
}

const title = 'Deliver to Command';
const timeoutMs = 2 * 60_000;
/** Where the workspace's state keeps which command lines were agreed to. */
const agreedLines = 'agreedCommands';

/** Asks which command and what it needs, and shows the exact command line before its first run. */
export async function pickCommandTarget(services: Services, kind: TokenKind): Promise<CommandTarget | undefined> {
  if (!vscode.workspace.isTrusted) {
    void vscode.window.showErrorMessage('Commands are run only in a trusted workspace.');
    return undefined;
  }
  const template = await pickTemplate();
  if (template === undefined) return undefined;
  const answers = new Map<string, string>();
  const needsVariable = template.steps.some((step) => step.some((argument) => argument.includes('{variable}')));
  if (needsVariable) {
    const variable = await askVariable(services, kind, { title }, 'The name that the value gets there.');
    if (variable === undefined) return undefined;
    answers.set('variable', variable);
  }
  for (const { key, prompt, value = '' } of template.asks) {
    const answer = await showInputStep<string>({
      title,
      prompt,
      value,
      check: (text) => (text === '' ? undefined : answerProblem(text.trim())),
      accept: (text) => {
        const problem = answerProblem(text.trim());
        return problem === undefined ? { ok: true, value: text.trim() } : { ok: false, problem };
      },
    });
    if (answer.type !== 'done') return undefined;
    answers.set(key, answer.value);
  }
  const [folder] = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  const target = {
    label: template.label,
    steps: fillTemplate(template, answers),
    folder: folder?.uri.fsPath ?? homedir(),
    opensStdin: template.opensStdin === true,
  };
  return (await isAgreed(services, target)) ? target : undefined;
}

async function pickTemplate(): Promise<CommandTemplate | undefined> {
  const isWindows = process.platform === 'win32';
  const found = await Promise.all(
    commandTemplates.map(async (template) => {
      const programs = [...new Set(template.steps.map(([program]) => program))];
      const areThere = await Promise.all(programs.map((program) => isOnPath(program, process.env['PATH'])));
      return areThere.every(Boolean) && !(isWindows && template.opensStdin === true) ? [template] : [];
    }),
  );
  const items = found.flat().map((template) => ({
    label: template.label,
    description: template.steps[0]?.[0] ?? '',
    detail: commandLine(template.steps),
    template,
  }));
  if (items.length === 0) {
    void vscode.window.showErrorMessage('No program that takes a value was found on PATH.');
    return undefined;
  }
  const picked = await showPickStep({ title, items, placeholder: 'Which command should take the value?' });
  return picked.type === 'done' ? picked.value.template : undefined;
}

/** Asked before the first run of a command line. */
async function isAgreed({ workspaceState }: Services, target: CommandTarget): Promise<boolean> {
  const line = commandLine(target.steps);
  const agreed = workspaceState.get<readonly string[]>(agreedLines) ?? [];
  if (agreed.includes(line)) return true;
  const choice = await vscode.window.showWarningMessage(
    'Run this command with the value on its standard input?',
    { modal: true, detail: `${line}\n\nIt runs in ${target.folder}, once the token is created.` },
    'Run When Created',
  );
  if (choice === undefined) return false;
  await workspaceState.update(agreedLines, [...agreed, line]);
  return true;
}

/** Gives a pending value to a command and says what happened; without a target, asks for one first. */
export async function deliverToCommand(services: Services, id: string, given?: CommandTarget): Promise<void> {
  const { issuances, clock, logger } = services;
  const pending = issuances.find(id);
  if (pending === undefined) return;
  const target = given ?? (await pickCommandTarget(services, pending.issuance.request.kind));
  // It may have been chosen in a window that is not trusted any more.
  if (target === undefined || !vscode.workspace.isTrusted) return;
  const name = issuanceName(pending.issuance);
  let result: CommandResult | undefined;
  const outcome = await withLongProgress(
    services,
    { title: `Giving the value of “${name}” to ${target.steps[0]?.[0] ?? 'the command'}`, cancellable: true },
    (signal) =>
      issuances.deliver(id, async (value) => {
        result = await runCommand({ ...target, timeoutMs }, value, clock, signal);
        return result.outcome;
      }),
  );
  for (const line of result?.output.split('\n') ?? []) if (line !== '') logger.info(`command: ${line}`);
  if (outcome === 'confirmed') {
    const message = `The value of “${name}” was given to ${commandLine(target.steps)}.`;
    void vscode.window.showInformationMessage(`${message} ${afterDelivery(pending.issuance)}`);
    return;
  }
  const problem = result?.outcome === 'failed' ? result.problem : '';
  const said = result?.output.split('\n').at(-1) ?? '';
  const message = `The value of “${name}” has not surely arrived. ${target.label}: ${problem}${said === '' ? '' : ` “${said}”`} It is kept until you copy it.`;
  await offerOtherWays(services, pending, message, ['Copy', 'To .env…', 'Revoke…']);
}
