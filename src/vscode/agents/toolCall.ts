import type { CancellationToken } from 'vscode';
import type { ToolInput, ToolName } from '../../core/agents/inputs.ts';

/** The arguments of a tool call. */
export interface ToolCall<T extends ToolName> {
  readonly input: ToolInput<T>;
  /** Cancelled when the agent no longer waits for the result. */
  readonly cancellation: CancellationToken;
}
