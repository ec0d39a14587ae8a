import { type Answer, dataId, dataText } from '../../core/agents/answer.ts';
import { projectData } from '../../core/agents/chooseProject.ts';
import { listingOf, rowsPerPage } from '../../core/agents/listing.ts';
import type { Connection } from '../../core/connections/connection.ts';
import { findUsers, knownUsers } from '../../core/agents/findUser.ts';
import type { User } from '../../core/model/user.ts';
import { userName } from '../../core/tokens/tokenPresentation.ts';
import type { Services } from '../services.ts';
import { dataOf, inProject, whereOffered } from './project.ts';
import type { ToolCall } from './toolCall.ts';

/** The metadata of the project's tokens or of one user's, page by page. */
export function listTokensTool(services: Services, { input }: ToolCall<'list'>): Promise<Answer> {
  return inProject(services, input.project, (connection) => list(services, connection, input));
}

async function list(services: Services, connection: Connection, input: ToolCall<'list'>['input']): Promise<Answer> {
  const { kind } = input;
  if (kind === 'project' && input.user !== undefined)
    return { says: 'Nothing was listed. "user" is for user tokens: give "kind" as "user".' };
  if (kind === 'user' && input.user === undefined)
    return {
      says: 'Nothing was listed. User tokens are listed for one user: give an email, an external id or a user id as "user".',
    };
  const given = input.user;
  if (given === undefined)
    return whereOffered(connection, 'fetchProjectTokens', () => listOf(services, connection, input, undefined));
  return whereOffered(connection, 'fetchUserTokens', async () => {
    const { store } = connection;
    const known = knownUsers(store, given);
    const users =
      known.length > 0 && connection.isMissing('listUsers')
        ? known
        : await whereOffered(connection, 'listUsers', async () => findUsers(store, await connection.api(), given));
    if ('says' in users) return users;
    const [user, another] = users;
    if (user === undefined) return { says: 'No user of that email, external id or user id is known to this project.' };
    return another === undefined ? listOf(services, connection, input, user) : severalUsers(connection, users);
  });
}

const severalUsers = (connection: Connection, users: readonly User[]): Answer => ({
  says: 'Nothing was listed: several users have this email or id. Give the id of one of them as "user".',
  data: {
    project: projectData(connection),
    users: users.slice(0, rowsPerPage).map((user) => ({ id: dataId(user.id), name: dataText(userName(user)) })),
  },
});

async function listOf(
  services: Services,
  connection: Connection,
  { kind, filter, text, page }: ToolCall<'list'>['input'],
  user: User | undefined,
): Promise<Answer> {
  const { store } = connection;
  const tokens = user === undefined ? store.projectTokens : store.tokensOf(user.id);
  const now = connection.now();
  const soonDays = services.settings.soonDays;
  const listing = await listingOf(tokens, { filter, text, page, now, soonDays });
  // The response may have updated the clock offset: read the time again.
  const rows = listing.rows.map((token) => dataOf(services, connection, { token, user, now: connection.now() }));
  const next = listing.hasNextPage ? ` Page ${page + 1} may have more.` : '';
  const rest = listing.rest === '' ? '' : ` ${listing.rest}`;
  return {
    says: `${rows.length} ${kind} tokens on page ${page}, at most ${rowsPerPage} each. Values are never shown.${next}${rest}`,
    data: { project: projectData(connection), tokens: rows },
  };
}
