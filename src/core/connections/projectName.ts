import type { Connection } from './connection.ts';
import type { Connections } from './connections.ts';

/** All connections: they decide whether a text has to name its project. */
interface Context {
  readonly connections: Connections;
}

/** Whatever belongs to a connection, such as an issuance. */
interface OfConnection {
  readonly connectionId: string;
}

/** "Acme (production)" */
export const projectName = ({ label, isProduction }: Connection): string =>
  isProduction ? `${label} (production)` : label;

/** Whether the project has to be named: there are several, or this one is production. */
const isToBeNamed = ({ connections }: Context, connection: Connection): boolean =>
  connections.all.length > 1 || connection.isProduction;

/** A dialogue's title with its project: "Rotate CI · Acme (production)". */
export const titleIn = (context: Context, connection: Connection, title: string): string =>
  isToBeNamed(context, connection) ? `${title} · ${projectName(connection)}` : title;

/** A message with its project: "Acme: The token was revoked." Without the project's name when it was removed. */
export const saidIn = (context: Context, connection: Connection | undefined, message: string): string =>
  connection !== undefined && isToBeNamed(context, connection) ? `${projectName(connection)}: ${message}` : message;

/** `saidIn` for the connection of that id. */
export const saidOf = (context: Context, { connectionId }: OfConnection, message: string): string =>
  saidIn(context, context.connections.find(connectionId), message);

/** The first line of a modal's detail, with a line break; empty when the project need not be named, or was removed. */
export const projectLine = (context: Context, connection: Connection | undefined): string =>
  connection !== undefined && isToBeNamed(context, connection) ? `Project: ${projectName(connection)}\n` : '';
