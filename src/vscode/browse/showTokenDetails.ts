import type { Row } from '../../core/browse/rows.ts';
import type { Connection } from '../../core/connections/connection.ts';
import { titleIn } from '../../core/connections/projectName.ts';
import type { Services } from '../services.ts';
import { showPage, tokenUri } from './pageContent.ts';
import { pickToken } from './tokenPick.ts';

/** "Show Token Details" of a row, as a read-only page. */
export async function showRowDetails(row: Row): Promise<void> {
  if (row.type === 'token') await showPage(tokenUri(row.connection, row.token, row.user));
}

/** "Show Token Details" of a token picked from the loaded ones. */
export async function showPickedDetails(services: Services, connection: Connection): Promise<void> {
  const title = titleIn(services, connection, 'Show Token Details');
  const picked = await pickToken(services, connection, { title, withUsers: false });
  if (picked?.type !== 'token') return;
  await showPage(tokenUri(connection, picked.found.token, picked.found.user?.id));
}
