import type { Answer } from '../../core/agents/answer.ts';
import { chooseProject } from '../../core/agents/chooseProject.ts';
import type { OwnedToken } from '../../core/agents/expiring.ts';
import { findById, loadedById } from '../../core/agents/findById.ts';
import { notOffered } from '../../core/agents/notOffered.ts';
import { type TokenContext, tokenData } from '../../core/agents/tokenData.ts';
import type { Operation } from '../../core/connections/capabilities.ts';
import { ownKeyMatch } from '../../core/connections/ownKey.ts';
import type { Connection } from '../../core/connections/connection.ts';
import { asMagicBellError } from '../../core/magicbell/errors.ts';
import { type RevocableToken, type Token, isRevocable } from '../../core/model/token.ts';
import type { User } from '../../core/model/user.ts';
import type { Services } from '../services.ts';

/** Runs a tool in the named project, or answers why there is none. */
export async function inProject(
  { connections }: Services,
  named: string | undefined,
  run: (connection: Connection) => Promise<Answer>,
): Promise<Answer> {
  const all = await connections.start();
  if (all.length === 0 && connections.state === 'storageFailed')
    return {
      says: 'VS Code’s secret storage cannot be read, so no API key is available. The person has to mend that.',
    };
  const chosen = chooseProject(all, named);
  return chosen.ok ? run(chosen.project) : chosen.answer;
}

/** Runs an action that needs an operation, or answers that the API does not offer it. */
export async function whereOffered<T>(
  connection: Connection,
  operation: Operation,
  run: () => Promise<T>,
): Promise<T | Answer> {
  if (connection.isMissing(operation)) return { says: notOffered(operation) };
  try {
    return await run();
  } catch (error) {
    if (asMagicBellError(error)?.reason !== 'notOffered') throw error;
    return { says: notOffered(operation) };
  }
}

/** A project's token as data for an agent. */
export const dataOf = (
  { settings }: Services,
  { key }: Connection,
  { token, user, now }: { readonly token: Token; readonly user?: User | undefined } & Pick<TokenContext, 'now'>,
) =>
  tokenData(token, {
    now,
    soonDays: settings.soonDays,
    user,
    isOwnKey: ownKeyMatch(key, token) === 'sure',
  });

const unknownId: Answer = {
  says: 'No token of that id is among the loaded ones of this project. Tokens of a user are found after the user’s tokens were listed.',
};

/** Finds a token by its id, or answers why there is none. */
export async function findListedToken(connection: Connection, id: string): Promise<OwnedToken | Answer> {
  const { store } = connection;
  return (
    loadedById(store, id) ??
    (await whereOffered(connection, 'fetchProjectTokens', async () => (await findById(store, id)) ?? unknownId))
  );
}

/** Runs a change of a token that is not revoked, or answers why it cannot be changed. */
export function withRevocable(
  services: Services,
  { project, id }: { readonly project?: string | undefined; readonly id: string },
  run: (connection: Connection, token: RevocableToken) => Promise<Answer>,
): Promise<Answer> {
  return inProject(services, project, async (connection) => {
    const found = await findListedToken(connection, id);
    if ('says' in found) return { says: `Nothing was changed. ${found.says}` };
    if (!isRevocable(found.token, connection.now()))
      return { says: 'Nothing was changed: this token is revoked already.' };
    return run(connection, found.token);
  });
}
