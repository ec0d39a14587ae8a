import type { Secret } from '../../core/base/secret.ts';
import { aliveVerdict } from '../../core/checking/aliveVerdict.ts';
import type { TokenIdentity } from '../../core/checking/tokenIdentity.ts';
import { describeError } from '../../core/describeError.ts';
import type { BaseUrl } from '../../core/magicbell/baseUrl.ts';
import { MagicBellError, asMagicBellError } from '../../core/magicbell/errors.ts';
import type { Services } from '../services.ts';
import { withLongProgress } from '../ui/progress.ts';

/** Sends one request with the token to the address on the button. Returns the outcome as a sentence. */
export async function askAlive(
  services: Services,
  identity: TokenIdentity | undefined,
  token: Secret,
  baseUrl: BaseUrl,
): Promise<string> {
  const { clock, connections, logger } = services;
  const { host } = new URL(baseUrl);
  try {
    const work = { title: `Asking ${host}`, cancellable: true };
    const { isBare } = await withLongProgress(services, work, (signal) =>
      connections.tryKey({ baseUrl, key: token }, (api) => api.users.listUsers(undefined, { limit: 1 }, { signal })),
    );
    // Any server may answer with an empty object.
    if (isBare === true) throw new MagicBellError('unexpectedResponse', 'no list');
    return aliveVerdict(undefined, identity, clock.now()) ?? '';
  } catch (error) {
    const known = asMagicBellError(error);
    if (known === undefined) throw error;
    logger.info(`check token: ${known.reason}`);
    const verdict = aliveVerdict(known, identity, clock.now());
    return verdict ?? `Not known: ${describeError(error, { operation: 'listUsers', host }).message}`;
  }
}
