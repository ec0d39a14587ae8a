import type { Connection } from '../../core/connections/connection.ts';
import type { PageToShow } from '../pages/page.ts';
import type { Services } from '../services.ts';
import { reportError } from '../ui/reportError.ts';
import { ActivityPage } from './activityPage.ts';

/** The page of a connection's activity. */
export const activityPage = (services: Services, connectionId: string): PageToShow => ({
  name: 'activity',
  key: JSON.stringify(['activity', connectionId]),
  title: 'MagicBell Activity',
  open: (host) => new ActivityPage(services, host, connectionId),
  report: (error) => void reportError(services, error, {}),
});

/** "Show Activity": what was done from here with a connection. */
export async function showActivity(services: Services, connection: Connection): Promise<void> {
  await services.pages.show(activityPage(services, connection.id));
}
