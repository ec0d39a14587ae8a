import { CancellationTokenSource, LanguageModelTextPart, lm } from 'vscode';
import { readAnswer, type ToolAnswer } from './answers.ts';

/** Calls a tool as an agent in the editor does. */
export async function callTool(name: string, input: object): Promise<ToolAnswer> {
  const cancellation = new CancellationTokenSource();
  const { content } = await lm.invokeTool(
    `magicbell_${name}`,
    { input, toolInvocationToken: undefined },
    cancellation.token,
  );
  return readAnswer(
    content.map((part) => (part instanceof LanguageModelTextPart ? part.value : JSON.stringify(part))).join('\n'),
  );
}
