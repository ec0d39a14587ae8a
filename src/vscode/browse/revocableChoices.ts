import type { Connection } from '../../core/connections/connection.ts';
import type { Token } from '../../core/model/token.ts';
import { compareTokens } from '../../core/tokens/tokenPresentation.ts';
import { reportError } from '../ui/reportError.ts';
import type { Services } from '../services.ts';

/** The tokens to pick from: project tokens, whose first page is loaded if necessary, and loaded user tokens. */
export async function revocableChoices(services: Services, connection: Connection): Promise<readonly Token[]> {
  const { views } = services;
  const { store } = connection;
  const { projectTokens } = store;
  if (!projectTokens.isLoaded) {
    await views.project.withProgress(() => projectTokens.load());
    const { error } = projectTokens;
    if (error !== undefined) await reportError(services, error, { operation: 'fetchProjectTokens', connection });
  }
  const userTokens = store.loadedUserTokens.flatMap(([, list]) => list.items);
  return [...projectTokens.items, ...userTokens].sort(compareTokens(connection.now()));
}
