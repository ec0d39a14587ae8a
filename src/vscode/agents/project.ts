import { serverNow } from '../../core/base/serverClock.ts';
import type { Answer } from '../../core/agents/answer.ts';
import { chooseProject } from '../../core/agents/chooseProject.ts';
import { findById } from '../../core/agents/findById.ts';
import { type TokenContext, tokenData } from '../../core/agents/tokenData.ts';
import { ownKeyMatch } from '../../core/connections/ownKey.ts';
import type { Connection } from '../../core/connections/connection.ts';
import { type RevocableToken, type Token, isRevocable } from '../../core/model/token.ts';
import type { User } from '../../core/model/user.ts';
import type { Services } from '../services.ts';

/** Runs a tool in the project that it names, or says why there is none. */
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

/** Now as the project's server has it. */
export async function nowOf({ clock }: Services, connection: Connection): Promise<Date> {
  return serverNow(clock.now(), (await connection.api()).clockOffsetMs);
}

/** A token of a project as data. */
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

/** Of an id that no list has. */
export const unknownId =
  'No token of that id is among the loaded ones of this project. Tokens of a user are found after the user’s tokens were listed.';

/** Finds the token that should be changed, in its project, or says why there is none. */
export function withRevocable(
  services: Services,
  { project, id }: { readonly project?: string | undefined; readonly id: string },
  run: (connection: Connection, token: RevocableToken) => Promise<Answer>,
): Promise<Answer> {
  return inProject(services, project, async (connection) => {
    const found = await findById(connection.store, id);
    if (found === undefined) return { says: `Nothing was changed. ${unknownId}` };
    if (!isRevocable(found.token, services.clock.now()))
      return { says: 'Nothing was changed: this token is revoked already.' };
    return run(connection, found.token);
  });
}
