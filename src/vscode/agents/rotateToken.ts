import type { Answer } from '../../core/agents/answer.ts';
import { presetExpiry, readExpiry } from '../../core/agents/newToken.ts';
import type { Connection } from '../../core/connections/connection.ts';
import type { RevocableToken } from '../../core/model/token.ts';
import { expirySeconds } from '../../core/tokens/expiry.ts';
import { expiryText, shortId, tokenName } from '../../core/tokens/tokenPresentation.ts';
import { rotationRecipient, replace } from '../reminders/rotateToken.ts';
import { lifetimeOf } from '../reminders/rotationSteps.ts';
import type { Services } from '../services.ts';
import { askWhere, withOneQuestion, declined, givenUp, shownName } from './asking.ts';
import { untilText } from './issueToken.ts';
import { issueForAgent } from './issuing.ts';
import { whereOffered, withRevocable } from './project.ts';
import type { ToolCall } from './toolCall.ts';

const graceMs = 24 * 60 * 60_000;

/** Replaces a token. The old one stays valid; after a day, the user is reminded to revoke it. */
export function rotateTokenTool(services: Services, call: ToolCall<'rotate'>): Promise<Answer> {
  return withRevocable(services, call.input, (connection, old) =>
    whereOffered(connection, old.kind === 'project' ? 'createProjectJwt' : 'createUserJwt', async () => {
      const { rotations } = await services.reminders();
      if (rotations.find(old.id, connection.id) !== undefined)
        return {
          says: 'Nothing was changed: this token is being rotated already. The person can end that with the command “MagicBell: Finish Rotation…”.',
        };
      return withOneQuestion(services, () => askAndRotate(services, connection, old, call));
    }),
  );
}

async function askAndRotate(
  services: Services,
  connection: Connection,
  old: RevocableToken,
  { input, cancellation }: ToolCall<'rotate'>,
): Promise<Answer> {
  const { settings } = services;
  const recipient = rotationRecipient(connection, old);
  if (old.kind === 'user' && recipient === undefined)
    return { says: 'Nothing was changed: this token’s user has no known email or external id.' };
  const now = connection.now();
  const expiry = readExpiry(input.expires, lifetimeOf(old) ?? presetExpiry(settings.defaultExpiry), now);
  if (!expiry.ok) return { says: `Nothing was changed. ${expiry.problem}` };
  const way = await askWhere(services, connection, {
    kind: old.kind,
    title: `Rotate “${shownName(tokenName(old))}” for an agent?`,
    lines: [
      `Token: ${old.kind} token, ${expiryText(old, now)}, ID ${shortId(old.id)}`,
      '',
      `A new token of this name is created. ${untilText(expiry.value, now)}`,
      'The old one stays valid. In 24 hours you are reminded to revoke it.',
    ],
  });
  if (way === undefined) return declined;
  if (cancellation.isCancellationRequested) return givenUp;
  const { words, ...to } = way;
  const { kind, name } = old;
  const request = { kind, name, recipient, expirySeconds: expirySeconds(expiry.value, connection.now()), ...to };
  return issueForAgent(services, connection, words, (onStart) =>
    replace(services, connection, old, request, graceMs, onStart),
  );
}
