import * as vscode from 'vscode';
import { exposingPrefix } from '../../core/delivery/exposedNames.ts';
import { variableNameProblem } from '../../core/delivery/dotenvText.ts';
import type { TokenKind } from '../../core/model/token.ts';
import { type StepPosition, showInputStep } from '../ui/quickInput.ts';
import type { Services } from '../services.ts';

const defaultNames: Readonly<Record<TokenKind, string>> = {
  project: 'MAGICBELL_PROJECT_TOKEN',
  user: 'MAGICBELL_USER_TOKEN',
};

/**
 * Asks for a variable's name, prefilled with the last one used in this workspace. For a project token, asks for a
 * confirmation if build tools would copy a variable of that name into web pages.
 */
export async function askVariable(
  { workspaceState }: Pick<Services, 'workspaceState'>,
  kind: TokenKind,
  position: StepPosition,
  prompt: string,
): Promise<string | undefined> {
  const memory = `variableName.${kind}`;
  let value = workspaceState.get<string>(memory) ?? defaultNames[kind];
  for (;;) {
    const named = await showInputStep<string>({
      ...position,
      value,
      prompt,
      check: (text) => (text === '' ? undefined : variableNameProblem(text.trim())),
      accept: (text) => {
        const name = text.trim();
        const problem = variableNameProblem(name);
        return problem === undefined ? { ok: true, value: name } : { ok: false, problem };
      },
    });
    if (named.type !== 'done') return undefined;
    value = named.value;
    if (!(await mayBeExposed(kind, value))) continue;
    await workspaceState.update(memory, value);
    return value;
  }
}

/** True if the name does not expose the value, or the user confirms it. */
async function mayBeExposed(kind: TokenKind, name: string): Promise<boolean> {
  const prefix = exposingPrefix(name);
  if (kind !== 'project' || prefix === undefined) return true;
  const choice = await vscode.window.showWarningMessage(
    `“${name}” would be readable by everybody who opens the web app.`,
    {
      modal: true,
      detail: `Build tools copy variables that start with ${prefix} into the pages of a web app. A project token can do everything in its project: it belongs on a server, under another name.`,
    },
    'Use It Anyway',
  );
  return choice !== undefined;
}
