import type { Connection } from '../../core/connections/connection.ts';
import { activityUri, showPage } from '../browse/pageContent.ts';
import type { Services } from '../services.ts';

/** "Show Activity": what was done from here with a connection, as a read-only page. */
export async function showActivity(_services: Services, connection: Connection): Promise<void> {
  await showPage(activityUri(connection));
}
