import type { Answer } from '../../core/agents/answer.ts';
import { projectData } from '../../core/agents/chooseProject.ts';
import { outcomeOf } from '../../core/agents/outcome.ts';
import type { Connection } from '../../core/connections/connection.ts';
import type { Services } from '../services.ts';

/** A delivery that failed waits for a person, who may be away: the agent hears where it stands. */
const answerAfterMs = 60_000;

/**
 * Runs an issuance for an agent, and says where it stands when it has ended, or after a while.
 *
 * @param start gets what is to be called with the issuance's id before anything is sent
 * @throws MagicBellError when nothing was created
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
  // Ends for itself when nobody waits any more; what fails then is told by its flow.
  work.catch(() => undefined);
  await Promise.race([work, timer]);
  if (id === undefined) return { says: 'Nothing was created: the person left the flow before anything was sent.' };
  const pending = issuances.find(id);
  return { says: outcomeOf(pending?.status, where), data: { project: projectData(connection) } };
}
