import type { Answer } from '../../core/agents/answer.ts';
import { projectData } from '../../core/agents/chooseProject.ts';
import { outcomeOf } from '../../core/agents/outcome.ts';
import type { Connection } from '../../core/connections/connection.ts';
import type { Services } from '../services.ts';

/** A failed delivery waits for the user, who may be away. After this time, the agent gets the current state. */
const answerAfterMs = 60_000;

/**
 * Runs an issuance for an agent. Returns its state when it has ended, or after `answerAfterMs`.
 *
 * @param start starts the issuance, and must call `onStart` with its id before anything is sent
 * @throws MagicBellError if nothing was created
 */
export async function issueForAgent(
  services: Services,
  connection: Connection,
  where: string,
  start: (onStart: (id: string) => void) => Promise<unknown>,
): Promise<Answer> {
  const { clock, issuances } = services;
  let id: string | undefined;
  const work = start((started) => (id = started));
  const timer = new Promise<void>((resolve) => clock.after(answerAfterMs, () => resolve()));
  // A failure after the timeout is reported by the flow itself.
  work.catch(() => undefined);
  await Promise.race([work, timer]);
  if (id === undefined) return { says: 'Nothing was created: the person left the flow before anything was sent.' };
  const pending = issuances.find(id);
  return { says: outcomeOf(pending?.status, where), data: { project: projectData(connection) } };
}
