import type { Operation } from '../connections/capabilities.ts';

const inDashboard =
  'The person can do that in MagicBell’s dashboard: the command “MagicBell: Open Project Auth” opens it.';
const isFinal = 'Trying again does not help.';

const sentences: Readonly<Record<Operation, string>> = {
  fetchProjectTokens: `This MagicBell API does not list project tokens. ${isFinal} ${inDashboard}`,
  fetchUserTokens: `This MagicBell API does not list user tokens. ${isFinal} The person sees those that were signed here with the command “MagicBell: Show Signed Tokens…”.`,
  listUsers: `This MagicBell API does not list users. ${isFinal}`,
  createProjectJwt: `Nothing was created: this MagicBell API does not create project tokens. ${isFinal} ${inDashboard}`,
  createUserJwt: `Nothing was created: this MagicBell API does not create user tokens. ${isFinal} The person can sign one with the command “MagicBell: Sign for a User…”.`,
  discardProjectJwt: `Nothing was revoked: this MagicBell API does not revoke project tokens. ${isFinal} ${inDashboard}`,
  discardUserJwt: `Nothing was revoked: this MagicBell API does not revoke user tokens. ${isFinal}`,
};

/** What a model is told where the API does not have an operation: that it is so, and what a person can do instead. */
export const notOffered = (operation: Operation): string => sentences[operation];
