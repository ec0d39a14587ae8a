import type { Operation } from '../connections/capabilities.ts';

const dashboard = 'does that in MagicBell’s dashboard: “MagicBell: Open Project Auth”';

/** An unsupported operation, and what the user can do instead. */
const sentences: Readonly<Record<Operation, readonly [does: string, person?: string]>> = {
  fetchProjectTokens: ['list project tokens', dashboard],
  createProjectJwt: ['create project tokens', dashboard],
  discardProjectJwt: ['revoke project tokens', dashboard],
  fetchUserTokens: ['list user tokens', 'sees those that were signed here: “MagicBell: Show Signed Tokens…”'],
  createUserJwt: ['create user tokens', 'can sign one: “MagicBell: Sign for a User…”'],
  discardUserJwt: ['revoke user tokens'],
  listUsers: ['list users'],
};

/** Tells a model that the API does not support an operation. */
export function notOffered(operation: Operation): string {
  const [does, person] = sentences[operation];
  const instead = person === undefined ? '' : ` The person ${person}.`;
  return `This MagicBell API does not ${does}. Trying again does not help.${instead}`;
}
