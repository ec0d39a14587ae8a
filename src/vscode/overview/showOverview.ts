import type { Services } from '../services.ts';
import type { PageToShow } from '../pages/page.ts';
import { reportError } from '../ui/reportError.ts';
import { LastLooks } from './lastLooks.ts';
import { OverviewPage } from './overviewPage.ts';

/** The Overview, as a page. */
export const overviewPage = (services: Services): PageToShow => ({
  name: 'overview',
  key: 'overview',
  title: 'MagicBell Overview',
  open: (host) => new OverviewPage(services, host, new LastLooks(services.state)),
  report: (error) => void reportError(services, error, {}),
});

/** "Show Overview" */
export async function showOverview(services: Services): Promise<void> {
  await services.pages.show(overviewPage(services));
}
