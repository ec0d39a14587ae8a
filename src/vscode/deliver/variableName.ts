import { variableNameProblem } from '../../core/delivery/dotenvText.ts';
import type { TokenKind } from '../../core/model/token.ts';
import { type StepPosition, showInputStep } from '../ui/quickInput.ts';
import type { Services } from '../services.ts';

const defaultNames: Readonly<Record<TokenKind, string>> = {
  project: 'MAGICBELL_PROJECT_TOKEN',
  user: 'MAGICBELL_USER_TOKEN',
};

/** Asks for a variable's name; the one that was used last in this workspace is there already. */
export async function askVariable(
  { workspaceState }: Services,
  kind: TokenKind,
  position: StepPosition,
  prompt: string,
): Promise<string | undefined> {
  const memory = `variableName.${kind}`;
  const named = await showInputStep<string>({
    ...position,
    value: workspaceState.get<string>(memory) ?? defaultNames[kind],
    prompt,
    check: (text) => (text === '' ? undefined : variableNameProblem(text.trim())),
    accept: (text) => {
      const name = text.trim();
      const problem = variableNameProblem(name);
      return problem === undefined ? { ok: true, value: name } : { ok: false, problem };
    },
  });
  if (named.type !== 'done') return undefined;
  await workspaceState.update(memory, named.value);
  return named.value;
}
