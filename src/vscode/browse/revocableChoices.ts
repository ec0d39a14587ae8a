import type { Connection } from '../../core/connections/connection.ts';
import type { Token } from '../../core/model/token.ts';
import { compareTokens } from '../../core/tokens/tokenPresentation.ts';
import { reportError } from '../ui/reportError.ts';
import type { Services } from '../services.ts';

/**
 * The tokens to pick from: project tokens, whose first page is loaded if necessary, and loaded user tokens. Undefined
 * when the load failed and there are none: the failure is reported then, and is all that there is to say.
 */
export async function revocableChoices(
  services: Services,
  connection: Connection,
): Promise<readonly Token[] | undefined> {
  const isLoaded = await loadChoices(services, connection);
  const choices = loadedChoices(connection);
  return isLoaded || choices.length > 0 ? choices : undefined;
}

/** Loads the first page of project tokens unless it is loaded. False when that failed, which is reported. */
export async function loadChoices(services: Services, connection: Connection): Promise<boolean> {
  const { projectTokens } = connection.store;
  if (projectTokens.isLoaded) return true;
  await services.views.project.withProgress(() => projectTokens.load());
  const { error } = projectTokens;
  if (error === undefined) return true;
  await reportError(services, error, { operation: 'fetchProjectTokens', connection });
  // An API that does not list them may have users' tokens.
  return error.reason === 'notOffered';
}

/** What is loaded, in the order of a list to pick from. */
export function loadedChoices(connection: Connection): readonly Token[] {
  const { store } = connection;
  const userTokens = store.loadedUserTokens.flatMap(([, list]) => list.items);
  return [...store.projectTokens.items, ...userTokens].sort(compareTokens(connection.now()));
}
