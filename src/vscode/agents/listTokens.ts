import type { Answer } from '../../core/agents/answer.ts';
import { projectData } from '../../core/agents/chooseProject.ts';
import { listingOf, rowsPerPage } from '../../core/agents/listing.ts';
import type { Connection } from '../../core/connections/connection.ts';
import { findUser } from '../../core/agents/findUser.ts';
import type { Services } from '../services.ts';
import { dataOf, inProject, nowOf } from './project.ts';
import type { ToolCall } from './toolCall.ts';

/** The project's tokens, or one user's: metadata, page by page. */
export function listTokens(services: Services, { input }: ToolCall<'list'>): Promise<Answer> {
  return inProject(services, input.project, (connection) => list(services, connection, input));
}

async function list(services: Services, connection: Connection, input: ToolCall<'list'>['input']): Promise<Answer> {
  const { store } = connection;
  const { kind, filter, text, page } = input;
  if (kind === 'project' && input.user !== undefined)
    return { says: 'Nothing was listed. "user" is for user tokens: give "kind" as "user".' };
  if (kind === 'user' && input.user === undefined)
    return {
      says: 'Nothing was listed. User tokens are listed for one user: give an email, an external id or a user id as "user".',
    };
  const operation = kind === 'project' ? 'fetchProjectTokens' : 'fetchUserTokens';
  if (connection.isMissing(operation))
    return { says: `This MagicBell API does not list ${kind} tokens. Trying again does not help.` };
  const user = input.user === undefined ? undefined : await findUser(store, await connection.api(), input.user);
  if (input.user !== undefined && user === undefined)
    return { says: 'No user of that email, external id or user id is known to this project.' };
  const tokens = user === undefined ? store.projectTokens : store.tokensOf(user.id);
  const now = await nowOf(services, connection);
  const soonDays = services.settings.soonDays;
  const listing = await listingOf(tokens, { filter, text, page, now, soonDays });
  const rows = listing.rows.map((token) => dataOf(services, connection, { token, user, now }));
  const next = listing.hasNextPage ? ` Page ${page + 1} may have more.` : '';
  const whole = listing.isWhole ? '' : ` ${listing.loaded} tokens are loaded so far; there are more.`;
  return {
    says: `${rows.length} ${kind} tokens on page ${page}, at most ${rowsPerPage} each. Values are never shown.${next}${whole}`,
    data: { project: projectData(connection), tokens: rows },
  };
}
