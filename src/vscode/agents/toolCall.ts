import type { CancellationToken } from 'vscode';
import type { ToolInput, ToolName } from '../../core/agents/inputs.ts';

/** What a tool is called with. */
export interface ToolCall<T extends ToolName> {
  readonly input: ToolInput<T>;
  /** The agent has given up waiting. */
  readonly cancellation: CancellationToken;
}
