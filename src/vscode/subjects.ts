import type { Row } from '../core/browse/rows.ts';
import type { Connection } from '../core/connections/connection.ts';
import { MagicBellError } from '../core/magicbell/errors.ts';
import { projectName } from '../core/connections/projectName.ts';
import { setFirstApiKey } from './connect/setApiKey.ts';
import type { Services } from './services.ts';
import { showPickStep } from './ui/quickInput.ts';

/** Which connection was acted on last, in the workspace's state. */
const lastConnection = 'magicbellTokens.lastConnection';

/** An argument as a row of ours; other callers of a command pass what they like. */
export function rowOf(argument: unknown): Row | undefined {
  if (typeof argument !== 'object' || argument === null) return undefined;
  return 'type' in argument && 'connection' in argument && typeof argument.type === 'string'
    ? (argument as Row)
    : undefined;
}

/**
 * The rows that a command was called on: the clicked row, or the selection when that holds it; by key the same for the
 * row in focus; from the palette the selection of the view that was used last. Empty: nothing was pointed at.
 */
export function rowsOf({ views }: Services, args: readonly unknown[]): readonly Row[] {
  const [first, second] = args;
  if (first === undefined) return views.selection;
  // package.json's key bindings pass the row in focus alone in an array.
  const isByKey = Array.isArray(first);
  const clicked = rowOf(isByKey ? (first as unknown[])[0] : first);
  if (clicked === undefined) return isByKey ? views.selection : [];
  const selected = isByKey
    ? views.selection
    : Array.isArray(second)
      ? (second as unknown[]).flatMap((each) => rowOf(each) ?? [])
      : [];
  return selected.includes(clicked) ? selected : [clicked];
}

/** Refuses to act for a connection that was removed since its row, or its toast, was shown. @throws MagicBellError */
export function requireLive(connection: Connection): Connection {
  if (!connection.isRemoved) return connection;
  throw new MagicBellError('connectionRemoved', 'the connection was removed', {
    notSent: true,
    connectionLabel: connection.label,
  });
}

/**
 * The connection that a command without a row is for: the only one, or the one that is picked of several, the last used
 * first. Without any, a key is asked for. Undefined: the question was left.
 */
export async function chooseConnection(services: Services, title: string): Promise<Connection | undefined> {
  const all = await services.connections.start();
  const [only, second] = all;
  if (only === undefined) return setFirstApiKey(services);
  if (second === undefined) return only;
  const lastId = services.workspaceState.get<string>(lastConnection);
  const items = [...all]
    .sort((a, b) => Number(b.id === lastId) - Number(a.id === lastId))
    .map((connection) => ({ label: projectName(connection), description: connection.host, connection }));
  const picked = await showPickStep({ title, items, placeholder: 'In which project?' });
  return picked.type === 'done' ? picked.value.connection : undefined;
}

/** Remembers that a connection was acted on, so that it is offered first. */
export function usedConnection({ workspaceState }: Services, { id }: Connection): void {
  if (workspaceState.get(lastConnection) !== id) void workspaceState.update(lastConnection, id);
}
