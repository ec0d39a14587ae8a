import type { Answer } from '../../core/agents/answer.ts';
import { findUsers } from '../../core/agents/findUser.ts';
import { presetExpiry, readExpiry, readNewToken } from '../../core/agents/newToken.ts';
import type { Connection } from '../../core/connections/connection.ts';
import type { IssuanceRequest } from '../../core/issuance/issuance.ts';
import { type Expiry, expiryInstant, expirySeconds } from '../../core/tokens/expiry.ts';
import { localTime } from '../../core/base/timeText.ts';
import { issueToken as issue } from '../issue/issueToken.ts';
import type { Services } from '../services.ts';
import { askWhere, withOneQuestion, declined, givenUp, shownName } from './asking.ts';
import { issueForAgent } from './issuing.ts';
import { inProject, whereOffered } from './project.ts';
import type { ToolCall } from './toolCall.ts';

/** Creates a token. The user confirms each one and chooses where its value is delivered. */
export async function issueTokenTool(services: Services, call: ToolCall<'issue'>): Promise<Answer> {
  const { settings } = services;
  const { input } = call;
  const request = readNewToken(input);
  if (!request.ok) return { says: `Nothing was created. ${request.problem}` };
  return inProject(services, input.project, async (connection) => {
    const expiry = readExpiry(input.expires, presetExpiry(settings.defaultExpiry), connection.now());
    if (!expiry.ok) return { says: `Nothing was created. ${expiry.problem}` };
    return whereOffered(connection, input.kind === 'project' ? 'createProjectJwt' : 'createUserJwt', () =>
      withOneQuestion(services, () => askAndIssue(services, connection, request.value, expiry.value, call)),
    );
  });
}

async function askAndIssue(
  services: Services,
  connection: Connection,
  request: Omit<IssuanceRequest, 'expirySeconds'>,
  expiry: Expiry,
  { cancellation }: ToolCall<'issue'>,
): Promise<Answer> {
  const { kind, name } = request;
  const what = name === undefined ? '' : ` “${shownName(name)}”`;
  const way = await askWhere(services, connection, {
    kind,
    title: `Create the ${kind} token${what} for an agent?`,
    lines: [...(await effectOf(connection, request)), untilText(expiry, connection.now())],
  });
  if (way === undefined) return declined;
  if (cancellation.isCancellationRequested) return givenUp;
  const { words, ...to } = way;
  const expiring = { ...request, expirySeconds: expirySeconds(expiry, connection.now()), ...to };
  return issueForAgent(services, connection, words, (onStart) =>
    issue(services, connection, expiring, {
      prepare: (id) => {
        onStart(id);
        return Promise.resolve();
      },
    }),
  );
}

/** What the token gives access to. */
async function effectOf(
  connection: Connection,
  { kind, recipient = {} }: Omit<IssuanceRequest, 'expirySeconds'>,
): Promise<readonly string[]> {
  if (kind === 'project') return ['It can do everything in this project.'];
  const { email, externalId } = recipient;
  const given = email ?? externalId ?? '';
  const lines = [`It opens the inbox of ${shownName(given)}.`];
  if (connection.isMissing('listUsers')) return lines;
  // If the user cannot be looked up, omit the hint.
  const isNew = await connection
    .api()
    .then((api) => findUsers(connection.store, api, given))
    .then(({ length }) => length === 0)
    .catch(() => false);
  return isNew ? [...lines, 'No such user is known: this makes a new one.'] : lines;
}

/** A sentence about a token's expiry, for a dialog. */
export function untilText(expiry: Expiry, now: Date): string {
  const instant = expiryInstant(expiry, now);
  return instant === undefined ? 'It never expires.' : `It expires ${localTime(instant)}.`;
}
