import type { WebviewPanel } from 'vscode';
import { keptConnection } from '../core/activity/activityMessage.ts';
import { keptSubject } from '../core/pages/sheet.ts';
import type { PageToShow } from './pages/page.ts';
import type { Services } from './services.ts';
import { panelTypes } from './ui/ids.ts';

/** Fills a panel again that VS Code has brought back after a reload; closes it when it is not known what it was about. */
export async function restorePage(services: Services, panel: WebviewPanel, state: unknown): Promise<void> {
  const page = await pageOf(services, panel.viewType, state);
  if (page === undefined) panel.dispose();
  else await services.pages.fill(page, panel);
}

async function pageOf(services: Services, type: string, state: unknown): Promise<PageToShow | undefined> {
  if (type === panelTypes.overview) return (await import('./overview/showOverview.ts')).overviewPage(services);
  if (type === panelTypes.activity) {
    const connection = keptConnection(state);
    if (connection === undefined) return undefined;
    return (await import('./activity/showActivity.ts')).activityPage(services, connection);
  }
  const subject = keptSubject(state);
  if (subject === undefined) return undefined;
  return (await import('./details/showTokenDetails.ts')).tokenPage(services, subject);
}
