import { serverNow } from '../../core/base/serverClock.ts';
import type { Answer } from '../../core/agents/answer.ts';
import { chooseProject } from '../../core/agents/chooseProject.ts';
import { type TokenContext, tokenData } from '../../core/agents/tokenData.ts';
import { ownKeyMatch } from '../../core/connections/ownKey.ts';
import type { Connection } from '../../core/connections/connection.ts';
import type { Token } from '../../core/model/token.ts';
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
