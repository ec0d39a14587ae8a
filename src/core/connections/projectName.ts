import type { Connection } from './connection.ts';
import type { Connections } from './connections.ts';

/** What a text is for: all connections decide whether it has to name one. */
interface Context {
  readonly connections: Connections;
}

/** "Acme (production)" */
export const projectName = ({ label, isProduction }: Connection): string =>
  isProduction ? `${label} (production)` : label;

/** Whether every screen has to say which project it is about: there are several, or this one is production. */
const isToBeNamed = ({ connections }: Context, connection: Connection): boolean =>
  connections.all.length > 1 || connection.isProduction;

/** A dialogue's title with its project: "Rotate CI · Acme (production)". */
export const titleIn = (context: Context, connection: Connection, title: string): string =>
  isToBeNamed(context, connection) ? `${title} · ${projectName(connection)}` : title;

/** A message with its project: "Acme: The token was revoked." */
export const saidIn = (context: Context, connection: Connection, message: string): string =>
  isToBeNamed(context, connection) ? `${projectName(connection)}: ${message}` : message;

/** The first line of a modal's detail, with a line break; empty where there is nothing to tell apart. */
export const projectLine = (context: Context, connection: Connection): string =>
  isToBeNamed(context, connection) ? `Project: ${projectName(connection)}\n` : '';
