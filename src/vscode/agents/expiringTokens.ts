import type { Answer } from '../../core/agents/answer.ts';
import { projectData } from '../../core/agents/chooseProject.ts';
import { expiringOf } from '../../core/agents/expiring.ts';
import { loadUntil } from '../../core/agents/listing.ts';
import { listGapText } from '../../core/tokens/listGap.ts';
import type { Connection } from '../../core/connections/connection.ts';
import type { Services } from '../services.ts';
import { dataOf, inProject, whereOffered } from './project.ts';
import type { ToolCall } from './toolCall.ts';

/** The tokens that expire soon or have expired, soonest first. */
export function expiringTokensTool(services: Services, { input }: ToolCall<'expiring'>): Promise<Answer> {
  const days = input.withinDays ?? services.settings.soonDays;
  return inProject(services, input.project, (connection) => expiring(services, connection, days));
}

async function expiring(services: Services, connection: Connection, days: number): Promise<Answer> {
  const { ledger } = services;
  const { projectTokens, seenTokens } = connection.store;
  await ledger.tryStart();
  // Without the list of project tokens, there may still be known user tokens.
  const isOtherKnown = seenTokens.length > 0 || ledger.signedOf(connection.id).length > 0;
  if (connection.isMissing('fetchProjectTokens') && isOtherKnown) return expiringOfLoaded(services, connection, days);
  return whereOffered(connection, 'fetchProjectTokens', async () => {
    await loadUntil(projectTokens, (tokens) => tokens, Infinity);
    return expiringOfLoaded(services, connection, days);
  });
}

function expiringOfLoaded(services: Services, connection: Connection, days: number): Answer {
  const { store } = connection;
  const { projectTokens } = store;
  const now = connection.now();
  const found = expiringOf(store, services.ledger.signedOf(connection.id), now, days);
  const rows = found.shown.map((each) => dataOf(services, connection, { ...each, now }));
  const parts = [
    `${found.count} tokens expire within ${days} days or have expired`,
    ...(found.count > rows.length ? [`the first ${rows.length} are listed`] : []),
    ...(projectTokens.hasMore ? [`only the first ${projectTokens.items.length} project tokens were looked at`] : []),
    ...(projectTokens.gap === undefined ? [] : [`of the project tokens, ${listGapText(projectTokens.gap)}`]),
    'of user tokens only those of users that were opened in VS Code, and those signed here',
  ];
  return { says: `${parts.join('; ')}.`, data: { project: projectData(connection), tokens: rows } };
}
