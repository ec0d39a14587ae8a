import type { Token } from '../../core/model/token.ts';
import { compareTokens } from '../../core/tokens/tokenPresentation.ts';
import { reportError } from '../ui/reportError.ts';
import type { Services } from '../services.ts';

/** The tokens to pick from: project tokens (their first page is loaded if it is not), and users' tokens that are loaded. */
export async function revocableChoices(services: Services): Promise<readonly Token[]> {
  const { store, views, clock } = services;
  const { projectTokens } = store;
  if (!projectTokens.isLoaded) {
    await views.project.withProgress(() => projectTokens.load());
    const { error } = projectTokens;
    if (error !== undefined) await reportError(services, error, { operation: 'fetchProjectTokens' });
  }
  const userTokens = store.loadedUserTokens.flatMap(([, list]) => list.items);
  return [...projectTokens.items, ...userTokens].sort(compareTokens(clock.now()));
}
