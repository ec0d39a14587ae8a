import * as vscode from 'vscode';
import { type Answer, answerText, dataText } from '../../core/agents/answer.ts';
import { type ToolName, readInput } from '../../core/agents/inputs.ts';
import type { ErrorContext } from '../../core/describeError.ts';
import { describeError } from '../../core/describeError.ts';
import { asMagicBellError } from '../../core/magicbell/errors.ts';
import type { Services } from '../services.ts';
import { type ToolId, toolIds } from '../ui/ids.ts';
import { checkTokenTool } from './checkToken.ts';
import { expiringTokensTool } from './expiringTokens.ts';
import { issueTokenTool } from './issueToken.ts';
import { listTokensTool } from './listTokens.ts';
import { revokeTokenTool } from './revokeToken.ts';
import { rotateTokenTool } from './rotateToken.ts';
import type { ToolCall } from './toolCall.ts';

interface Tool {
  readonly name: ToolName;
  /** Whether the tool changes anything: it is then available only while the setting allows changes. */
  readonly changes: boolean;
  readonly operation?: ErrorContext['operation'];
  readonly run: (services: Services, given: unknown, cancellation: vscode.CancellationToken) => Promise<Answer>;
}

const tool = <T extends ToolName>(
  name: T,
  run: (services: Services, call: ToolCall<T>) => Promise<Answer>,
  { changes = false, operation }: Partial<Pick<Tool, 'changes' | 'operation'>> = {},
): Tool => ({
  name,
  changes,
  operation,
  run: async (services, given, cancellation) => {
    const read = readInput(name, given);
    return read.ok ? run(services, { input: read.input, cancellation }) : { says: `Nothing was done. ${read.problem}` };
  },
});

const looks = { operation: 'fetchProjectTokens' } as const;
const creates = { changes: true, operation: 'createProjectJwt' } as const;

const tools: Record<ToolId, Tool> = {
  [toolIds.listTokens]: tool('list', listTokensTool, looks),
  [toolIds.expiringTokens]: tool('expiring', expiringTokensTool, looks),
  [toolIds.checkToken]: tool('check', checkTokenTool, looks),
  [toolIds.issueToken]: tool('issue', issueTokenTool, creates),
  [toolIds.rotateToken]: tool('rotate', rotateTokenTool, creates),
  [toolIds.revokeToken]: tool('revoke', revokeTokenTool, { changes: true, operation: 'discardProjectJwt' }),
};

/** Runs a tool for a model. Never rejects: an error becomes an answer with its reason. */
export async function invokeTool(
  services: Services,
  id: ToolId,
  given: unknown,
  cancellation: vscode.CancellationToken,
): Promise<vscode.LanguageModelToolResult> {
  const { name, operation, changes, run } = tools[id];
  const { agents } = services.settings;
  let answer: Answer;
  try {
    // A tool whose `when` clause is false can still be invoked by name.
    answer =
      agents === 'off' || (changes && agents !== 'change')
        ? { says: 'Nothing was done: the person does not allow agents to do this (setting “magicbellTokens.agents”).' }
        : await run(services, given, cancellation);
    services.logger.info(`agent tool ${name}: answered`);
  } catch (error) {
    answer = failure(services, name, error, operation);
  }
  // The last safeguard: the redactor knows the keys and values of this window.
  const text = services.redact(answerText(answer));
  return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
}

function failure({ logger }: Services, name: string, error: unknown, operation: ErrorContext['operation']): Answer {
  const known = asMagicBellError(error);
  if (known !== undefined) logger.warn(`agent tool ${name}: ${known.reason}`);
  else logger.error(`agent tool ${name}: ${error instanceof Error ? (error.stack ?? error.message) : 'failed'}`);
  // The message may contain text from the server.
  return { says: 'This failed.', data: { reason: dataText(describeError(error, { operation }).message, 400) } };
}
