import { randomUUID } from 'node:crypto';
import { systemClock } from '../../src/core/base/clock.ts';
import { Secret } from '../../src/core/base/secret.ts';
import { CheckedSecretStore } from '../../src/core/base/secretStore.ts';
import { ConnectionVault } from '../../src/core/connections/vault.ts';
import { parseBaseUrl } from '../../src/core/magicbell/baseUrl.ts';
import type { LocalApi } from '../server/localApi.ts';
import type { Secrets } from './vscode/secretStorage.ts';

/** The slots of SecretStorage in which the product keeps keys. */
export const keySlots: readonly string[] = [ConnectionVault.slot, 'magicbellTokens.signingKeys'];

/** What SecretStorage holds after a person has entered the key of each project of an API, written by the product's own code. */
export async function plantedKeys({ url, projects }: Pick<LocalApi, 'url' | 'projects'>): Promise<Secrets> {
  const slots = new Map<string, string>();
  const store = new CheckedSecretStore(
    {
      get: (slot) => Promise.resolve(slots.get(slot)),
      store: (slot, value) => Promise.resolve(void slots.set(slot, value)),
      delete: (slot) => Promise.resolve(void slots.delete(slot)),
    },
    systemClock,
  );
  const parsed = parseBaseUrl(url);
  if (!parsed.ok) throw new Error(parsed.problem);
  const vault = new ConnectionVault(store);
  for (const { name, token } of projects) {
    const named = projects.length > 1 ? { name } : {};
    await vault.save({ id: randomUUID(), baseUrl: parsed.baseUrl, key: new Secret(token), ...named });
  }
  return Object.fromEntries(slots);
}
