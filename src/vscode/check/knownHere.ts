import { clockDifferenceMs } from '../../core/base/serverClock.ts';
import { displayText } from '../../core/base/displayText.ts';
import type { KnownConnection } from '../../core/checking/checkReport.ts';
import type { ListedToken } from '../../core/checking/tokenIdentity.ts';
import { type UserId, unknownUser } from '../../core/model/user.ts';
import type { FoundToken } from '../../core/tokens/findTokens.ts';
import type { Services } from '../services.ts';

/** A loaded row that a token is compared with. */
export interface LoadedRow extends ListedToken {
  readonly found: FoundToken;
}

/** Every connection, with what is loaded of it. */
export async function knownConnections({ session, store }: Services): Promise<readonly KnownConnection<LoadedRow>[]> {
  const state = await session.start();
  const inUse = state.status === 'signedIn' ? state.connection : undefined;
  const kept = await session.connections().catch(() => []);
  const others = kept.filter(({ id }) => id !== inUse?.id);
  return [...(inUse === undefined ? [] : [inUse]), ...others].map(({ id, name, baseUrl, key }) => ({
    id,
    name: displayText(name ?? new URL(baseUrl).host),
    baseUrl,
    key,
    rows: id === inUse?.id ? loadedRows(store, id) : [],
  }));
}

function* loadedRows(store: Services['store'], connectionId: string): Generator<LoadedRow> {
  for (const token of store.projectTokens.items) yield { connectionId, token, found: { token } };
  for (const [id, list] of store.loadedUserTokens) {
    const user = store.user(id) ?? unknownUser(id as UserId);
    for (const token of list.items) yield { connectionId, token, found: { token, user } };
  }
}

/** Now, by the server's clock where it is known to differ. */
export async function serverNow({ session, clock }: Services): Promise<Date> {
  const api = session.state.status === 'signedIn' ? await session.api().catch(() => undefined) : undefined;
  return new Date(clock.now().getTime() + clockDifferenceMs(api?.clockOffsetMs));
}
