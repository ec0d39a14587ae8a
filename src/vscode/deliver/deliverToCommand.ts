import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { commandLine } from '../../core/delivery/commandLine.ts';
import { type CommandResult, runPipeline } from '../../core/delivery/commandRun.ts';
import {
  type CommandTemplate,
  answerProblem,
  commandTemplates,
  fillTemplate,
} from '../../core/delivery/commandTemplates.ts';
import { type CommandPlace, placeKey } from '../../core/delivery/place.ts';
import { parseOwnTemplates } from '../../core/delivery/ownTemplates.ts';
import { findProgram, findPrograms } from '../../core/delivery/findProgram.ts';
import { issuanceName } from '../../core/issuance/pendingPresentation.ts';
import type { TokenKind } from '../../core/model/token.ts';
import { withLongProgress } from '../ui/progress.ts';
import { showInputStep, showPickStep } from '../ui/quickInput.ts';
import { saidOf } from '../../core/connections/projectName.ts';
import type { Services } from '../services.ts';
import { type Attempt, notifyAttempt } from './deliverValue.ts';
import { askVariable } from './variableName.ts';

const title = 'Deliver to Command';
const timeoutMs = 2 * 60_000;
/** The key of the confirmed command lines in the workspace state, each with its folder. */
const agreedLines = 'agreedCommands';

/** Asks which command and what it needs, and shows the exact command line before its first run. */
export async function pickCommandTarget(services: Services, kind: TokenKind): Promise<CommandPlace | undefined> {
  if (!isTrusted()) return undefined;
  const template = await pickTemplate(services);
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
  const target: CommandPlace = {
    type: 'command',
    label: template.label,
    steps: fillTemplate(template, answers),
    folder: folder?.uri.fsPath ?? homedir(),
    opensStdin: template.opensStdin === true,
  };
  return (await mayRun(services, target)) ? target : undefined;
}

/** Whether a command line can run here, before the value exists. Asks if it was not confirmed in this workspace. */
export async function mayRun(services: Services, place: CommandPlace): Promise<boolean> {
  if (!isTrusted()) return false;
  const found = await findIt(place);
  if (!found.ok) void vscode.window.showErrorMessage(`This command cannot be run. ${found.problem}`);
  return found.ok && (await isAgreed(services, place));
}

const findIt = (place: CommandPlace): ReturnType<typeof findPrograms> => findPrograms(place, process.env['PATH']);

function isTrusted(): boolean {
  if (!vscode.workspace.isTrusted) void vscode.window.showErrorMessage('Commands are run only in a trusted workspace.');
  return vscode.workspace.isTrusted;
}

async function pickTemplate({ settings }: Services): Promise<CommandTemplate | undefined> {
  const isWindows = process.platform === 'win32';
  const found = await Promise.all(
    [...parseOwnTemplates(settings.commandTemplates), ...commandTemplates].map(async (template) => {
      const programs = [...new Set(template.steps.map(([program]) => program))];
      const files = await Promise.all(programs.map((program) => findProgram(program, process.env['PATH'])));
      return !files.includes(undefined) && !(isWindows && template.opensStdin === true) ? [template] : [];
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

/** Asks for a confirmation before the first run of a command line. */
async function isAgreed({ workspaceState }: Services, target: CommandPlace): Promise<boolean> {
  const line = commandLine(target.steps);
  // In another folder, the same line can affect another repository.
  const key = placeKey(target);
  const agreed = workspaceState.get<readonly string[]>(agreedLines) ?? [];
  if (agreed.includes(key)) return true;
  const choice = await vscode.window.showWarningMessage(
    'Run this command with the value on its standard input?',
    { modal: true, detail: `${line}\n\nIt runs in ${target.folder}, once the token is created.` },
    'Run When Created',
  );
  if (choice === undefined) return false;
  await workspaceState.update(agreedLines, [...agreed, key]);
  return true;
}

/** Gives a pending value to a command and reports the outcome. Without a target, asks for one first. */
export async function deliverToCommand(services: Services, id: string, given?: CommandPlace): Promise<void> {
  const pending = services.issuances.find(id);
  if (pending === undefined) return;
  const target = given ?? (await pickCommandTarget(services, pending.issuance.request.kind));
  if (target === undefined) return;
  const attempt = await giveToCommand(services, id, target);
  await notifyAttempt(services, pending, attempt, {
    arrived: `was given to ${commandLine(target.steps)}`,
    missed: `has not surely arrived at “${target.label}”`,
  });
}

/** Gives a pending value to a command. Logs the command's output without the value. */
export async function giveToCommand(services: Services, id: string, place: CommandPlace): Promise<Attempt> {
  const { issuances, clock, logger } = services;
  const pending = issuances.find(id);
  // Workspace trust may have been withdrawn since the command was chosen.
  if (pending === undefined || !isTrusted() || !(await isAgreed(services, place)))
    return { outcome: 'failed', problem: 'The command was not run.' };
  const found = await findIt(place);
  if (!found.ok) return { outcome: 'failed', problem: found.problem };
  let result: CommandResult | undefined;
  const given = `Giving the value of “${issuanceName(pending.issuance)}” to ${place.steps[0]?.[0] ?? 'the command'}`;
  const title = saidOf(services, pending.issuance, given);
  const outcome = await withLongProgress(services, { title, cancellable: true }, (signal) =>
    issuances.deliver(
      id,
      async (value) => {
        result = await runPipeline({ ...place, steps: found.steps, timeoutMs }, value, clock, signal);
        return result.outcome;
      },
      place,
    ),
  );
  const lines = (result?.output ?? '').split('\n').filter((line) => line !== '');
  for (const line of lines) logger.info(`command: ${line}`);
  if (result?.outcome !== 'failed') return { outcome, problem: '' };
  const said = lines.at(-1);
  return { outcome, problem: `${result.problem}${said === undefined ? '' : ` “${said}”`}` };
}
