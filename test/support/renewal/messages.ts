import type { Secrets } from '../vscode/secretStorage.ts';

/** The port at which the fixture waits for extension hosts, in their environment. */
export const renewalPort = 'MAGICBELL_TESTS_RENEWAL_PORT';

/** The first line from an extension host. */
export interface Hello {
  readonly pid: number;
}

/**
 * What the fixture asks of an extension host.
 *
 * - `stop`: end the product, and bring the window back to how it was opened, without secrets in these slots
 * - `start`: start the product again, with these secrets and settings
 * - `restart`: end the product and start it again, with all that it has stored
 * - `call`: call a tool, as an agent does; answered once the tool has answered
 */
export type Demand =
  | { readonly do: 'stop'; readonly slots: readonly string[] }
  | { readonly do: 'start'; readonly secrets: Secrets; readonly settings: Readonly<Record<string, unknown>> }
  | { readonly do: 'restart' }
  | { readonly do: 'call'; readonly tool: string; readonly input: object };

/** The answer: what is not as it was, nothing when all is. */
export interface Answer {
  readonly differences: readonly string[];
  /** What a tool has answered. */
  readonly text?: string;
}
