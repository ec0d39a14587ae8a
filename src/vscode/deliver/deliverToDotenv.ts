import type { FilePlace } from '../../core/delivery/place.ts';
import { type Attempt, notifyAttempt } from './deliverValue.ts';
import { siteOf } from './dotenvSite.ts';
import { clearTheWay, pickDotenvTarget } from './dotenvTarget.ts';
import type { Services } from '../services.ts';

/** Writes a pending value to a `.env` file and reports the outcome. Without a target, asks for one first. */
export async function deliverToDotenv(services: Services, id: string, given?: FilePlace): Promise<void> {
  const pending = services.issuances.find(id);
  if (pending === undefined) return;
  const target = given ?? (await pickDotenvTarget(services, pending.issuance.request.kind));
  if (target === undefined) return;
  const { shown, variable } = target;
  await notifyAttempt(services, pending, await writeToDotenv(services, id, target), {
    arrived: `is in ${shown} as ${variable}`,
    missed: `was not written to ${shown}`,
  });
}

/** Writes a pending value to a `.env` file. Checks the file again first: it may have changed since it was chosen. */
export async function writeToDotenv(services: Services, id: string, target: FilePlace): Promise<Attempt> {
  const { issuances } = services;
  const file = await clearTheWay(services, target);
  if (file === undefined) return { outcome: 'failed', problem: '' };
  let problem = '';
  const outcome = await issuances.deliver(
    id,
    async (value) => {
      const written = await siteOf(services, target).write(file, target.variable, value);
      if (!written.ok) problem = written.problem;
      return written.ok ? 'confirmed' : 'failed';
    },
    target,
  );
  return { outcome, problem };
}
