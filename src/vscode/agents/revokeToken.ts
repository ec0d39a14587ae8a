import { type Answer, dataText } from '../../core/agents/answer.ts';
import { projectData } from '../../core/agents/chooseProject.ts';
import type { Connection } from '../../core/connections/connection.ts';
import type { RevocableToken } from '../../core/model/token.ts';
import { tokenName } from '../../core/tokens/tokenPresentation.ts';
import { projectLine } from '../../core/connections/projectName.ts';
import { confirmRevoking } from '../revoke/confirmRevoking.ts';
import { reasonOf, revokeConfirmed, notifyOutcomes } from '../revoke/revokeTokens.ts';
import type { Services } from '../services.ts';
import { reportError } from '../ui/reportError.ts';
import { withOneQuestion, declined, givenUp, shownName } from './asking.ts';
import { whereOffered, withRevocable } from './project.ts';
import type { ToolCall } from './toolCall.ts';

/** Revokes one token after the usual confirmation. */
export function revokeTokenTool(services: Services, { input, cancellation }: ToolCall<'revoke'>): Promise<Answer> {
  return withRevocable(services, input, (connection, token) =>
    whereOffered(connection, token.kind === 'project' ? 'discardProjectJwt' : 'discardUserJwt', () =>
      withOneQuestion(services, async () => {
        // With several projects, `confirmRevoking` names the project.
        const of = projectLine(services, connection) === '' ? ` of ${connection.label}` : '';
        const subject = `“${shownName(tokenName(token))}”${of} for an agent`;
        if (!(await confirmRevoking(services, connection, [token], { subject }))) return declined;
        if (cancellation.isCancellationRequested) return givenUp;
        return revoke(services, connection, token);
      }),
    ),
  );
}

async function revoke(services: Services, connection: Connection, token: RevocableToken): Promise<Answer> {
  const outcomes = await revokeConfirmed(services, connection, [token]);
  const [outcome] = outcomes;
  // Also notify the user. The answer does not wait for a choice in the notification.
  notifyOutcomes(services, connection, outcomes).catch(
    (error: unknown) => void reportError(services, error, { connection }),
  );
  const data = { project: projectData(connection) };
  if (outcome === undefined || outcome.what === 'notTried') return { says: 'Nothing was revoked.', data };
  if (outcome.what === 'revoked') return { says: 'The token was revoked.', data };
  if (outcome.what === 'gone') return { says: 'The token was gone already.', data };
  return {
    says: 'The token was not revoked, or it is not known.',
    data: { ...data, reason: dataText(reasonOf(outcome, connection), 400) },
  };
}
