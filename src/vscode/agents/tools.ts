import * as vscode from 'vscode';
import { type Answer, answerText, dataText } from '../../core/agents/answer.ts';
import { type ToolName, readInput } from '../../core/agents/inputs.ts';
import type { ErrorContext } from '../../core/describeError.ts';
import { describeError } from '../../core/describeError.ts';
import { asMagicBellError } from '../../core/magicbell/errors.ts';
import type { Services } from '../services.ts';
import { type ToolId, toolIds } from '../ui/ids.ts';
import { checkToken } from './checkToken.ts';
import { expiringTokens } from './expiringTokens.ts';
import { listTokens } from './listTokens.ts';
import type { ToolCall } from './toolCall.ts';

interface Tool {
  readonly name: ToolName;
  readonly operation?: ErrorContext['operation'];
  readonly run: (services: Services, given: unknown, cancellation: vscode.CancellationToken) => Promise<Answer>;
}

const tool = <T extends ToolName>(
  name: T,
  run: (services: Services, call: ToolCall<T>) => Promise<Answer>,
  operation?: ErrorContext['operation'],
): Tool => ({
  name,
  operation,
  run: async (services, given, cancellation) => {
    const read = readInput(name, given);
    return read.ok ? run(services, { input: read.input, cancellation }) : { says: `Nothing was done. ${read.problem}` };
  },
});

const tools: Record<ToolId, Tool> = {
  [toolIds.listTokens]: tool('list', listTokens, 'fetchProjectTokens'),
  [toolIds.expiringTokens]: tool('expiring', expiringTokens, 'fetchProjectTokens'),
  [toolIds.checkToken]: tool('check', checkToken, 'fetchProjectTokens'),
};

/** Runs a tool for a model. Never rejects: what failed is an answer, too, and says its reason. */
export async function invokeTool(
  services: Services,
  id: ToolId,
  given: unknown,
  cancellation: vscode.CancellationToken,
): Promise<vscode.LanguageModelToolResult> {
  const { name, operation, run } = tools[id];
  let answer: Answer;
  try {
    // What is not contributed can still be called by its name.
    answer =
      services.settings.agents === 'off'
        ? { says: 'Nothing was done: the setting “magicbellTokens.agents” allows agents nothing here.' }
        : await run(services, given, cancellation);
    services.logger.info(`agent tool ${name}: answered`);
  } catch (error) {
    answer = failure(services, name, error, operation);
  }
  // The last belt: it knows the keys and values of this window, whatever form they have.
  const text = services.redact(answerText(answer));
  return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
}

function failure({ logger }: Services, name: string, error: unknown, operation: ErrorContext['operation']): Answer {
  const known = asMagicBellError(error);
  if (known !== undefined) logger.warn(`agent tool ${name}: ${known.reason}`);
  else logger.error(`agent tool ${name}: ${error instanceof Error ? (error.stack ?? error.message) : 'failed'}`);
  // The reason may quote the server.
  return { says: 'This failed.', data: { reason: dataText(describeError(error, { operation }).message, 400) } };
}
