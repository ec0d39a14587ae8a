import type { Connection } from '../../core/connections/connection.ts';
import type { Services } from '../services.ts';

/** "Acme (production)" */
export const projectName = ({ label, isProduction }: Connection): string =>
  isProduction ? `${label} (production)` : label;

/** Whether every screen has to say which project it is about: there are several, or this one is production. */
const isToBeNamed = ({ connections }: Pick<Services, 'connections'>, connection: Connection): boolean =>
  connections.all.length > 1 || connection.isProduction;

/** A dialogue's title with its project: "Rotate CI · Acme (production)". */
export const titleIn = (services: Pick<Services, 'connections'>, connection: Connection, title: string): string =>
  isToBeNamed(services, connection) ? `${title} · ${projectName(connection)}` : title;

/** A message with its project: "Acme: The token was revoked." */
export const saidIn = (services: Pick<Services, 'connections'>, connection: Connection, message: string): string =>
  isToBeNamed(services, connection) ? `${projectName(connection)}: ${message}` : message;

/** The first line of a modal's detail, with a line break; empty where there is nothing to tell apart. */
export const projectLine = (services: Pick<Services, 'connections'>, connection: Connection): string =>
  isToBeNamed(services, connection) ? `Project: ${projectName(connection)}\n` : '';
