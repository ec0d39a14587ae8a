import { showPage, tokenUri } from './pageContent.ts';
import type { Services } from '../services.ts';
import { pickToken } from './tokenPick.ts';
import type { Node } from '../tree/nodes.ts';
import { ensureSignedIn } from '../connect/setApiKey.ts';

/** "Show Token Details": of the row, or of a token picked from the loaded ones, as a read-only page. */
export async function showTokenDetails(services: Services, argument: unknown): Promise<void> {
  if (!(await ensureSignedIn(services))) return;
  const node = (argument ?? services.views.selection[0]) as Node | undefined;
  if (node?.type === 'token') {
    await showPage(tokenUri(node.token, node.user));
    return;
  }
  const picked = await pickToken(services, { title: 'Show Token Details', withUsers: false });
  if (picked?.type === 'token') await showPage(tokenUri(picked.found.token, picked.found.user?.id));
}
