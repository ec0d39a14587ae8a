import { unwrapSecret } from '../../core/checking/pastedSecret.ts';
import { Secret } from '../../core/base/secret.ts';
import { reportError } from '../ui/reportError.ts';
import type { Services } from '../services.ts';
import { CheckPage } from './checkPage.ts';
import { askForToken, title } from './tokenSource.ts';

/**
 * "Check Token…": which token this is, whether it is ours, and until when it lives, as a page. Asks nobody by itself.
 *
 * @param argument a secret that was pasted where something else was asked for
 */
export async function checkToken(services: Services, argument: unknown): Promise<void> {
  const pasted = argument instanceof Secret ? argument : await askForToken(services);
  if (pasted === undefined) return;
  const token = new Secret(unwrapSecret(pasted.reveal(), 'token'));
  const isWrapped = pasted.reveal().trim() !== token.reveal();
  await services.pages.show({
    name: 'check',
    key: 'check',
    title,
    isNew: true,
    open: (host) => new CheckPage(services, host, token, isWrapped),
    report: (error) => void reportError(services, error, {}),
  });
}
