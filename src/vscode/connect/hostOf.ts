import type { Session } from '../../core/connections/session.ts';

/** The host of the connection in use, for messages. */
export function hostOf(session: Session): string | undefined {
  return session.state.status === 'signedIn' ? new URL(session.state.connection.baseUrl).host : undefined;
}
