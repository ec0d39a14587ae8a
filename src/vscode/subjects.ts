import type { Row } from '../core/browse/rows.ts';
import type { Connection } from '../core/connections/connection.ts';
import { MagicBellError } from '../core/magicbell/errors.ts';
import { projectName } from '../core/connections/projectName.ts';
import { setFirstApiKey } from './connect/setApiKey.ts';
import type { Services } from './services.ts';
import { showPickStep } from './ui/quickInput.ts';

/** The key in the workspace state for the connection that was used last. */
const lastConnection = 'magicbellTokens.lastConnection';

/** The argument as a row; undefined for arguments of other callers. */
export function rowOf(argument: unknown): Row | undefined {
  if (typeof argument !== 'object' || argument === null) return undefined;
  return 'type' in argument && 'connection' in argument && typeof argument.type === 'string'
    ? (argument as Row)
    : undefined;
}

/**
 * The rows a command was called on: the clicked row, or the selection that contains it, the clicked row first; by key,
 * the same for the focused row; from the palette, the selection of the view that was used last. Empty when there is
 * none.
 */
export function rowsOf({ views }: Services, args: readonly unknown[]): readonly Row[] {
  const [first, second] = args;
  if (first === undefined || first === null) return views.selection;
  // The key bindings in package.json pass only the focused row, in an array.
  const isByKey = Array.isArray(first);
  const clicked = rowOf(isByKey ? (first as unknown[])[0] : first);
  if (clicked === undefined) return isByKey ? views.selection : [];
  const selected = isByKey
    ? views.selection
    : Array.isArray(second)
      ? (second as unknown[]).flatMap((each) => rowOf(each) ?? [])
      : [];
  return selected.includes(clicked) ? [clicked, ...selected.filter((row) => row !== clicked)] : [clicked];
}

/** Throws when the connection was removed after its row or notification was shown. @throws MagicBellError */
export function throwIfRemoved(connection: Connection): Connection {
  if (!connection.isRemoved) return connection;
  throw new MagicBellError('connectionRemoved', 'the connection was removed', {
    notSent: true,
    connectionLabel: connection.label,
  });
}

/**
 * The connection for a command without a row: the only one, or the one that the user picks, with the last used one
 * first. Without a connection, asks for a key. Undefined when the user cancels.
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

/** Remembers that a connection was used, so that it is offered first. */
export function rememberUsed({ workspaceState }: Services, { id }: Connection): void {
  if (workspaceState.get(lastConnection) !== id) void workspaceState.update(lastConnection, id);
}
