import { unwrapSecret } from '../../core/checking/pastedSecret.ts';
import { Secret } from '../../core/base/secret.ts';
import { reportError } from '../ui/reportError.ts';
import type { Services } from '../services.ts';
import { CheckPage } from './checkPage.ts';
import { askForToken, title } from './tokenSource.ts';

/**
 * "Check Token…": opens a page that says which token this is, whether it is known here and when it expires. Sends
 * nothing by itself.
 *
 * @param argument a secret that was pasted into an input box for something else
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
